using System.Runtime.Intrinsics;
using Pipeline.Entities;

namespace Pipeline.Training;

/// <summary>Settings of entity training.</summary>
public sealed record EntityTrainingOptions
{
    /// <summary>Passes over the data.</summary>
    public int Epochs { get; init; } = 12;

    /// <summary>Strength of the pull of weights towards zero, for the whole data set.</summary>
    public double L2 { get; init; } = 2.0;

    /// <summary>Step size at the start.</summary>
    public double Rate { get; init; } = 0.1;

    /// <summary>A feature that occurs less often is left out.</summary>
    public int MinCount { get; init; } = 2;

    /// <summary>Rows whose largest weight is smaller are dropped from the model.</summary>
    public double Prune { get; init; } = 0.03;

    /// <summary>How often a pass goes over the documents that have the guide's own types.</summary>
    public int OwnWeight { get; init; } = 5;

    /// <summary>The weights are the mean over the ends of this many last passes.</summary>
    public int Averaged { get; init; } = 6;

    /// <summary>Seed of the order of the stretches.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Told about progress, a line at a time.</summary>
    public Action<string>? Progress { get; init; }
}

/// <summary>
/// Trains a linear-chain conditional random field (Lafferty, McCallum and Pereira 2001) by stochastic gradient descent
/// with L2 (Bottou 2010). Where a file leaves a type open, the sum over the allowed tag sequences takes the place of the
/// one right sequence (Tsuboi et al. 2008). One thread, one order: the same data give the same bytes.
/// </summary>
internal sealed class CrfTrainer
{
    private const ulong Closing = 0x1_FFFF_0000;
    private const ulong Opening = 0x1_FF00_00FF;
    private readonly List<int> features = [];
    private readonly List<int> featureEnds = [];
    private readonly List<ulong> allowed = [];
    private readonly List<(int First, int End)> stretches = [];
    private readonly Dictionary<uint, int> ids = [];
    private readonly List<int> counts = [];
    private readonly List<uint> keys = [];

    /// <summary>Number of tokens that the gate has closed although they belong to a name.</summary>
    public int Lost { get; private set; }

    public int Tokens => allowed.Count;

    /// <summary>Adds the open stretches of a document; masks hold the allowed tags of each token, weight how often a pass takes each.</summary>
    public void Add(ArticleWords words, ReadOnlySpan<TokenRange> sentences, ReadOnlySpan<ulong> masks, int weight)
    {
        Span<uint> buffer = stackalloc uint[FeatureExtractor.MaxKeys];
        for (var s = 0; s < sentences.Length; s++)
        {
            var sentence = sentences[s];
            for (var i = sentence.First; i < sentence.End;)
            {
                if (!words.Open[i])
                {
                    if ((masks[i] >> TagSet.Outside & 1) == 0) Lost++;
                    i++;
                    continue;
                }

                var first = allowed.Count;
                for (; i < sentence.End && words.Open[i]; i++)
                {
                    var count = FeatureExtractor.Extract(words, sentence, words.Kinds[s], i, buffer);
                    foreach (var key in buffer[..count])
                    {
                        if (!ids.TryGetValue(key, out var id))
                        {
                            id = ids.Count;
                            ids.Add(key, id);
                            keys.Add(key);
                            counts.Add(0);
                        }

                        counts[id]++;
                        features.Add(id);
                    }

                    featureEnds.Add(features.Count);
                    allowed.Add(masks[i]);
                }

                // A name that reaches out of the stretch cannot be learnt from.
                if ((allowed[first] & Opening) == 0 || (allowed[^1] & Closing) == 0)
                    allowed.RemoveRange(first, allowed.Count - first);
                if (allowed.Count == first)
                {
                    featureEnds.RemoveRange(first, featureEnds.Count - first);
                    features.RemoveRange(first == 0 ? 0 : featureEnds[^1], features.Count - (first == 0 ? 0 : featureEnds[^1]));
                    continue;
                }

                for (var n = 0; n < weight; n++) stretches.Add((first, allowed.Count));
            }
        }
    }

