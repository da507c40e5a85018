using System.Buffers;
using System.Globalization;
using System.Text;

namespace Pipeline.Evaluating;

/// <summary>How much of one page's body was found, as shares of all its shingles; they add up to 1, or to 0 where both texts are empty.</summary>
/// <param name="Found">Shingles in both texts.</param>
/// <param name="Surplus">Shingles of the extracted text alone.</param>
/// <param name="Missed">Shingles of the gold text alone.</param>
public readonly record struct BodyMatch(double Found, double Surplus, double Missed)
{
    private const int ShingleLength = 4;

    /// <summary>Share of what was extracted that belongs to the body.</summary>
    public double Precision => Surplus == 0 && Missed == 0 ? 1 : Found == 0 ? 0 : Found / (Found + Surplus);

    /// <summary>Share of the body that was extracted.</summary>
    public double Recall => Surplus == 0 && Missed == 0 ? 1 : Found == 0 ? 0 : Found / (Found + Missed);

    /// <summary>Whether not a word differs.</summary>
    public bool IsExact => Surplus == 0 && Missed == 0;

    /// <summary>Compares two texts by their runs of four words; marks and white space do not count, letter case does.</summary>
    public static BodyMatch Compare(string gold, string extracted)
    {
        var counts = new Dictionary<string, (int Gold, int Extracted)>(StringComparer.Ordinal);
        foreach (var shingle in Shingles(gold))
            counts[shingle] = counts.TryGetValue(shingle, out var c) ? (c.Gold + 1, c.Extracted) : (1, 0);
        foreach (var shingle in Shingles(extracted))
            counts[shingle] = counts.TryGetValue(shingle, out var c) ? (c.Gold, c.Extracted + 1) : (0, 1);
        long found = 0, surplus = 0, missed = 0;
        foreach (var (inGold, inExtracted) in counts.Values)
        {
            found += Math.Min(inGold, inExtracted);
            surplus += Math.Max(0, inExtracted - inGold);
            missed += Math.Max(0, inGold - inExtracted);
        }

        var all = (double)(found + surplus + missed);
        return all == 0 ? default : new BodyMatch(found / all, surplus / all, missed / all);
    }

    private static IEnumerable<string> Shingles(string text)
    {
        var words = Words(text);
        if (words.Count > 0 && words.Count < ShingleLength)
            yield return string.Join(' ', words);
        for (var i = 0; i + ShingleLength <= words.Count; i++)
            yield return string.Join(' ', words[i], words[i + 1], words[i + 2], words[i + 3]);
    }

    /// <summary>Runs of letters, numbers and underscores.</summary>
    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var start = -1;
        for (var i = 0; i < text.Length;)
        {
            var isRune = Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var length) == OperationStatus.Done;
            if (isRune && IsWord(rune))
            {
                if (start < 0)
                    start = i;
            }
            else if (start >= 0)
            {
                words.Add(text[start..i]);
                start = -1;
            }

            i += length;
        }

        if (start >= 0)
            words.Add(text[start..]);
        return words;
    }

    private static bool IsWord(Rune rune) => rune.Value == '_' || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber
        or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
}

/// <summary>
/// Figures over pages, by the rules of the article extraction benchmark (Zyte, 2019): precision and recall are means
/// over the pages, F1 is of these means, accuracy is the share of pages without a differing word; the half-widths are
/// 1.96 standard deviations of 1,000 bootstrap samples, drawn from a fixed seed. Immutable.
/// </summary>
public sealed record BodyEvaluation
{
    private const int Samples = 1000;
    private const int Seed = 20241111;

    /// <summary>Number of pages.</summary>
    public required int Pages { get; init; }

    /// <summary>Mean precision, 0 to 1.</summary>
    public required double Precision { get; init; }

    /// <summary>Mean recall, 0 to 1.</summary>
    public required double Recall { get; init; }

    /// <summary>Harmonic mean of the two.</summary>
    public required double F1 { get; init; }

    /// <summary>Share of pages whose body is exactly the gold body.</summary>
    public required double Accuracy { get; init; }

    /// <summary>95% half-widths of precision, recall, F1 and accuracy.</summary>
    public required (double Precision, double Recall, double F1, double Accuracy) HalfWidth { get; init; }

    /// <summary>Computes the figures of at least one page.</summary>
    public static BodyEvaluation Of(IReadOnlyList<BodyMatch> pages)
    {
        ArgumentOutOfRangeException.ThrowIfZero(pages.Count);
        var all = new int[pages.Count];
        for (var i = 0; i < all.Length; i++)
            all[i] = i;
        var (precision, recall, f1, accuracy) = Figures(pages, all);

        // The sampler is the library's own so that the figures do not change with the runtime's.
        var random = new SplitMix(Seed);
        var samples = new double[4][];
        for (var k = 0; k < 4; k++)
            samples[k] = new double[Samples];
        for (var sample = 0; sample < Samples; sample++)
        {
            for (var i = 0; i < all.Length; i++)
                all[i] = random.Next(all.Length);
            var figures = Figures(pages, all);
            samples[0][sample] = figures.Precision;
            samples[1][sample] = figures.Recall;
            samples[2][sample] = figures.F1;
            samples[3][sample] = figures.Accuracy;
        }

        return new BodyEvaluation
        {
            Pages = pages.Count,
            Precision = precision,
            Recall = recall,
            F1 = f1,
            Accuracy = accuracy,
            HalfWidth = (HalfWidthOf(samples[0]), HalfWidthOf(samples[1]), HalfWidthOf(samples[2]), HalfWidthOf(samples[3])),
        };
    }

    private static (double Precision, double Recall, double F1, double Accuracy) Figures(IReadOnlyList<BodyMatch> pages, int[] indices)
    {
        double precision = 0, recall = 0, exact = 0;
        int extracted = 0, gold = 0;
        foreach (var index in indices)
        {
            var page = pages[index];
            if (page.Found + page.Surplus > 0)
            {
                precision += page.Precision;
                extracted++;
            }

            if (page.Found + page.Missed > 0)
            {
                recall += page.Recall;
                gold++;
            }

            exact += page.IsExact ? 1 : 0;
        }

        precision = extracted == 0 ? 0 : precision / extracted;
        recall = gold == 0 ? 0 : recall / gold;
        return (precision, recall, precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall), exact / indices.Length);
    }

    private static double HalfWidthOf(double[] values)
    {
        var mean = values.Sum() / values.Length;
        return 1.96 * Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
    }

    private struct SplitMix(ulong state)
    {
        private ulong _state = state;

        public int Next(int below)
        {
            _state += 0x9E3779B97F4A7C15;
            var z = _state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            z ^= z >> 31;
            return (int)((z >> 33) % (ulong)below);
        }
    }
}
