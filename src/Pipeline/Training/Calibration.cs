namespace Pipeline.Training;

/// <summary>Temperature scaling (Guo et al. 2017): one number makes probabilities honest without changing any choice.</summary>
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

    /// <summary>The probabilities at a temperature.</summary>
    public static double[] Apply(double[] probabilities, int labels, double temperature)
    {
        var scaled = new double[probabilities.Length];
        for (var s = 0; s < scaled.Length; s += labels)
        {
            var sum = 0.0;
            for (var l = s; l < s + labels; l++)
                sum += scaled[l] = Math.Pow(Math.Max(probabilities[l], 1e-12), 1 / temperature);
            for (var l = s; l < s + labels; l++)
                scaled[l] /= sum;
        }

        return scaled;
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
