using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pipeline.Classifying;

/// <summary>
/// The first stage compiled for inference: a linear model over hashed features in an open-addressing table, and the
/// sequence layer over its answers. Immutable.
/// </summary>
internal sealed class RoleModel
{
    private readonly FeatureIndex index;

    /// <summary>The weights in rows of <see cref="stride"/>, a multiple of four, so that a row is whole vectors.</summary>
    private readonly ReadOnlyMemory<float> table;
    private readonly int stride;

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

        index = new FeatureIndex(keys);
        stride = (labels.Count + 3) & ~3;
        var rows = new float[keys.Length * stride];
        for (var i = 0; i < keys.Length; i++)
            weights.AsSpan(i * labels.Count, labels.Count).CopyTo(rows.AsSpan(i * stride));
        table = CacheLines.Copy<float>(rows);
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
    public ReadOnlySpan<float> WeightsOf(uint key)
    {
        var row = index.Find(key);
        return row < 0 ? default : Weights.AsSpan(row * Biases.Length, Biases.Length);
    }

    /// <summary>Writes the first stage's log-probabilities, one row of <see cref="Labels"/> a sentence.</summary>
    public void Score(ArticleScan scan, Span<double> logProbabilities)
    {
        var count = Biases.Length;
        Span<float> scores = stackalloc float[stride];
        Span<uint> keys = stackalloc uint[ScoringSink.Capacity];
        Span<float> values = stackalloc float[ScoringSink.Capacity];
        var features = new SentenceFeatures(scan, Features);
        for (var s = 0; s < scan.SentenceCount; s++)
        {
            scores.Clear();
            Biases.CopyTo(scores);
            var sink = new ScoringSink(this, scores, keys, values);
            features.Emit(s, ref sink);
            sink.Flush();
            LogSoftmax(scores[..count], logProbabilities.Slice(s * count, count));
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

    /// <summary>Gathers the features that the model may know and adds their weights many at a time.</summary>
    private ref struct ScoringSink(RoleModel model, Span<float> scores, Span<uint> keys, Span<float> values) : IFeatureSink
    {
        public const int Capacity = 512;

        private readonly FeatureIndex index = model.index;
        private readonly Span<float> scores = scores;
        private readonly Span<uint> keys = keys;
        private readonly Span<float> values = values;
        private int count;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(FeatureFamilies family, uint key, float value, FeatureSource source)
        {
            keys[count] = key;
            values[count] = value;
            count += index.MayHave(key);
            if (count == Capacity)
                Flush();
        }

        public void Flush()
        {
            var stride = model.stride;
            ref var table = ref MemoryMarshal.GetReference(model.table.Span);
            ref var sums = ref MemoryMarshal.GetReference(scores);
            Span<ulong> read = stackalloc ulong[Capacity];
            index.Read(keys[..count], read);
            for (var k = 0; k < count; k++)
            {
                var row = index.Find(keys[k], read[k]);
                if (row < 0)
                    continue;
                var value = Vector128.Create(values[k]);
                for (nuint l = 0; l < (nuint)stride; l += 4)
                {
                    var product = value * Vector128.LoadUnsafe(ref table, ((nuint)row * (nuint)stride) + l);
                    (Vector128.LoadUnsafe(ref sums, l) + product).StoreUnsafe(ref sums, l);
                }
            }

            count = 0;
        }
    }
}
