using Pipeline.Classifying;
using Pipeline.Evaluating;

namespace Pipeline.Training;

/// <summary>Finds the numbers of <see cref="RoleCalibration"/> on out-of-fold probabilities.</summary>
internal static class Calibration
{
    /// <summary>The temperature that makes the gold labels likeliest.</summary>
    public static double Temperature(IEnumerable<(double[] Probabilities, int[] Gold, double Weight)> articles, int labels)
    {
        var all = articles.ToList();
        // Golden section search; the loss has one minimum.
        double low = Math.Log(0.3), high = Math.Log(5);
        var ratio = (Math.Sqrt(5) - 1) / 2;
        for (var i = 0; i < 30; i++)
        {
            var a = high - (ratio * (high - low));
            var b = low + (ratio * (high - low));
            if (Loss(all, labels, Math.Exp(a)) < Loss(all, labels, Math.Exp(b)))
                high = b;
            else
                low = a;
        }

        return Math.Exp((low + high) / 2);
    }

    /// <summary>
    /// The power by which rare labels are raised: the one with the best mean of macro-F1 and micro-F1, the smallest of those
    /// that are about as good.
    /// </summary>
    public static double Rarity(IReadOnlyList<(double[] Probabilities, int[] Gold)> articles, int labels, double temperature, double[] priors)
    {
        var best = 0.0;
        var bestValue = 0.0;
        for (var step = 0; step <= 12; step++)
        {
            var calibration = new RoleCalibration(temperature, step * 0.05, priors);
            var confusion = Enumerable.Range(0, labels).Select(_ => new int[labels]).ToArray();
            foreach (var (probabilities, gold) in articles)
            {
                double[] changed = [.. probabilities];
                calibration.Apply(changed);
                for (var s = 0; s < gold.Length; s++)
                    confusion[gold[s]][RoleClassifier.Best(changed.AsSpan(s * labels, labels))]++;
            }

            var (macro, micro) = RoleScores.Means(confusion);
            if ((macro + micro) / 2 > bestValue + 0.0005)
            {
                bestValue = (macro + micro) / 2;
                best = step * 0.05;
            }
        }

        return best;
    }

    private static double Loss(List<(double[] Probabilities, int[] Gold, double Weight)> articles, int labels, double temperature)
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
