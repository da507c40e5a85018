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
        Span<uint> keys = stackalloc uint[SiftingSink.Capacity];
        Span<float> values = stackalloc float[SiftingSink.Capacity];
        var features = new SentenceFeatures(scan, Features);
        for (var s = 0; s < scan.SentenceCount; s++)
        {
            scores.Clear();
            Biases.CopyTo(scores);
            var sink = new SiftingSink<WeightRows>(index, new WeightRows(this, scores), keys, values);
            features.Emit(s, ref sink);
            sink.Flush();
            Softmax.Logs(scores[..count], logProbabilities.Slice(s * count, count));
        }
    }

    /// <summary>Adds rows of weights to the scores.</summary>
    private readonly ref struct WeightRows(RoleModel model, Span<float> scores) : IFeatureRows
    {
        private readonly nuint stride = (nuint)model.stride;
        private readonly ReadOnlySpan<float> table = model.table.Span;
        private readonly Span<float> scores = scores;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(int row, float value)
        {
            ref var weights = ref MemoryMarshal.GetReference(table);
            ref var sums = ref MemoryMarshal.GetReference(scores);
            var values = Vector128.Create(value);
            for (nuint l = 0; l < stride; l += 4)
            {
                var product = values * Vector128.LoadUnsafe(ref weights, ((nuint)row * stride) + l);
                (Vector128.LoadUnsafe(ref sums, l) + product).StoreUnsafe(ref sums, l);
            }
        }
    }
}
