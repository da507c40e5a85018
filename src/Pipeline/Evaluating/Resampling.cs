namespace Pipeline.Evaluating;

/// <summary>An interval that holds 95 of 100 resampled values; both ends inclusive.</summary>
internal readonly record struct Interval(double Low, double High);

/// <summary>How two classifiers compare on the same sentences.</summary>
/// <param name="Difference">Macro-F1 of the second minus that of the first.</param>
/// <param name="Range">95% interval of the difference over resampled articles.</param>
/// <param name="SecondBetter">Share of resamples in which the second is better.</param>
/// <param name="OnlyFirstRight">Sentences that only the first has right.</param>
/// <param name="OnlySecondRight">Sentences that only the second has right.</param>
/// <param name="McNemar">Exact two-sided probability of a split as uneven as this one by chance.</param>
internal sealed record RoleComparison(
    double Difference, Interval Range, double SecondBetter, int OnlyFirstRight, int OnlySecondRight, double McNemar);

/// <summary>
/// Confidence by resampling whole articles with replacement, for the sentences of an article are not independent
/// (bootstrap: Efron 1979; McNemar 1947). Seeded: the same data give the same answer.
/// </summary>
internal static class Resampling
{
    private const int Rounds = 1000;

    /// <summary>The interval of macro-F1.</summary>
    public static Interval OfMacro(int labels, IReadOnlyList<RolePrediction> predictions)
    {
        var articles = PerArticle(labels, predictions);
        var values = new double[Rounds];
        var random = new SplitMix(1);
        var sum = Empty(labels);
        for (var r = 0; r < Rounds; r++)
        {
            Draw(articles, ref random, sum, articles, sum);
            values[r] = RoleScores.Means(sum).Macro;
        }

        return Middle(values);
    }

    /// <summary>Compares two classifiers; both lists hold the same sentences in the same order.</summary>
    public static RoleComparison Compare(int labels, IReadOnlyList<RolePrediction> first, IReadOnlyList<RolePrediction> second)
    {
        var a = PerArticle(labels, first);
        var b = PerArticle(labels, second);
        var values = new double[Rounds];
        var random = new SplitMix(2);
        var sumA = Empty(labels);
        var sumB = Empty(labels);
        for (var r = 0; r < Rounds; r++)
        {
            Draw(a, ref random, sumA, b, sumB);
            values[r] = RoleScores.Means(sumB).Macro - RoleScores.Means(sumA).Macro;
        }

        int onlyFirst = 0, onlySecond = 0;
        for (var i = 0; i < first.Count; i++)
        {
            var rightA = first[i].Gold == first[i].Predicted;
            var rightB = second[i].Gold == second[i].Predicted;
            onlyFirst += rightA && !rightB ? 1 : 0;
            onlySecond += rightB && !rightA ? 1 : 0;
        }

        var better = (double)values.Count(v => v > 0) / Rounds;
        return new RoleComparison(
            RoleScores.Means(Total(b, labels)).Macro - RoleScores.Means(Total(a, labels)).Macro,
            Middle(values), better, onlyFirst, onlySecond, McNemar(onlyFirst, onlySecond));
    }

    /// <summary>The exact two-sided test of two counts that should be alike: how likely a split at least as uneven is.</summary>
    public static double McNemar(int one, int other)
    {
        var all = one + other;
        var less = Math.Min(one, other);
        if (one == other)
            return 1;
        // Sum of the binomial's tail, in logarithms.
        var log = -all * Math.Log(2);
        var sum = Math.Exp(log);
        for (var k = 1; k <= less; k++)
        {
            log += Math.Log((double)(all - k + 1) / k);
            sum += Math.Exp(log);
        }

        return Math.Min(1, 2 * sum);
    }

    private static List<int[][]> PerArticle(int labels, IReadOnlyList<RolePrediction> predictions)
    {
        var numbers = new Dictionary<int, int>();
        var articles = new List<int[][]>();
        foreach (var p in predictions)
        {
            if (!numbers.TryGetValue(p.Article, out var at))
            {
                numbers[p.Article] = at = articles.Count;
                articles.Add(Empty(labels));
            }

            articles[at][p.Gold][p.Predicted]++;
        }

        return articles;
    }

    private static int[][] Empty(int labels) => [.. Enumerable.Range(0, labels).Select(_ => new int[labels])];

    private static int[][] Total(List<int[][]> articles, int labels)
    {
        var sum = Empty(labels);
        foreach (var article in articles)
            Add(sum, article);
        return sum;
    }

    private static void Draw(List<int[][]> a, ref SplitMix random, int[][] sumA, List<int[][]> b, int[][] sumB)
    {
        foreach (var row in sumA)
            Array.Clear(row);
        foreach (var row in sumB)
            Array.Clear(row);
        for (var i = 0; i < a.Count; i++)
        {
            var drawn = (int)(random.Next() % (ulong)a.Count);
            Add(sumA, a[drawn]);
            if (sumB != sumA)
                Add(sumB, b[drawn]);
        }
    }

    private static void Add(int[][] sum, int[][] article)
    {
        for (var g = 0; g < sum.Length; g++)
        {
            for (var p = 0; p < sum.Length; p++)
                sum[g][p] += article[g][p];
        }
    }

    private static Interval Middle(double[] values)
    {
        Array.Sort(values);
        return new Interval(values[Rounds * 25 / 1000], values[(Rounds * 975 / 1000) - 1]);
    }

    /// <summary>SplitMix64 (Steele, Lea, Flood 2014): the same numbers on every machine and runtime.</summary>
    private struct SplitMix(ulong seed)
    {
        private ulong state = seed;

        public ulong Next()
        {
            var z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
