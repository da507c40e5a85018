
namespace Pipeline.Classifying;

/// <summary>
/// A linear-chain conditional random field (Lafferty, McCallum, Pereira 2001) over the first stage's answers for the
/// sentence, its neighbours, its paragraph, its section and the article. Roles come in runs; this layer knows how.
/// Immutable.
/// </summary>
/// <param name="labels">How many labels.</param>
/// <param name="weights">See <see cref="WeightCount"/>: emissions by feature and label, then transitions by kind, from, to.</param>
/// <param name="calibration">What the marginals go through, so that they are honest and rare labels are not passed over.</param>
internal sealed class SequenceLayer(int labels, double[] weights, RoleCalibration calibration)
{
    /// <summary>Kinds of steps between sentences: same paragraph, new paragraph, new section, paragraphs unknown.</summary>
    public const int StepKinds = 4;

    private const int PlainFeatures = 16;
    private const int Blocks = 13;

    public double[] Weights => weights;

    public RoleCalibration Calibration => calibration;

    public static int FeatureCount(int labels) => (Blocks * labels) + PlainFeatures;

    public static int WeightCount(int labels) => (FeatureCount(labels) * labels) + (StepKinds * labels * labels);

    /// <summary>The marginal probabilities, calibrated, one row a sentence.</summary>
    public void Decode(ReadOnlySpan<double> features, ReadOnlySpan<byte> steps, Span<double> marginals)
    {
        var count = steps.Length;
        var emissions = new double[count * labels];
        Emissions(weights, labels, features, emissions);
        var chain = new Chain(count, labels);
        chain.Run(emissions, weights.AsSpan(FeatureCount(labels) * labels), steps);
        chain.Marginals.CopyTo(marginals);
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

    /// <summary>What the layer sees of each sentence, and the kind of step that leads to it.</summary>
    public static (double[] Features, byte[] Steps) See(ReadOnlySpan<double> logProbabilities, int labels, ArticleScan scan)
    {
        var count = scan.SentenceCount;
        var width = FeatureCount(labels);
        var features = new double[count * width];
        var steps = new byte[count];
        var p = new double[count * labels];
        var total = new double[(count + 1) * labels];
        for (var t = 0; t < count; t++)
        {
            for (var l = 0; l < labels; l++)
            {
                p[(t * labels) + l] = Math.Exp(logProbabilities[(t * labels) + l]);
                total[((t + 1) * labels) + l] = total[(t * labels) + l] + p[(t * labels) + l];
            }
        }

        for (var t = 0; t < count; t++)
        {
            ref readonly var facts = ref scan.Sentences[t];
            var row = features.AsSpan(t * width, width);
            var mean = 0.0;
            for (var l = 0; l < labels; l++)
                mean += Math.Max(logProbabilities[(t * labels) + l], -8) / labels;
            for (var l = 0; l < labels; l++)
            {
                row[l] = Math.Max(logProbabilities[(t * labels) + l], -8) - mean;
                row[labels + l] = p[(t * labels) + l];
            }

            Neighbour(t, -1, 2);
            Neighbour(t, 1, 4);
            Neighbour(t, -2, 6);
            Neighbour(t, 2, 7);
            if (facts.ParagraphKnown)
                Mean(row, 8, facts.ParagraphStart, facts.ParagraphEnd, t);
            if (facts.SectionStart > 0 || facts.SectionEnd < count)
                Mean(row, 9, facts.SectionStart, facts.SectionEnd, t);
            Mean(row, 10, 0, count, t);
            Mean(row, 11, Math.Max(0, t - 5), t, -1);
            Mean(row, 12, t + 1, Math.Min(count, t + 6), -1);

            Plain(row[(Blocks * labels)..], t, count, facts);
            steps[t] = (byte)(t == facts.SectionStart ? 2 : !facts.ParagraphKnown ? 3 : t == facts.ParagraphStart ? 1 : 0);
        }

        return (features, steps);

        void Neighbour(int t, int offset, int block)
        {
            var other = t + offset;
            if (other < 0 || other >= count)
                return;
            var row = features.AsSpan(t * width, width);
            ref readonly var facts = ref scan.Sentences[t];
            var apart = Math.Abs(offset) == 1 && (facts.ParagraphKnown
                ? other < facts.ParagraphStart || other >= facts.ParagraphEnd
                : other < facts.SectionStart || other >= facts.SectionEnd);
            p.AsSpan(other * labels, labels).CopyTo(row[((block + (apart ? 1 : 0)) * labels)..]);
        }

        void Mean(Span<double> row, int block, int start, int end, int without)
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

    private static void Plain(Span<double> row, int t, int count, in SentenceFacts facts)
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
    }
}