    public EntityModel Train(EntityTrainingOptions options, WordClusters clusters)
    {
        var (rowOf, rows) = Number(options.MinCount);
        options.Progress?.Invoke($"{stretches.Count} stretches, {allowed.Count} open tokens, {rows} features, {Lost} tokens of names closed");
        var weights = new float[(rows + 1) * TagSet.Scored];
        var transitions = new Transitions();
        var work = new Step(this, rowOf, weights, transitions);
        var mean = new Mean(weights, transitions);
        var order = new int[stretches.Count];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        var random = new SeededOrder(options.Seed);
        var lambda = options.L2 / stretches.Count;
        var t = 0L;
        for (var epoch = 0; epoch < options.Epochs; epoch++)
        {
            random.Shuffle(order);
            var loss = 0.0;
            foreach (var s in order)
            {
                var rate = options.Rate / (1 + lambda * options.Rate * t);
                loss += work.Take(stretches[s], (float)rate, (float)lambda);
                t++;
            }

            work.Settle();
            if (epoch >= options.Epochs - Math.Max(1, options.Averaged)) mean.Add();
            options.Progress?.Invoke($"epoch {epoch + 1} of {options.Epochs}: loss {loss / stretches.Count:F4}");
        }

        mean.Set();
        return Pack(options, rowOf, weights, transitions, clusters);
    }

    private (int[] RowOf, int Rows) Number(int minCount)
    {
        var rowOf = new int[keys.Count];
        var rows = 0;
        for (var i = 0; i < rowOf.Length; i++) rowOf[i] = counts[i] >= minCount ? rows++ : -1;
        return (rowOf, rows);
    }

    private EntityModel Pack(EntityTrainingOptions options, int[] rowOf, float[] weights, Transitions transitions, WordClusters clusters)
    {
        var highest = 0f;
        foreach (var w in weights) highest = Math.Max(highest, Math.Abs(w));
        var unit = highest / 127;
        var kept = new List<(uint Key, int Row)>();
        for (var i = 0; i < rowOf.Length; i++)
        {
            if (rowOf[i] < 0) continue;
            var top = 0f;
            for (var k = 0; k < TagSet.Scored; k++) top = Math.Max(top, Math.Abs(weights[rowOf[i] * TagSet.Scored + k]));
            if (top >= options.Prune) kept.Add((keys[i], rowOf[i] * TagSet.Scored));
        }

        kept.Sort((a, b) => a.Key.CompareTo(b.Key));
        var bytes = new sbyte[kept.Count * TagSet.Scored];
        for (var i = 0; i < kept.Count; i++)
        {
            for (var k = 0; k < TagSet.Scored; k++)
                bytes[i * TagSet.Scored + k] = (sbyte)Math.Clamp(MathF.Round(weights[kept[i].Row + k] / unit), -127, 127);
        }

        options.Progress?.Invoke($"{kept.Count} features kept, highest weight {highest:F2}");
        return new EntityModel([.. kept.Select(k => k.Key)], bytes, unit, transitions, clusters, EntityCalibration.Identity);
    }

    /// <summary>One stretch after the other: sums, gradient, weights.</summary>
    private sealed class Step(CrfTrainer data, int[] rowOf, float[] weights, Transitions transitions)
    {
        private readonly Chain free = new();
        private readonly Chain bound = new();
        private readonly Transitions gradient = new();
        private float[] scores = new float[64 * TagSet.Scored];
        private ulong[] masks = new ulong[64];
        private float scale = 1;

        public double Take((int First, int End) stretch, float rate, float lambda)
        {
            var length = stretch.End - stretch.First;
            if (masks.Length < length)
            {
                masks = new ulong[length * 2];
                scores = new float[length * 2 * TagSet.Scored];
            }

            for (var i = 0; i < length; i++)
            {
                masks[i] = data.allowed[stretch.First + i];
                Score(stretch.First + i, scores.AsSpan(i * TagSet.Scored, TagSet.Scored));
            }

            free.SetTransitions(transitions);
            bound.SetTransitions(transitions);
            var loss = free.Sum(scores, length) - bound.Sum(scores, masks, length);

            scale *= 1 - rate * lambda;
            Span<Vector256<float>> expected = stackalloc Vector256<float>[4];
            Span<Vector256<float>> right = stackalloc Vector256<float>[4];
            var step = Vector256.Create(rate / scale);
            for (var i = 0; i < length; i++)
            {
                free.Marginals(i, expected);
                bound.Marginals(i, right);
                for (var k = 0; k < 4; k++) right[k] = (right[k] - expected[k]) * step;
                Update(stretch.First + i, right);
            }

            UpdateTransitions(rate, lambda);
            if (scale < 1e-3f) Settle();
            return loss;
        }

