using CsCheck;

namespace Pipeline.Tests;

public class HashMap64Tests
{
    [Fact]
    public void Holds_what_a_dictionary_holds() =>
        Gen.Select(Gen.OneOf(Gen.ULong[0, 50], Gen.ULong), Gen.ULong).Array[0, 3000].Sample(entries =>
        {
            var (map, set, expected) = (new HashMap64(true), new HashMap64(false), new Dictionary<ulong, ulong>());
            foreach (var (key, value) in entries)
            {
                // Zero and one share a slot: a hash is 0 once in 2^64.
                var stored = key == 0 ? 1 : key;
                var isNew = expected.TryAdd(stored, value);
                Assert.Equal(isNew, map.Add(key, value));
                Assert.Equal(isNew, set.Add(key));
            }

            foreach (var (key, value) in expected)
            {
                Assert.True(map.TryGetValue(key, out var found));
                Assert.Equal(value, found);
                Assert.True(set.TryGetValue(key, out _));
            }

            Assert.False(map.TryGetValue(0xABCDEF, out _) && !expected.ContainsKey(0xABCDEF));
        }, iter: 50);
}
