namespace Pipeline.Classifying;

/// <summary>Scores as probabilities.</summary>
internal static class Softmax
{
    /// <summary>The largest score, and the sum of the exponentials of all less it: a probability is exp(score - Max) / Sum.</summary>
    public static (float Max, double Sum) Of(ReadOnlySpan<float> scores)
    {
        var max = Most(scores);
        var sum = 0.0;
        foreach (var score in scores)
            sum += Math.Exp(score - max);
        return (max, sum);
    }

    /// <summary>Writes the exponentials of the scores less the largest, and returns their sum.</summary>
    public static double Exponentials(ReadOnlySpan<float> scores, Span<double> exponentials)
    {
        var max = Most(scores);
        var sum = 0.0;
        for (var l = 0; l < scores.Length; l++)
            sum += exponentials[l] = Math.Exp(scores[l] - max);
        return sum;
    }

    private static float Most(ReadOnlySpan<float> scores)
    {
        var max = float.NegativeInfinity;
        foreach (var score in scores)
            max = MathF.Max(max, score);
        return max;
    }

    /// <summary>Writes the logarithms of the probabilities.</summary>
    public static void Logs(ReadOnlySpan<float> scores, Span<double> logProbabilities)
    {
        var (max, sum) = Of(scores);
        var log = Math.Log(sum) + max;
        for (var l = 0; l < scores.Length; l++)
            logProbabilities[l] = scores[l] - log;
    }
}
