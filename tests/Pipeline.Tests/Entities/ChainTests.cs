using CsCheck;
using Pipeline.Entities;

namespace Pipeline.Tests.Entities;

public class ChainTests
{
    private static readonly Gen<float[]> Scores = Gen.Int[1, 3].SelectMany(n => Gen.Int[-4, 4].Select(v => v / 1f).Array[n * TagSet.Scored]);

    private static Transitions Weights()
    {
        var t = new Transitions();
        for (var i = 0; i < t.Start.Length; i++) t.Start[i] = i % 5 - 2;
        for (var i = 0; i < t.ToOutside.Length; i++) t.ToOutside[i] = i % 3 - 1;
        for (var i = 0; i < t.Within.Length; i++) t.Within[i] = i % 4 - 1;
        return t;
    }

    // Every sequence of tags that is well formed, with its score.
    private static IEnumerable<(int[] Tags, double Score)> All(float[] scores, Transitions t)
    {
        var n = scores.Length / TagSet.Scored;
        var stack = new Stack<(int[] Tags, double Score)>();
        stack.Push(([], 0));
        while (stack.Count > 0)
        {
            var (tags, score) = stack.Pop();
            var last = tags.Length == 0 ? TagSet.Outside : tags[^1];
            var open = last < TagSet.Last;
            var source = last == TagSet.Outside ? 8 : last % 8;
            if (tags.Length == n)
            {
                if (!open) yield return (tags, score + t.ToOutside[source]);
                continue;
            }

            for (var tag = 0; tag <= TagSet.Outside; tag++)
            {
                var inner = tag is >= TagSet.Inside and < TagSet.Unit;
                if (open != inner || (open && tag % 8 != last % 8)) continue;
                var step = tag == TagSet.Outside ? t.ToOutside[source]
                    : inner ? t.Within[((last < TagSet.Inside ? 0 : 2) + (tag < TagSet.Last ? 0 : 1)) * 8 + tag % 8]
                    : t.Start[source * 8 + tag % 8];
                stack.Push(([.. tags, tag], score + step + (tag == TagSet.Outside ? 0 : scores[tags.Length * TagSet.Scored + tag])));
            }
        }
    }

    [Fact]
    public void Sums_what_counting_all_sequences_sums() => Scores.Sample(
        scores =>
        {
            var t = Weights();
            var chain = new Chain();
            chain.SetTransitions(t);
            var n = scores.Length / TagSet.Scored;
            var log = chain.Sum(scores, n);
            var all = All(scores, t).ToList();
            var total = all.Sum(a => Math.Exp(a.Score));
            Assert.Equal(Math.Log(total), log, 3);
            var unit = all.Where(a => a.Tags[0] == TagSet.Unit + 2).Sum(a => Math.Exp(a.Score)) / total;
            Assert.Equal(unit, chain.NameProbability(0, 0, 2), 3);
            if (n < 2) return;
            var pair = all.Where(a => a.Tags[0] == TagSet.Begin + 1 && a.Tags[1] == TagSet.Last + 1).Sum(a => Math.Exp(a.Score)) / total;
            Assert.Equal(pair, chain.NameProbability(0, 1, 1), 3);
        },
        iter: 15);

    [Fact]
    public void Finds_the_best_of_all_sequences() => Scores.Sample(
        scores =>
        {
            var t = Weights();
            var path = new BestPath(t, 1);
            var n = scores.Length / TagSet.Scored;
            var tags = new byte[n];
            path.Find([.. scores.Select(s => (int)s)], n, tags);
            var all = All(scores, t).ToList();
            var found = all.Single(a => a.Tags.Select(x => (byte)x).SequenceEqual(tags));
            Assert.Equal(all.Max(a => a.Score), found.Score, 3);
        },
        iter: 15);
}
