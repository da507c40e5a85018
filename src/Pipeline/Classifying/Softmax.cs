namespace Pipeline.Classifying;

/// <summary>Scores as probabilities.</summary>
internal static class Softmax
{
    /// <summary>Writes the exponentials of the scores less the largest; returns that and their sum, by which one is a probability.</summary>
    public static (float Max, double Sum) Exponentials(ReadOnlySpan<float> scores, Span<double> exponentials)
    {
        var max = float.NegativeInfinity;
        foreach (var score in scores)
            max = MathF.Max(max, score);
        var sum = 0.0;
        for (var l = 0; l < scores.Length; l++)
            sum += exponentials[l] = Math.Exp(scores[l] - max);
        return (max, sum);
    }

    /// <summary>Writes the logarithms of the probabilities.</summary>
    public static void Logs(ReadOnlySpan<float> scores, Span<double> logProbabilities)
    {
        var (max, sum) = Exponentials(scores, logProbabilities);
        var log = Math.Log(sum) + max;
        for (var l = 0; l < scores.Length; l++)
            logProbabilities[l] = scores[l] - log;
    }

    /// <summary>Takes from logarithms what makes their exponentials add up to 1.</summary>
    public static void Normalize(Span<double> logs)
    {
        var max = double.NegativeInfinity;
        foreach (var x in logs)
            max = Math.Max(max, x);
        var sum = 0.0;
        foreach (var x in logs)
            sum += Math.Exp(x - max);
        var log = max + Math.Log(sum);
        foreach (ref var x in logs)
            x -= log;
    }
}