        public void Settle()
        {
            for (var i = 0; i < weights.Length; i++) weights[i] *= scale;
            scale = 1;
        }

        private void Score(int token, Span<float> target)
        {
            Vector256<float> a = default, b = default, c = default, d = default;
            for (var f = token == 0 ? 0 : data.featureEnds[token - 1]; f < data.featureEnds[token]; f++)
            {
                var row = rowOf[data.features[f]];
                if (row < 0) continue;
                ref var w = ref weights[row * TagSet.Scored];
                a += Vector256.LoadUnsafe(ref w);
                b += Vector256.LoadUnsafe(ref w, 8);
                c += Vector256.LoadUnsafe(ref w, 16);
                d += Vector256.LoadUnsafe(ref w, 24);
            }

            var s = Vector256.Create(scale);
            (a * s).CopyTo(target);
            (b * s).CopyTo(target[8..]);
            (c * s).CopyTo(target[16..]);
            (d * s).CopyTo(target[24..]);
        }

        private void Update(int token, ReadOnlySpan<Vector256<float>> change)
        {
            for (var f = token == 0 ? 0 : data.featureEnds[token - 1]; f < data.featureEnds[token]; f++)
            {
                var row = rowOf[data.features[f]];
                if (row < 0) continue;
                ref var w = ref weights[row * TagSet.Scored];
                (Vector256.LoadUnsafe(ref w) + change[0]).StoreUnsafe(ref w);
                (Vector256.LoadUnsafe(ref w, 8) + change[1]).StoreUnsafe(ref w, 8);
                (Vector256.LoadUnsafe(ref w, 16) + change[2]).StoreUnsafe(ref w, 16);
                (Vector256.LoadUnsafe(ref w, 24) + change[3]).StoreUnsafe(ref w, 24);
            }
        }

        private void UpdateTransitions(float rate, float lambda)
        {
            Array.Clear(gradient.Start);
            Array.Clear(gradient.ToOutside);
            Array.Clear(gradient.Within);
            bound.AddExpectedTransitions(gradient, 1);
            free.AddExpectedTransitions(gradient, -1);
            Move(transitions.Start, gradient.Start, rate, lambda);
            Move(transitions.ToOutside, gradient.ToOutside, rate, lambda);
            Move(transitions.Within, gradient.Within, rate, lambda);
        }

        private static void Move(float[] target, float[] change, float rate, float lambda)
        {
            for (var i = 0; i < target.Length; i++) target[i] = target[i] * (1 - rate * lambda) + rate * change[i];
        }
    }
}

/// <summary>The mean of weights over some passes.</summary>
internal sealed class Mean(float[] weights, Transitions transitions)
{
    private readonly float[][] live = [weights, transitions.Start, transitions.ToOutside, transitions.Within];
    private readonly float[][] sums =
        [new float[weights.Length], new float[transitions.Start.Length], new float[transitions.ToOutside.Length], new float[transitions.Within.Length]];

    private int count;

    public void Add()
    {
        count++;
        for (var a = 0; a < live.Length; a++)
        {
            for (var i = 0; i < live[a].Length; i++) sums[a][i] += live[a][i];
        }
    }

    public void Set()
    {
        for (var a = 0; a < live.Length; a++)
        {
            for (var i = 0; i < live[a].Length; i++) live[a][i] = sums[a][i] / count;
        }
    }
}

/// <summary>A shuffle that is the same on every machine and version of the runtime (xorshift).</summary>
internal sealed class SeededOrder(int seed)
{
    private ulong state = (ulong)seed * 0x9E3779B97F4A7C15 + 0xD1B54A32D192ED03;

    public void Shuffle(Span<int> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = (int)(Next() % (ulong)(i + 1));
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private ulong Next()
    {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return state * 0x2545F4914F6CDD1D >> 1;
    }
}
