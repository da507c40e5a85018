using CsCheck;

namespace Pipeline.Tests;

public class FeatureIndexTests
{
    private static readonly Gen<uint> Key = Gen.UInt[1, uint.MaxValue];

    [Fact]
    public void Numbers_the_keys_in_their_order_and_knows_no_other()
    {
        Gen.Select(Key.HashSet[0, 600], Key.Array[0, 200]).Sample((known, others) =>
        {
            uint[] keys = [.. known];
            var index = new FeatureIndex(keys);
            for (var i = 0; i < keys.Length; i++)
            {
                Assert.Equal(1, index.MayHave(keys[i]));
                Assert.Equal(i, index.Find(keys[i]));
            }

            foreach (var key in others)
                Assert.Equal(Array.IndexOf(keys, key), index.Find(key));
        });
    }

    [Fact]
    public void Finds_many_keys_in_the_order_in_which_they_were_asked()
    {
        Gen.Select(Key.HashSet[1, 600], Key.Array[0, 400], Gen.Int[0, 599].Array[0, 400]).Sample((known, others, picks) =>
        {
            uint[] keys = [.. known];
            uint[] asked = [.. others.Concat(picks.Select(p => keys[p % keys.Length])).OrderBy(k => k % 97)];
            uint[] expected = [.. asked.Select(k => Array.IndexOf(keys, k)).Where(n => n >= 0).Select(n => (uint)n)];
            var found = asked.AsSpan();
            Assert.Equal(expected, found[..new FeatureIndex(keys).FindAll(found)].ToArray());
        });
    }

    [Fact]
    public void Finds_keys_that_share_their_low_bits()
    {
        uint[] keys = [.. Enumerable.Range(1, 40).Select(i => (uint)i << 20)];
        var index = new FeatureIndex(keys);
        Assert.Equal(Enumerable.Range(0, 40), keys.Select(index.Find));
        Assert.Equal(-1, index.Find(41u << 20));
    }

    [Fact]
    public void An_empty_index_knows_nothing()
    {
        Assert.Equal(-1, new FeatureIndex([]).Find(7));
        Assert.Equal(-1, new FeatureIndex([]).Find(0));
    }
}
