
namespace Pipeline.Classifying;

/// <summary>
/// A linear-chain conditional random field (Lafferty, McCallum, Pereira 2001) over the first stage's answers for the
/// sentence, its neighbours, its paragraph, its section and the article. Roles come in runs; this layer knows how.
/// Immutable.
/// </summary>
/// <param name="labels">How many labels.</param>
/// <param name="weights">See <see cref="WeightCount"/>: emissions by feature and label, then transitions by step feature, from, to.</param>
/// <param name="calibration">What the marginals go through, so that they are honest and rare labels are not passed over.</param>
internal sealed class SequenceLayer(int labels, double[] weights, RoleCalibration calibration)
{
    /// <summary>What may be said of the step from one sentence to the next; each has transition weights of its own.</summary>
    public const int StepFeatures = 16;

    private const int PlainFeatures = 33;
    private const int Blocks = 16;

    [ThreadStatic]
    private static Desk? scratch;

    private static readonly ulong Contrast = CueLexicon.Default.Mask("contrast");
    private static readonly ulong Addition = CueLexicon.Default.Mask("addition") | CueLexicon.Default.Mask("example");
    private static readonly ulong BackReference = CueLexicon.Default.Mask("this") | CueLexicon.Default.Mask("it") | CueLexicon.Default.Mask("third-person");
    private static readonly ulong Result = CueLexicon.Default.Mask("summary") | CueLexicon.Default.Mask("effect");
    private static readonly ulong Cause = CueLexicon.Default.Mask("cause") | CueLexicon.Default.Mask("reason");

    public double[] Weights => weights;

    public RoleCalibration Calibration => calibration;

    /// <summary>The nets whose answers are mixed with the first stage's before the layer sees them, if there are any.</summary>
    public ContextNet? Nets { get; init; }

    public static int FeatureCount(int labels) => (Blocks * labels) + PlainFeatures;

    public static int WeightCount(int labels) => (FeatureCount(labels) * labels) + (StepFeatures * labels * labels);

    /// <summary>The marginal probabilities of an article's sentences, calibrated, one row a sentence.</summary>
    public void Decode(ReadOnlySpan<double> logProbabilities, ArticleScan scan, Span<double> marginals)
    {
        var desk = scratch ??= new Desk();
        var (count, width) = (scan.SentenceCount, FeatureCount(labels));
        Look(logProbabilities, labels, scan, desk);
        var emissions = NetPass.Room(ref desk.Emissions, count * labels);
        // What a sentence shows is used at once: of all sentences it would be most of what an article takes.
        var row = NetPass.Room(ref desk.Row, width);
        for (var t = 0; t < count; t++)
        {
            row.Clear();
            See(logProbabilities, labels, scan, desk, t, row);
            Emissions(weights, labels, row, emissions.Slice(t * labels, labels));
        }

        Decode(desk, emissions, desk.Steps.AsSpan(0, count), marginals);
    }

    /// <summary>The marginal probabilities, calibrated, one row a sentence.</summary>
    public void Decode(ReadOnlySpan<double> features, ReadOnlySpan<ushort> steps, Span<double> marginals)
    {
        var desk = scratch ??= new Desk();
        var emissions = NetPass.Room(ref desk.Emissions, steps.Length * labels);
        Emissions(weights, labels, features, emissions);
        Decode(desk, emissions, steps, marginals);
    }

    private void Decode(Desk desk, ReadOnlySpan<double> emissions, ReadOnlySpan<ushort> steps, Span<double> marginals)
    {
        desk.Chain.Prepare(steps.Length, labels);
        desk.Chain.Run(emissions, weights.AsSpan(FeatureCount(labels) * labels), steps);
        desk.Chain.Marginals.CopyTo(marginals);
        calibration.Apply(marginals);
    }

    public static void Emissions(ReadOnlySpan<double> weights, int labels, ReadOnlySpan<double> features, Span<double> emissions)
    {
        var width = FeatureCount(labels);
        var count = features.Length / width;
        for (var t = 0; t < count; t++)
        {
            var row = emissions.Slice(t * labels, labels);
            row.Clear();
            for (var f = 0; f < width; f++)
            {
                var x = features[(t * width) + f];
                if (x == 0)
                    continue;
                for (var l = 0; l < labels; l++)
                    row[l] += x * weights[(f * labels) + l];
            }
        }
    }

