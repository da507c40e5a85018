using System.Runtime.CompilerServices;

namespace Pipeline.Classifying;

/// <summary>
/// The first stage compiled for inference: a linear model over hashed features in an open-addressing table, and the
/// sequence layer over its answers. Immutable.
/// </summary>
internal sealed class RoleModel
{
    private readonly uint[] slots;
    private readonly float[] table;
    private readonly int mask;

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

        var size = 16;
        while (size < keys.Length * 2)
            size *= 2;
        mask = size - 1;
        slots = new uint[size];
        table = new float[size * labels.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            var slot = (int)keys[i] & mask;
            while (slots[slot] != 0)
                slot = (slot + 1) & mask;
            slots[slot] = keys[i];
            weights.AsSpan(i * labels.Count, labels.Count).CopyTo(table.AsSpan(slot * labels.Count));
        }
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

    /// <summary>The weights of a feature, one per label; empty where the model does not know it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<float> WeightsOf(uint key)
    {
        var slot = (int)key & mask;
        while (true)
        {
            var found = slots[slot];
            if (found == key)
                return table.AsSpan(slot * Biases.Length, Biases.Length);
            if (found == 0)
                return default;
            slot = (slot + 1) & mask;
        }
    }

    /// <summary>Writes the first stage's log-probabilities, one row of <see cref="Labels"/> a sentence.</summary>
    public void Score(ArticleScan scan, Span<double> logProbabilities)
    {
        var count = Biases.Length;
        Span<float> scores = stackalloc float[count];
        var features = new SentenceFeatures(scan, Features);
        for (var s = 0; s < scan.SentenceCount; s++)
        {
            Biases.CopyTo(scores);
            var sink = new ScoringSink(this, scores);
            features.Emit(s, ref sink);
            LogSoftmax(scores, logProbabilities.Slice(s * count, count));
        }
    }

    internal static void LogSoftmax(ReadOnlySpan<float> scores, Span<double> logProbabilities)
    {
        var max = float.NegativeInfinity;
        foreach (var score in scores)
            max = Math.Max(max, score);
        var sum = 0.0;
        foreach (var score in scores)
            sum += Math.Exp(score - max);
        var log = Math.Log(sum) + max;
        for (var l = 0; l < scores.Length; l++)
            logProbabilities[l] = scores[l] - log;
    }

    private readonly ref struct ScoringSink(RoleModel model, Span<float> scores) : IFeatureSink
    {
        private readonly Span<float> scores = scores;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(FeatureFamilies family, uint key, float value, FeatureSource source)
        {
            var weights = model.WeightsOf(key);
            for (var l = 0; l < weights.Length; l++)
                scores[l] += value * weights[l];
        }
    }
}
