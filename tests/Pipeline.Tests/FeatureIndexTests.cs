using CsCheck;

namespace Pipeline.Tests;

public class FeatureIndexTests
{
    private static readonly Gen<uint> Key = Gen.UInt[1, uint.MaxValue];

    [Fact]
    public void Numbers_ascending_keys_in_their_order_and_knows_no_other()
    {
        Gen.Select(Key.HashSet[0, 600], Key.Array[0, 200]).Sample((known, others) =>
        {
            uint[] keys = [.. known.Order()];
            var index = new FeatureIndex(keys, out var order);
            Assert.Equal(Enumerable.Range(0, keys.Length), order);
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
    public void Tells_the_order_that_it_numbers_other_keys_in()
    {
        Key.HashSet[0, 600].Sample(known =>
        {
            uint[] keys = [.. known];
            var index = new FeatureIndex(keys, out var order);
            Assert.Equal(Enumerable.Range(0, keys.Length), order.Order());
            for (var number = 0; number < order.Length; number++)
                Assert.Equal(number, index.Find(keys[order[number]]));
        });
    }

    [Fact]
    public void Finds_many_keys_in_the_order_in_which_they_were_asked()
    {
        Gen.Select(Key.HashSet[1, 600], Key.Array[0, 400], Gen.Int[0, 599].Array[0, 400]).Sample((known, others, picks) =>
        {
            uint[] keys = [.. known.Order()];
            uint[] asked = [.. others.Concat(picks.Select(p => keys[p % keys.Length])).OrderBy(k => k % 97)];
            uint[] expected = [.. asked.Select(k => Array.IndexOf(keys, k)).Where(n => n >= 0).Select(n => (uint)n)];
            var index = new FeatureIndex(keys);
            var values = Array.ConvertAll(asked, key => (float)Array.IndexOf(keys, key));
            var (found, also) = ((uint[])asked.Clone(), (uint[])asked.Clone());
            Assert.Equal(expected, found[..index.FindAll(found)]);
            var count = index.FindAll(also, values);
            Assert.Equal(expected, also[..count]);
            Assert.Equal(expected, values[..count].Select(v => (uint)v));
        });
    }

    [Fact]
    public void Finds_keys_that_crowd_one_place()
    {
        // More than a line holds, at the beginning, in the middle, and at the end of all.
        uint[] keys = [.. new[] { 1u, 0x80000000, 0xFFFFFF00 }.SelectMany(first => Enumerable.Range(0, 40).Select(i => first + (uint)(i * 3)))];
        var index = new FeatureIndex(keys);
        Assert.Equal(Enumerable.Range(0, keys.Length), keys.Select(index.Find));
        Assert.All(keys, key => Assert.Equal(-1, index.Find(key + 1)));
    }

    [Fact]
    public void An_empty_index_knows_nothing()
    {
        Assert.Equal(-1, new FeatureIndex([]).Find(7));
        Assert.Equal(-1, new FeatureIndex([]).Find(0));
    }
}