    /// <summary>What the layer sees of each sentence, and what is true of the step that leads to it (bits).</summary>
    public static (double[] Features, ushort[] Steps) See(ReadOnlySpan<double> logProbabilities, int labels, ArticleScan scan)
    {
        var desk = scratch ??= new Desk();
        var (count, width) = (scan.SentenceCount, FeatureCount(labels));
        Look(logProbabilities, labels, scan, desk);
        var features = new double[count * width];
        for (var t = 0; t < count; t++)
            See(logProbabilities, labels, scan, desk, t, features.AsSpan(t * width, width));
        return (features, desk.Steps[..count]);
    }

    /// <summary>The probabilities, their sums over all sentences before each, and the steps.</summary>
    private static void Look(ReadOnlySpan<double> logProbabilities, int labels, ArticleScan scan, Desk desk)
    {
        var count = scan.SentenceCount;
        var steps = NetPass.Room(ref desk.Steps, count);
        var p = NetPass.Room(ref desk.Probabilities, count * labels);
        var total = NetPass.Room(ref desk.Totals, (count + 1) * labels);
        for (var t = 0; t < count; t++)
        {
            for (var l = 0; l < labels; l++)
            {
                p[(t * labels) + l] = Math.Exp(logProbabilities[(t * labels) + l]);
                total[((t + 1) * labels) + l] = total[(t * labels) + l] + p[(t * labels) + l];
            }

            if (t > 0)
                steps[t] = Step(scan, t);
        }
    }

    /// <summary>What the layer sees of one sentence; the row is all zero before.</summary>
    private static void See(ReadOnlySpan<double> logProbabilities, int labels, ArticleScan scan, Desk desk, int t, Span<double> row)
    {
        var count = scan.SentenceCount;
        ReadOnlySpan<double> p = desk.Probabilities, total = desk.Totals;
        ref readonly var facts = ref scan.Sentences[t];
        var mean = 0.0;
        for (var l = 0; l < labels; l++)
            mean += Math.Max(logProbabilities[(t * labels) + l], -8) / labels;
        for (var l = 0; l < labels; l++)
        {
            row[l] = Math.Max(logProbabilities[(t * labels) + l], -8) - mean;
            row[labels + l] = p[(t * labels) + l];
        }

        Neighbour(row, p, t, -1, 2);
        Neighbour(row, p, t, 1, 4);
        Neighbour(row, p, t, -2, 6);
        Neighbour(row, p, t, 2, 7);
        if (facts.ParagraphKnown)
            Mean(row, p, total, 8, facts.ParagraphStart, facts.ParagraphEnd, t);
        if (facts.SectionStart > 0 || facts.SectionEnd < count)
            Mean(row, p, total, 9, facts.SectionStart, facts.SectionEnd, t);
        if (facts.ParagraphKnown && t > facts.ParagraphStart)
            p.Slice(facts.ParagraphStart * labels, labels).CopyTo(row[(13 * labels)..]);
        if (facts.ParagraphKnown && t == facts.ParagraphStart)
        {
            Mean(row, p, total, 14, facts.ParagraphStart, facts.ParagraphEnd, t);
            if (t > 0)
                Mean(row, p, total, 15, scan.Sentences[t - 1].ParagraphStart, t, -1);
        }

        Mean(row, p, total, 10, 0, count, t);
        Mean(row, p, total, 11, Math.Max(0, t - 5), t, -1);
        Mean(row, p, total, 12, t + 1, Math.Min(count, t + 6), -1);
        Plain(row[(Blocks * labels)..], t, count, facts, OpensWithQuote(scan, facts));

        void Neighbour(Span<double> row, ReadOnlySpan<double> p, int t, int offset, int block)
        {
            var other = t + offset;
            if (other < 0 || other >= count)
                return;
            ref readonly var facts = ref scan.Sentences[t];
            var apart = Math.Abs(offset) == 1 && (facts.ParagraphKnown
                ? other < facts.ParagraphStart || other >= facts.ParagraphEnd
                : other < facts.SectionStart || other >= facts.SectionEnd);
            p.Slice(other * labels, labels).CopyTo(row[((block + (apart ? 1 : 0)) * labels)..]);
        }

        void Mean(Span<double> row, ReadOnlySpan<double> p, ReadOnlySpan<double> total, int block, int start, int end, int without)
        {
            var n = end - start - (without >= 0 ? 1 : 0);
            if (n <= 0)
                return;
            for (var l = 0; l < labels; l++)
            {
                var sum = total[(end * labels) + l] - total[(start * labels) + l] - (without >= 0 ? p[(without * labels) + l] : 0);
                row[(block * labels) + l] = sum / n;
            }
        }
    }

