using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pipeline.Classifying;

/// <summary>
/// Several small nets that read an article together, so that a sentence is judged by what its neighbours say and not
/// only by their roles: each sentence becomes the sum of its features' vectors (Joulin et al. 2017), a second layer sees
/// that of the sentence, of two before and two behind, and the means of its paragraph and its article. Their answers
/// are averaged with those of the linear first stage. Immutable.
/// </summary>
/// <param name="labels">How many labels.</param>
/// <param name="keys">The features' hashes, ascending, distinct, not 0.</param>
/// <param name="steps">For each key the size of one step of its vectors.</param>
/// <param name="vectors">For each key the vectors of all members, one behind the other, in steps.</param>
/// <param name="members">The rest of each net.</param>
internal sealed class ContextNet(int labels, uint[] keys, float[] steps, sbyte[] vectors, NetLayers[] members)
{
    /// <summary>Families of features that the nets see: the others cost time and give them nothing.</summary>
    public const FeatureFamilies Families = FeatureFamilies.Words | FeatureFamilies.Phrases | FeatureFamilies.Cues | FeatureFamilies.Opening;

    private readonly int width = members.Length * NetLayers.Width;
    private readonly ReadOnlyMemory<sbyte> vectors = CacheLines.Copy<sbyte>(vectors);

    [ThreadStatic]
    private static Desk? scratch;

    public uint[] Keys => keys;

    public float[] Steps => steps;

    public ReadOnlyMemory<sbyte> Vectors => vectors;

    public NetLayers[] Members => members;

    /// <summary>Changes the first stage's log-probabilities, one row a sentence, to the mean of them and the nets' answers.</summary>
    /// <param name="scan">The article.</param>
    /// <param name="sums">For each sentence the sum of its features' vectors, of all members one behind the other.</param>
    /// <param name="logProbabilities">What is changed.</param>
    public void Mix(ArticleScan scan, ReadOnlySpan<float> sums, Span<double> logProbabilities)
    {
        var count = scan.SentenceCount;
        var desk = scratch ??= new Desk();
        var layout = desk.Layout;
        layout.Load(scan);
        var answers = NetPass.Room(ref desk.Answers, count * labels);
        for (var m = 0; m < members.Length; m++)
        {
            var pass = desk.Pass;
            pass.Prepare(count, labels);
            for (var s = 0; s < count; s++)
                sums.Slice((s * width) + (m * NetLayers.Width), NetLayers.Width).CopyTo(pass.Encoded(s));
            pass.Run(members[m], layout);
            pass.AddAnswers(answers, 1.0 / members.Length);
        }

        Blend(answers, labels, logProbabilities);
    }

    /// <summary>Working memory of one thread.</summary>
    private sealed class Desk
    {
        public double[] Answers = [];

        public NetLayout Layout { get; } = new();

        public NetPass Pass { get; } = new();
    }

    /// <summary>The normalised geometric mean of the nets' probabilities and the first stage's, as logarithms.</summary>
    public static void Blend(ReadOnlySpan<double> answers, int labels, Span<double> logProbabilities)
    {
        for (var start = 0; start < answers.Length; start += labels)
        {
            var row = logProbabilities.Slice(start, labels);
            for (var l = 0; l < labels; l++)
                row[l] = 0.5 * (Math.Max(row[l], -12) + Math.Log(Math.Max(answers[start + l], 1e-5)));
            Softmax.Normalize(row);
        }
    }

    /// <summary>The step by which a vector's numbers are told apart, and how many steps a number is.</summary>
    public static float StepOf(ReadOnlySpan<float> vector)
    {
        var most = 1e-6f;
        foreach (var x in vector)
            most = MathF.Max(most, MathF.Abs(x));
        return most / 127;
    }

    public static sbyte StepsOf(float x, float step) => (sbyte)Math.Clamp(MathF.Round(x / step), -127, 127);
}

