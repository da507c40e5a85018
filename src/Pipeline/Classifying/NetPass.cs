using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pipeline.Classifying;

/// <summary>One net's way through one article; the buffers are reused, so an instance belongs to one thread.</summary>
internal sealed class NetPass
{
    private const int Width = NetLayers.Width;
    private const int Hidden = NetLayers.Hidden;
    private int labels;
    private int count;
    private float[] encoded = [];
    private float[] paragraphs = [];
    private float[] hidden = [];
    private float[] scores = [];

    public float[] ArticleMean { get; } = new float[Width];

    /// <summary>Makes room and clears everything.</summary>
    public void Prepare(int sentences, int labelCount)
    {
        (count, labels) = (sentences, labelCount);
        Room(ref encoded, count * Width);
        Room(ref paragraphs, count * Width);
        Room(ref hidden, count * Hidden);
        Room(ref scores, count * labels);
        ArticleMean.AsSpan().Clear();
    }

    /// <summary>The sum of a sentence's vectors; the caller fills it before <see cref="Run"/>, which cuts it at zero.</summary>
    public Span<float> Encoded(int t) => encoded.AsSpan(t * Width, Width);

    public ReadOnlySpan<float> ParagraphMean(int t) => paragraphs.AsSpan(t * Width, Width);

    public Span<float> HiddenOf(int t) => hidden.AsSpan(t * Hidden, Hidden);

    /// <summary>The scores of the labels of a sentence, before they are made probabilities.</summary>
    public Span<float> Scores(int t) => scores.AsSpan(t * labels, labels);

    /// <summary>Runs the net on the encoded sentences.</summary>
    public void Run(NetLayers layers, NetLayout layout)
    {
        for (var t = 0; t < count; t++)
        {
            NetLayers.Add(1, layers.EncodedBias, Encoded(t));
            CutAtZero(Encoded(t));
        }

        See(layers, layout);
        for (var t = 0; t < count; t++)
            CutAtZero(HiddenOf(t));
        Answer(layers);
    }

    /// <summary>The second layer, before it is cut at zero.</summary>
    public void See(NetLayers layers, NetLayout layout)
    {
        for (var t = 0; t < count; t++)
        {
            NetLayers.Add(1f / count, Encoded(t), ArticleMean);
            var length = layout.Ends[t] - layout.Starts[t];
            for (var s = layout.Starts[t]; s < layout.Ends[t]; s++)
            {
                // Sentences of one paragraph share its mean.
                if (t > layout.Starts[t])
                {
                    ParagraphMean(t - 1).CopyTo(paragraphs.AsSpan(t * Width));
                    break;
                }

                NetLayers.Add(1f / length, Encoded(s), paragraphs.AsSpan(t * Width, Width));
            }
        }

        for (var t = 0; t < count; t++)
        {
            var row = HiddenOf(t);
            layers.HiddenBias.CopyTo(row);
            for (var block = 0; block < 5; block++)
            {
                var s = t + block - 2;
                if (s >= 0 && s < count)
                    Through(layers, block, Encoded(s), row);
            }

            Through(layers, 5, ArticleMean, row);
            if (layout.Ends[t] > layout.Starts[t])
                Through(layers, 6, ParagraphMean(t), row);
            for (var p = 0; p < NetLayout.Places; p++)
            {
                var x = layout.Place[(t * NetLayout.Places) + p];
                if (x != 0)
                    NetLayers.Add(x, layers.Place.AsSpan(p * Hidden, Hidden), row);
            }
        }
    }

    /// <summary>The scores of the labels.</summary>
    public void Answer(NetLayers layers)
    {
        for (var t = 0; t < count; t++)
        {
            var row = Scores(t);
            layers.LabelBias.CopyTo(row);
            Rows(Encoded(t), layers.FromEncoded, row);
            Rows(HiddenOf(t), layers.FromHidden, row);
        }
    }

    /// <summary>Adds the probabilities, each times the share.</summary>
    public void AddAnswers(Span<double> probabilities, double share)
    {
        for (var t = 0; t < count; t++)
        {
            var row = Scores(t);
            var (max, sum) = Softmax.Of(row);
            for (var l = 0; l < labels; l++)
                probabilities[(t * labels) + l] += share * Math.Exp(row[l] - max) / sum;
        }
    }

    private static void CutAtZero(Span<float> row)
    {
        for (var i = 0; i < row.Length; i++)
            row[i] = row[i] > 0 ? row[i] : 0;
    }

    private static void Through(NetLayers layers, int block, ReadOnlySpan<float> from, Span<float> row) =>
        Rows(from, layers.Context.AsSpan(block * Width * Hidden, Width * Hidden), row);

    private static void Rows(ReadOnlySpan<float> factors, ReadOnlySpan<float> matrix, Span<float> row)
    {
        if (row.Length == 32)
        {
            // The sums stay in registers; each takes the same additions in the same order as below.
            ref var to = ref MemoryMarshal.GetReference(row);
            ref var from = ref MemoryMarshal.GetReference(matrix);
            var (a, b) = (Vector256.LoadUnsafe(ref to), Vector256.LoadUnsafe(ref to, 8));
            var (c, d) = (Vector256.LoadUnsafe(ref to, 16), Vector256.LoadUnsafe(ref to, 24));
            for (var j = 0; j < factors.Length; j++)
            {
                if (factors[j] == 0)
                    continue;
                var factor = Vector256.Create(factors[j]);
                var at = (nuint)j * 32;
                a += factor * Vector256.LoadUnsafe(ref from, at);
                b += factor * Vector256.LoadUnsafe(ref from, at + 8);
                c += factor * Vector256.LoadUnsafe(ref from, at + 16);
                d += factor * Vector256.LoadUnsafe(ref from, at + 24);
            }

            a.StoreUnsafe(ref to);
            b.StoreUnsafe(ref to, 8);
            c.StoreUnsafe(ref to, 16);
            d.StoreUnsafe(ref to, 24);
            return;
        }

        for (var j = 0; j < factors.Length; j++)
        {
            if (factors[j] != 0)
                NetLayers.Add(factors[j], matrix.Slice(j * row.Length, row.Length), row);
        }
    }

    /// <summary>A part of the buffer, all zero; a new buffer where it is too small.</summary>
    internal static Span<T> Room<T>(ref T[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = new T[length * 2];
        else
            buffer.AsSpan(0, length).Clear();
        return buffer.AsSpan(0, length);
    }
}
