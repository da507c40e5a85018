using Pipeline.Reading;

namespace Pipeline.Tests.Reading;

public class SortedNamesTests
{
    [Theory]
    [InlineData(0, 8)]
    [InlineData(7, 8)]
    [InlineData(8, 8)]
    [InlineData(700, 8)]
    [InlineData(700, 701)]
    public void Gives_the_names_in_ordinal_order_however_small_its_parts(int count, int mostInMemory)
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-");
        var scratch = Directory.CreateTempSubdirectory("pipeline-");
        var random = new Random(count);
        var expected = new List<(string Key, bool IsFolder)>();
        for (var i = 0; i < count; i++)
        {
            var isFolder = i % 10 == 0;
            var name = $"{(char)random.Next('A', 'z')}{new string('é', random.Next(100))} {i}.txt".Replace('\\', '_');
            if (isFolder)
                folder.CreateSubdirectory(name);
            else
                File.WriteAllText(Path.Combine(folder.FullName, name), "");
            expected.Add((isFolder ? name + "/" : name, isFolder));
        }

        File.WriteAllText(Path.Combine(folder.FullName, ".hidden"), "");
        expected.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        Assert.Equal(
            expected.Select(entry => (entry.Key.TrimEnd('/'), entry.IsFolder)),
            SortedNames.Of(folder.FullName, scratch.FullName, mostInMemory).ToList());
        Assert.Empty(scratch.GetFiles());
        folder.Delete(recursive: true);
        scratch.Delete();
    }

    [Fact]
    public void Leaves_no_scratch_file_when_it_is_not_read_to_the_end()
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-");
        var scratch = Directory.CreateTempSubdirectory("pipeline-");
        for (var i = 0; i < 40; i++)
            File.WriteAllText(Path.Combine(folder.FullName, $"{i}.txt"), "");
        Assert.Equal("0.txt", SortedNames.Of(folder.FullName, scratch.FullName, 8).First().Name);
        Assert.Empty(scratch.GetFiles());
        folder.Delete(recursive: true);
        scratch.Delete();
    }
}