/// <summary>The weights of one net behind its features' vectors. Immutable once trained.</summary>
internal sealed class NetLayers
{
    /// <summary>Length of a feature's vector.</summary>
    public const int Width = 16;

    /// <summary>Units of the second layer.</summary>
    public const int Hidden = 32;

    /// <summary>What the second layer sees: five sentences, the means of article and paragraph.</summary>
    public const int Blocks = 7;

    public NetLayers(int labels)
    {
        Context = new float[Blocks * Width * Hidden];
        Place = new float[NetLayout.Places * Hidden];
        HiddenBias = new float[Hidden];
        FromHidden = new float[Hidden * labels];
        FromEncoded = new float[Width * labels];
        LabelBias = new float[labels];
        EncodedBias = new float[Width];
    }

    public float[] Context { get; }

    public float[] Place { get; }

    public float[] HiddenBias { get; }

    public float[] FromHidden { get; }

    public float[] FromEncoded { get; }

    public float[] LabelBias { get; }

    public float[] EncodedBias { get; }

    /// <summary>All weights, in the order of the file.</summary>
    public float[][] All => [Context, Place, HiddenBias, FromHidden, FromEncoded, LabelBias, EncodedBias];

    /// <summary>Adds a multiple of a row to another. No fused operations: every machine gives the same bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(float factor, ReadOnlySpan<float> row, Span<float> sum)
    {
        ref var from = ref MemoryMarshal.GetReference(row);
        ref var to = ref MemoryMarshal.GetReference(sum);
        var factors = Vector256.Create(factor);
        var i = 0;
        for (; i <= row.Length - 8; i += 8)
            (Vector256.LoadUnsafe(ref to, (nuint)i) + (factors * Vector256.LoadUnsafe(ref from, (nuint)i))).StoreUnsafe(ref to, (nuint)i);
        for (; i < row.Length; i++)
            sum[i] += factor * row[i];
    }
}

/// <summary>What the nets need to know of an article's form: the place of each sentence and the range of its paragraph.</summary>
internal sealed class NetLayout
{
    /// <summary>Numbers that tell a sentence's place.</summary>
    public const int Places = 14;

    private int[] starts = [];
    private int[] ends = [];
    private float[] places = [];

    /// <summary>Takes an article's form; the one before is forgotten.</summary>
    public void Load(ArticleScan scan)
    {
        var count = scan.SentenceCount;
        NetPass.Room(ref starts, count);
        NetPass.Room(ref ends, count);
        var all = NetPass.Room(ref places, count * Places);
        Count = count;
        for (var t = 0; t < count; t++)
        {
            ref readonly var facts = ref scan.Sentences[t];
            if (facts.ParagraphKnown)
                (starts[t], ends[t]) = (facts.ParagraphStart, facts.ParagraphEnd);
            var row = all.Slice(t * Places, Places);
            var place = count > 1 ? 4f * t / (count - 1) : 0;
            for (var i = 0; i < 5; i++)
                row[i] = MathF.Max(0, 1 - MathF.Abs(place - i));
            row[5] = t == 0 ? 1 : 0;
            row[6] = t == count - 1 ? 1 : 0;
            row[7] = facts.OpensInQuote ? 1 : 0;
            row[8] = facts.ClosesInQuote ? 1 : 0;
            row[9] = 4f / count;
            row[10] = t == 1 ? 1 : 0;
            row[11] = t == count - 2 ? 1 : 0;
            row[12] = facts.ParagraphKnown ? 1 : 0;
            row[13] = facts.ParagraphKnown && t == facts.ParagraphStart ? 1 : 0;
        }
    }

    public int Count { get; private set; }

    /// <summary>Where each sentence's paragraph starts and ends (exclusive); an empty range where paragraphs are not known.</summary>
    public ReadOnlySpan<int> Starts => starts.AsSpan(0, Count);

    public ReadOnlySpan<int> Ends => ends.AsSpan(0, Count);

    public ReadOnlySpan<float> Place => places.AsSpan(0, Count * Places);
}
