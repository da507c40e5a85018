using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pipeline.Classifying;

/// <summary>One net's way through one article; the buffers are reused, so an instance belongs to one thread.</summary>
internal sealed class NetPass
{
    private const int Width = NetLayers.Width;
    private const int Hidden = NetLayers.Hidden;

    /// <summary>How far the second layer sees; as many empty sentences stand at either end, so that it never asks for the end.</summary>
    private const int Reach = 2;

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
        // Sentences go through two at a time: one more, empty, where they are odd.
        Room(ref encoded, (count + (2 * Reach) + 1) * Width);
        Room(ref paragraphs, (count + 1) * Width);
        Room(ref hidden, (count + 1) * Hidden);
        Room(ref scores, count * labels);
        ArticleMean.AsSpan().Clear();
    }

    /// <summary>The sum of a sentence's vectors; the caller fills it before <see cref="Run"/>, which cuts it at zero.</summary>
    public Span<float> Encoded(int t) => encoded.AsSpan((t + Reach) * Width, Width);

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

        const int Near = ((2 * Reach) + 1) * Width;
        for (var t = 0; t < count; t += 2)
        {
            var row = HiddenOf(t);
            var next = HiddenOf(t + 1);
            layers.HiddenBias.CopyTo(row);
            layers.HiddenBias.CopyTo(next);
            AddRows(encoded.AsSpan(t * Width, Near), encoded.AsSpan((t + 1) * Width, Near), layers.Context, row, next);
            AddRows(ArticleMean, ArticleMean, layers.Context.AsSpan(Near * Hidden), row, next);
            AddRows(ParagraphMean(t), ParagraphMean(t + 1), layers.Context.AsSpan((Near + Width) * Hidden), row, next);
        }

        for (var t = 0; t < count; t++)
        {
            for (var p = 0; p < NetLayout.Places; p++)
            {
                var x = layout.Place[(t * NetLayout.Places) + p];
                if (x != 0)
                    NetLayers.Add(x, layers.Place.AsSpan(p * Hidden, Hidden), HiddenOf(t));
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
        Span<double> parts = stackalloc double[labels];
        for (var t = 0; t < count; t++)
        {
            var (_, sum) = Softmax.Exponentials(Scores(t), parts);
            for (var l = 0; l < labels; l++)
                probabilities[(t * labels) + l] += share * parts[l] / sum;
        }
    }

    private static void CutAtZero(Span<float> row)
    {
        ref var first = ref MemoryMarshal.GetReference(row);
        for (nuint i = 0; i < (nuint)row.Length; i += 8)
        {
            var x = Vector256.LoadUnsafe(ref first, i);
            (x & Vector256.GreaterThan(x, Vector256<float>.Zero)).StoreUnsafe(ref first, i);
        }
    }

    /// <summary>
    /// Adds to the hidden units of two sentences the rows of a matrix, each times its factor, in their order. The sums stay in
    /// registers and a row is read once for both.
    /// </summary>
    private static void AddRows(ReadOnlySpan<float> first, ReadOnlySpan<float> second, ReadOnlySpan<float> matrix, Span<float> one, Span<float> two)
    {
        ref var rows = ref MemoryMarshal.GetReference(matrix);
        ref var x = ref MemoryMarshal.GetReference(one);
        ref var y = ref MemoryMarshal.GetReference(two);
        var (a, b) = (Vector256.LoadUnsafe(ref x), Vector256.LoadUnsafe(ref x, 8));
        var (c, d) = (Vector256.LoadUnsafe(ref x, 16), Vector256.LoadUnsafe(ref x, 24));
        var (e, f) = (Vector256.LoadUnsafe(ref y), Vector256.LoadUnsafe(ref y, 8));
        var (g, h) = (Vector256.LoadUnsafe(ref y, 16), Vector256.LoadUnsafe(ref y, 24));
        for (var j = 0; j < first.Length && j < second.Length; j++)
        {
            var (factor, other) = (Vector256.Create(first[j]), Vector256.Create(second[j]));
            var at = (nuint)j * Hidden;
            var row = Vector256.LoadUnsafe(ref rows, at);
            a += factor * row;
            e += other * row;
            row = Vector256.LoadUnsafe(ref rows, at + 8);
            b += factor * row;
            f += other * row;
            row = Vector256.LoadUnsafe(ref rows, at + 16);
            c += factor * row;
            g += other * row;
            row = Vector256.LoadUnsafe(ref rows, at + 24);
            d += factor * row;
            h += other * row;
        }

        a.StoreUnsafe(ref x);
        b.StoreUnsafe(ref x, 8);
        c.StoreUnsafe(ref x, 16);
        d.StoreUnsafe(ref x, 24);
        e.StoreUnsafe(ref y);
        f.StoreUnsafe(ref y, 8);
        g.StoreUnsafe(ref y, 16);
        h.StoreUnsafe(ref y, 24);
    }

    /// <summary>Adds to a sentence's scores the rows of a matrix, each times its factor, in their order.</summary>
    private static void Rows(ReadOnlySpan<float> factors, ReadOnlySpan<float> matrix, Span<float> row)
    {
        var last = factors.Length - 1;
        if (row.Length is 3 or 4)
        {
            // All labels at once; a row of three is read with the first of the next.
            var sums = Vector128.Create(row[0], row[1], row[2], row.Length > 3 ? row[3] : 0);
            ref var from = ref MemoryMarshal.GetReference(matrix);
            for (var j = 0; j < last; j++)
                sums += Vector128.Create(factors[j]) * Vector128.LoadUnsafe(ref from, (nuint)(j * row.Length));
            for (var l = 0; l < row.Length; l++)
                row[l] = sums[l] + (factors[last] * matrix[(last * row.Length) + l]);
            return;
        }

        for (var j = 0; j < factors.Length; j++)
        {
            if (factors[j] != 0)
                NetLayers.Add(factors[j], matrix.Slice(j * row.Length, row.Length), row);
        }
    }

    /// <summary>Buffers up to this length leave room for longer articles; those of a book are as long as they must be.</summary>
    private const int Ample = 1 << 17;

    /// <summary>A part of the buffer, all zero; a new buffer where it is too small.</summary>
    internal static Span<T> Room<T>(ref T[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = new T[length <= Ample ? length * 2 : length];
        else
            buffer.AsSpan(0, length).Clear();
        return buffer.AsSpan(0, length);
    }
}
