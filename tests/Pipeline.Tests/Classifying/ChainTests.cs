using CsCheck;
using Pipeline.Classifying;

namespace Pipeline.Tests.Classifying;

public class ChainTests
{
    [Fact]
    public void Marginals_and_sum_are_those_of_all_sequences_counted_one_by_one() =>
        Gen.Select(Gen.Double[-3, 3].Array[12], Gen.Double[-2, 2].Array[36], Gen.UShort[0, 15].Array[4]).Sample(
            (emissions, transitions, steps) =>
            {
                const int Count = 4, Labels = 3;
                var chain = new Chain(Count, Labels);
                chain.Run(emissions, transitions, steps);
                var expected = new double[Count * Labels];
                var total = 0.0;
                for (var code = 0; code < 81; code++)
                {
                    int[] path = [code % 3, code / 3 % 3, code / 9 % 3, code / 27];
                    var score = 0.0;
                    for (var t = 0; t < Count; t++)
                    {
                        score += emissions[(t * Labels) + path[t]];
                        if (t > 0)
                            score += Enumerable.Range(0, 4).Where(f => (steps[t] >> f & 1) != 0).Sum(f => transitions[(((f * Labels) + path[t - 1]) * Labels) + path[t]]);
                    }

                    var weight = Math.Exp(score);
                    total += weight;
                    for (var t = 0; t < Count; t++)
                        expected[(t * Labels) + path[t]] += weight;
                }

                Assert.Equal(Math.Log(total), chain.LogSum, 9);
                for (var i = 0; i < expected.Length; i++)
                    Assert.Equal(expected[i] / total, chain.Marginals[i], 9);
            },
            iter: 50);

    [Fact]
    public void Does_not_overflow_on_long_chains_of_extreme_scores()
    {
        var emissions = Enumerable.Range(0, 30000).Select(i => i % 3 == 0 ? 700.0 : -700).ToArray();
        var chain = new Chain(10000, 3);
        chain.Run(emissions, new double[36], new ushort[10000]);
        Assert.All(chain.Marginals.ToArray(), p => Assert.InRange(p, 0, 1.0000001));
    }
}
