namespace Pipeline.Classifying;

/// <summary>
/// The first stage compiled for inference: a linear model over hashed features in an open-addressing table, and the
/// sequence layer over its answers. Immutable.
/// </summary>
internal sealed class RoleModel
{
    private readonly FeatureRows rows;

    [ThreadStatic]
    private static Desk? scratch;

    public RoleModel(
        IReadOnlyList<string> labels, FeatureSettings features, uint[] keys, float[] weights, float[] biases,
        SequenceLayer sequence, ulong[] seenArticles)
    {
        Labels = labels;
        Features = features;
        Keys = keys;
        Weights = weights;
        Biases = biases;
        Sequence = sequence;
        SeenArticles = seenArticles;

        rows = new FeatureRows(labels.Count, keys, weights, sequence.Nets);
    }

    /// <summary>In ordinal order.</summary>
    public IReadOnlyList<string> Labels { get; }

    public FeatureSettings Features { get; }

    /// <summary>The features' hashes, ascending, distinct, not 0.</summary>
    public uint[] Keys { get; }

    /// <summary>For each key one weight per label.</summary>
    public float[] Weights { get; }

    public float[] Biases { get; }

    public SequenceLayer Sequence { get; }

    /// <summary>Fingerprints of the articles that it was trained on, ascending.</summary>
    public ulong[] SeenArticles { get; }

    /// <summary>What it makes of an encoder's numbers; null for a model that reads words only.</summary>
    public EncoderHead? Head { get; init; }

    /// <summary>The weights of a feature, one per label; empty where the model does not know it.</summary>
    public ReadOnlySpan<float> WeightsOf(uint key) => rows.WeightsOf(key);

    /// <summary>Writes the log-probabilities of the linear model, mixed with those of the nets, one row of <see cref="Labels"/> a sentence.</summary>
    public void Score(ArticleScan scan, Span<double> logProbabilities)
    {
        var (count, stride) = (Biases.Length, rows.Stride);
        var desk = scratch ??= new Desk();
        var scores = NetPass.Room(ref desk.Scores, scan.SentenceCount * stride);
        for (var s = 0; s < scan.SentenceCount; s++)
            Biases.CopyTo(scores[(s * stride)..]);
        var sums = Sequence.Nets is { } nets ? NetPass.Room(ref desk.Sums, scan.SentenceCount * nets.Members.Length * NetLayers.Width) : [];
        rows.Add(scan, Features.Families, scores, sums);
        for (var s = 0; s < scan.SentenceCount; s++)
            Softmax.Logs(scores.Slice(s * stride, count), logProbabilities.Slice(s * count, count));
        Sequence.Nets?.Mix(scan, sums, logProbabilities);
    }

    /// <summary>Working memory of one thread.</summary>
    private sealed class Desk
    {
        public float[] Scores = [];
        public float[] Sums = [];
    }
}
