using CsCheck;

namespace Pipeline.Tests;

public class HashStoreTests
{
    [Theory]
    [InlineData(false, 3_000)]
    [InlineData(true, 3_000)]
    [InlineData(false, 200_000)]
    [InlineData(true, 60_000)]
    public void Holds_what_a_dictionary_holds_in_memory_and_in_a_file(bool wide, int count)
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-");
        var random = new Random(7);
        var expected = new Dictionary<(ulong, ulong), ulong>();
        using (var store = new HashStore(wide, folder.FullName))
        {
            for (var i = 0; i < count; i++)
            {
                // Every third key comes again; half of those with another second half.
                var key = i % 3 == 2 ? expected.Keys.ElementAt(expected.Count == 0 ? 0 : random.Next(Math.Min(expected.Count, 50))).Item1 : (ulong)random.NextInt64(long.MinValue, long.MaxValue);
                var more = wide ? (ulong)random.Next(2) : 0;
                Assert.Equal(expected.TryAdd((key, more), (ulong)i), store.Add(key, more, (ulong)i));
            }

            foreach (var ((key, more), value) in expected)
            {
                Assert.True(store.TryGetValue(key, more, out var found));
                Assert.Equal(wide ? value : 0, wide ? found : 0);
            }

            for (var i = 0; i < 1000; i++)
                Assert.False(store.TryGetValue((ulong)random.NextInt64(), 3, out _) && wide);
            // Elsewhere the scratch file has lost its name already, so that a killed process leaves none.
            Assert.Equal(count > 50_000 && OperatingSystem.IsWindows() ? 1 : 0, folder.GetFiles().Length);
        }

        Assert.Empty(folder.GetFiles());
        folder.Delete();
    }

    [Fact]
    public void Keeps_keys_that_were_crafted_to_share_a_bucket()
    {
        using var store = new HashStore(wide: true);
        for (var i = 0UL; i < 5_000; i++)
            Assert.True(store.Add(i, i, i + 1));
        for (var i = 0UL; i < 5_000; i++)
        {
            Assert.False(store.Add(i, i, 0));
            Assert.True(store.TryGetValue(i, i, out var value));
            Assert.Equal(i + 1, value);
            Assert.False(store.TryGetValue(i, i + 1, out _));
        }
    }

    [Fact]
    public void Tells_apart_keys_that_differ_in_their_last_bits_only() =>
        Gen.Select(Gen.ULong, Gen.ULong).Array[1, 400].Sample(keys =>
        {
            using var store = new HashStore(wide: true);
            var expected = new Dictionary<(ulong, ulong), ulong>();
            foreach (var (key, more) in keys)
            {
                for (var bit = 0; bit < 3; bit++)
                    Assert.Equal(expected.TryAdd((key, more ^ (1UL << bit)), key), store.Add(key, more ^ (1UL << bit), key));
            }

            foreach (var ((key, more), value) in expected)
                Assert.True(store.TryGetValue(key, more, out var found) && found == value);
        }, iter: 30);
}