    /// <summary>Working memory of one thread.</summary>
    private sealed class Desk
    {
        public double[] Row = [];
        public ushort[] Steps = [];
        public double[] Probabilities = [];
        public double[] Totals = [];
        public double[] Emissions = [];

        public Chain Chain { get; } = new(0, 1);
    }

    private static ushort Step(ArticleScan scan, int t)
    {
        ref readonly var facts = ref scan.Sentences[t];
        ref readonly var before = ref scan.Sentences[t - 1];
        var step = t == facts.SectionStart ? 4 : !facts.ParagraphKnown ? 8 : t == facts.ParagraphStart ? 2 : 1;
        var opening = 0UL;
        for (var i = facts.First; i < Math.Min(facts.End, facts.First + 2); i++)
            opening |= scan.Cues[i];
        step |= (opening & Contrast) != 0 ? 1 << 4 : 0;
        step |= (opening & Addition) != 0 ? 1 << 5 : 0;
        step |= (opening & BackReference) != 0 ? 1 << 6 : 0;
        step |= (opening & Result) != 0 ? 1 << 7 : 0;
        step |= (opening & Cause) != 0 ? 1 << 8 : 0;
        step |= facts.OpensInQuote ? 1 << 9 : 0;
        var shared = scan.SharedWords(before, facts);
        step |= shared > 0 ? 1 << 10 : 0;
        step |= shared > 2 ? 1 << 11 : 0;
        step |= facts.End - facts.First < 9 ? 1 << 12 : 0;
        step |= before.End > before.First && scan.Text[scan.TokenMemory.Span[before.End - 1].Start] is '?' or ':' ? 1 << 13 : 0;
        // Reports have a paragraph a sentence; there a new paragraph parts little.
        step |= t == facts.ParagraphStart && facts.ParagraphEnd == t + 1 && before.ParagraphStart == t - 1 && facts.ParagraphKnown ? 1 << 14 : 0;
        step |= OpensWithQuote(scan, facts) ? 1 << 15 : 0;
        return (ushort)step;
    }

    private static bool OpensWithQuote(ArticleScan scan, in SentenceFacts facts) =>
        facts.End > facts.First && scan.Shapes[facts.First] is TokenShape.OpenQuote or TokenShape.PlainQuote;

    private static void Plain(Span<double> row, int t, int count, in SentenceFacts facts, bool opensWithQuote)
    {
        row[0] = 1;
        row[1] = t == 0 ? 1 : 0;
        row[2] = t == count - 1 ? 1 : 0;
        if (facts.ParagraphKnown)
        {
            row[3] = facts.ParagraphEnd - facts.ParagraphStart == 1 ? 1 : 0;
            row[4] = t == facts.ParagraphStart ? 1 : 0;
            row[5] = t == facts.ParagraphEnd - 1 ? 1 : 0;
            row[6] = facts.ParagraphNumber == 1 ? 1 : 0;
            row[7] = facts.ParagraphNumber == facts.ParagraphCount ? 1 : 0;
        }
        else
        {
            row[8] = 1;
        }

        row[9] = facts.SectionStart == 0 && facts.SectionEnd == count ? 1 : 0;
        var place = count > 1 ? 4.0 * t / (count - 1) : 0;
        for (var i = 0; i < 5; i++)
            row[10 + i] = Math.Max(0, 1 - Math.Abs(place - i));
        row[15] = 1.0 / count;
        for (var i = 0; i < 4; i++)
        {
            row[16 + i] = t == i ? 1 : 0;
            row[20 + i] = count - 1 - t == i ? 1 : 0;
        }

        row[24] = t == facts.SectionStart ? 1 : 0;
        row[25] = t == facts.SectionEnd - 1 ? 1 : 0;
        row[26] = facts.SectionStart == 0 && facts.SectionEnd < count ? 1 : 0;
        row[27] = facts.SectionEnd == count && facts.SectionStart > 0 ? 1 : 0;
        row[28] = facts.OpensInQuote ? 1 : 0;
        row[29] = facts.ClosesInQuote ? 1 : 0;
        row[30] = Math.Min(facts.End - facts.First, 60) / 30.0;
        row[31] = facts.ParagraphKnown ? (double)facts.ParagraphCount / count : 0;
        row[32] = opensWithQuote ? 1 : 0;
    }
}
