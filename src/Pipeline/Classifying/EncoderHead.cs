namespace Pipeline.Classifying;

/// <summary>
/// What a role model makes of a <see cref="ISentenceEncoder"/>'s numbers: a linear classifier over them, whose answer is mixed with
/// that of the first stage and the nets. Immutable.
/// </summary>
/// <param name="EncoderSha256">The encoder that it was trained with, hexadecimal.</param>
/// <param name="Weights">For each of the encoder's numbers one weight a label.</param>
/// <param name="Biases">One a label.</param>
/// <param name="Share">How much of the mixed answer is the encoder's, 0 to 1.</param>
internal sealed record EncoderHead(string EncoderSha256, float[] Weights, float[] Biases, double Share)
{
    /// <summary>How many numbers of the encoder it reads.</summary>
    public int Width => Weights.Length / Biases.Length;

    /// <summary>Mixes its answers into log-probabilities, one row a sentence.</summary>
    public void Mix(ReadOnlySpan<float> vectors, Span<double> logProbabilities)
    {
        Span<double> answer = stackalloc double[Biases.Length];
        for (var s = 0; s < vectors.Length / Width; s++)
        {
            Answer(vectors.Slice(s * Width, Width), answer);
            Mix(answer, Share, logProbabilities.Slice(s * answer.Length, answer.Length));
        }
    }

    /// <summary>The log-probabilities of one sentence by the encoder's numbers alone.</summary>
    public void Answer(ReadOnlySpan<float> vector, Span<double> logs)
    {
        Span<float> scores = stackalloc float[Biases.Length];
        Biases.CopyTo(scores);
        for (var j = 0; j < vector.Length; j++)
            NetLayers.Add(vector[j], Weights.AsSpan(j * scores.Length, scores.Length), scores);
        Softmax.Logs(scores, logs);
    }

    /// <summary>The normalised weighted geometric mean of two answers, as logarithms.</summary>
    public static void Mix(ReadOnlySpan<double> answer, double share, Span<double> logs)
    {
        for (var l = 0; l < logs.Length; l++)
            logs[l] = ((1 - share) * Math.Max(logs[l], -12)) + (share * Math.Max(answer[l], -12));
        Softmax.Normalize(logs);
    }
}
