using CsCheck;
using Pipeline.Reading;

namespace Pipeline.Tests.Reading;

public class InputWalkerTests
{
    [Fact]
    public void Walks_in_ordinal_order_of_the_whole_relative_path()
    {
        using var folder = new TempFolder();
        string[] names = ["a/b.txt", "a.txt", "a-b.txt", "a/a/z.txt", "B.txt", "é.txt", "b/1.txt", "a0.txt"];
        foreach (var name in names)
            folder.Write(name, "Body.");
        Assert.Equal(names.Order(StringComparer.Ordinal), Sources([folder.Path]));
    }

    [Fact]
    public void Leaves_out_names_that_begin_with_a_dot_and_the_output_folder()
    {
        using var folder = new TempFolder();
        foreach (var name in (string[])["a.txt", ".git/b.txt", ".hidden.txt", "out/c.txt"])
            folder.Write(name, "Body.");
        var walker = new InputWalker(new ReadingOptions { ExcludedFolder = folder["out"] });
        Assert.Equal(["a.txt"], walker.Walk([folder.Path], () => Stream.Null).Select(record => record.Source));
    }

    [Fact]
    public void Tells_two_inputs_with_the_same_name_apart_by_their_folders()
    {
        using var folder = new TempFolder();
        var paths = new[] { folder.Write("x/same.txt", "One."), folder.Write("y/same.txt", "Two."), folder.Write("y/same.txt", "Two.") };
        Assert.Equal(["same.txt", "y/same.txt"], Sources(paths));
    }

    [Fact]
    public void Reads_a_file_named_twice_once()
    {
        using var folder = new TempFolder();
        var path = folder.Write("a.txt", "Body.");
        Assert.Equal(["a.txt"], Sources([folder.Path, path]));
    }

    [Fact]
    public void Ends_at_a_loop_of_symbolic_links()
    {
        using var folder = new TempFolder();
        folder.Write("a/b.txt", "Body.");
        Directory.CreateSymbolicLink(folder["a/loop"], folder.Path);
        Directory.CreateSymbolicLink(folder["a/self"], folder["a/self"]);
        var records = new InputWalker(new ReadingOptions()).Walk([folder.Path], () => Stream.Null).ToList();
        Assert.Equal("a/b.txt", records[0].Source);
        Assert.Contains(records, record => record.Source == "a/loop/" && record.Error!.Contains("symbolic link", StringComparison.Ordinal));
        Assert.True(records.Count <= 3);
    }

    [Fact]
    public void Follows_a_symbolic_link_that_is_no_loop()
    {
        using var folder = new TempFolder();
        folder.Write("data/b.txt", "Body.");
        Directory.CreateDirectory(folder["in"]);
        Directory.CreateSymbolicLink(folder["in/link"], folder["data"]);
        Assert.Equal(["link/b.txt"], Sources([folder["in"]]));
    }

    [Fact]
    public void Numbers_its_records_without_gaps()
    {
        using var folder = new TempFolder();
        folder.Write("a.jsonl", "{}\n\n{}\n{}");
        folder.Write("b.jpg", "no");
        folder.Write("c.txt", "Body.");
        var records = new InputWalker(new ReadingOptions()).Walk([folder.Path], () => Stream.Null).ToList();
        Assert.Equal([0L, 1, 2, 3, 4], records.Select(record => record.Position));
        Assert.Equal([1, 3, 4, 0, 0], records.Select(record => record.Number));
    }

    [Fact]
    public void Cuts_any_stream_into_the_lines_it_has() =>
        Gen.Select(Gen.String[Gen.Char["a\né\r "], 0, 400], Gen.Int[1, 50]).Sample((text, chunk) =>
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(text);
            using var stream = new ChunkedStream(bytes, chunk);
            var reader = new LineReader(stream, 1000);
            var lines = new List<string>();
            while (reader.TryRead(out var line))
                lines.Add(System.Text.Encoding.UTF8.GetString(line.Bytes.Span));
            Assert.Equal(text.Split('\n').Where(line => line.Trim(' ', '\r').Length > 0), lines);
        });

    private static IEnumerable<string> Sources(string[] paths) =>
        new InputWalker(new ReadingOptions()).Walk(paths, () => Stream.Null).Select(record => record.Source);

    private sealed class ChunkedStream(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, chunk));
    }
}
