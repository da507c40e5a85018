using Pipeline.Classifying;
using Pipeline.Evaluating;

namespace Pipeline.Training;

/// <summary>Finds the numbers of <see cref="RoleCalibration"/> on out-of-fold probabilities.</summary>
internal static class Calibration
{
    /// <summary>The temperature that makes the gold labels likeliest.</summary>
    public static double Temperature(IReadOnlyList<(double[] Probabilities, int[] Gold, double Weight)> articles, int labels)
    {
        // Golden section search; the loss has one minimum.
        double low = Math.Log(0.3), high = Math.Log(5);
        var ratio = (Math.Sqrt(5) - 1) / 2;
        for (var i = 0; i < 30; i++)
        {
            var a = high - (ratio * (high - low));
            var b = low + (ratio * (high - low));
            if (Loss(articles, labels, Math.Exp(a)) < Loss(articles, labels, Math.Exp(b)))
                high = b;
            else
                low = a;
        }

        return Math.Exp((low + high) / 2);
    }

    /// <summary>
    /// The power by which rare labels are raised: the largest that costs next to nothing in the mean of macro-F1,
    /// which counts twice, and micro-F1. Articles in which a label is rarer than in training gain by it. Each part (labels file) counts the same, since
    /// a label that is rare in one may be common in the next.
    /// </summary>
    public static double Rarity(
        IReadOnlyList<(double[] Probabilities, int[] Gold, string Part)> articles, int labels, double temperature, double[] priors)
    {
        // Beyond 0.2 it helps no longer where the articles come from elsewhere.
        const int Steps = 5;
        const double Cost = 0.001;
        var values = new double[Steps];
        for (var step = 0; step < Steps; step++)
        {
            var calibration = new RoleCalibration(temperature, step * 0.05, priors);
            var parts = new SortedDictionary<string, int[][]>(StringComparer.Ordinal);
            foreach (var (probabilities, gold, part) in articles)
            {
                if (!parts.TryGetValue(part, out var confusion))
                    parts[part] = confusion = [.. Enumerable.Range(0, labels).Select(_ => new int[labels])];
                double[] changed = [.. probabilities];
                calibration.Apply(changed);
                for (var s = 0; s < gold.Length; s++)
                    confusion[gold[s]][RoleClassifier.Best(changed.AsSpan(s * labels, labels))]++;
            }

            foreach (var confusion in parts.Values)
            {
                var (macro, micro) = RoleScores.Means(confusion);
                values[step] += ((2 * macro) + micro) / 3 / parts.Count;
            }
        }

        return 0.05 * Array.FindLastIndex(values, v => v >= values.Max() - Cost);
    }

    /// <summary>The weighted negative log-likelihood of the gold labels.</summary>
    public static double Loss(IReadOnlyList<(double[] Probabilities, int[] Gold, double Weight)> articles, int labels, double temperature)
    {
        var loss = 0.0;
        foreach (var (probabilities, gold, weight) in articles)
        {
            for (var s = 0; s < gold.Length; s++)
            {
                var sum = 0.0;
                for (var l = 0; l < labels; l++)
                    sum += Math.Pow(Math.Max(probabilities[(s * labels) + l], 1e-12), 1 / temperature);
                loss -= weight * ((Math.Log(Math.Max(probabilities[(s * labels) + gold[s]], 1e-12)) / temperature) - Math.Log(sum));
            }
        }

        return loss;
    }
}
