using Pipeline.Dates;
using Pipeline.Segmenting;

namespace Pipeline.Evaluating;

/// <summary>Figures of dates against TimeML. Type and value count, as in TempEval-3, the expressions that overlap a gold one.</summary>
/// <param name="Documents">Number of documents.</param>
/// <param name="Strict">Expressions with exactly the gold span.</param>
/// <param name="Relaxed">Expressions that overlap a gold one.</param>
/// <param name="Type">Overlapping ones with the gold type.</param>
/// <param name="Value">Overlapping ones with the gold value, letter by letter.</param>
/// <param name="WithThe">Whether a leading "the" counted as part of the spans, because the corpus marks it so.</param>
public sealed record DateScores(
    int Documents, SpanScore Strict, SpanScore Relaxed, SpanScore Type, SpanScore Value, bool WithThe);

/// <summary>A difference to the gold standard.</summary>
/// <param name="Document">File name.</param>
/// <param name="Error">missed, spurious, span, type, value.</param>
/// <param name="Gold">Gold text, or empty.</param>
/// <param name="GoldType">Gold type.</param>
/// <param name="GoldValue">Gold value.</param>
/// <param name="Found">Found text, or empty.</param>
/// <param name="FoundType">Found type.</param>
/// <param name="FoundValue">Found value.</param>
/// <param name="Rule">Rule that found it.</param>
/// <param name="Context">The text around it.</param>
public sealed record DateError(
    string Document, string Error, string Gold, string GoldType, string GoldValue, string Found, string FoundType,
    string FoundValue, string Rule, string Context);

/// <summary>
/// Scores dates against TimeML documents by the rules of TempEval-3 (UzZaman et al. 2013): expressions outside TEXT are
/// not scored, values are compared as strings. The annotation guide leaves a leading "the" out of the span and
/// TimeBank mostly takes it in; where the corpus at hand does, the found spans take it in too before they are compared.
/// </summary>
public static class DateEvaluation
{
    private static readonly string[] TypeNames = ["DATE", "TIME", "DURATION", "SET"];

    /// <summary>Scores files.</summary>
    /// <param name="paths">TimeML files and folders of <c>.tml</c> files.</param>
    /// <param name="resolver">What is measured.</param>
    /// <param name="chosen">Which files count, by file name; all where <see langword="null"/>.</param>
    /// <exception cref="UserFileException">A path is missing or no TimeML.</exception>
    public static (DateScores Scores, IReadOnlyList<DateError> Errors) Evaluate(
        IReadOnlyList<string> paths, DateResolver resolver, Func<string, bool>? chosen = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(resolver);
        var documents = Files(paths).Where(file => chosen?.Invoke(Path.GetFileName(file)) ?? true).Select(TimeMlFile.Read).ToList();
        var withThe = documents.Exists(d => d.Timexes.Any(t => t.Span.In(d.Text).StartsWith("the ", StringComparison.OrdinalIgnoreCase)));
        var segmenter = new Segmenter();
        var errors = new List<DateError>();
        int gold = 0, system = 0, strict = 0, relaxed = 0, type = 0, value = 0;
        foreach (var document in documents)
        {
            var found = Find(document, segmenter, resolver, withThe);
            gold += document.Timexes.Count;
            system += found.Count;
            var used = new bool[found.Count];
            foreach (var timex in document.Timexes)
            {
                var match = Match(timex, found, used);
                if (match < 0)
                {
                    errors.Add(Error(document, "missed", timex, null));
                    continue;
                }

                used[match] = true;
                relaxed++;
                var other = found[match];
                if (other.Span == timex.Span)
                    strict++;
                else
                    errors.Add(Error(document, "span", timex, other));
                if (TypeNames[(int)other.Mention.Type] == timex.Type)
                    type++;
                else
                    errors.Add(Error(document, "type", timex, other));
                if (other.Mention.Value == timex.Value)
                    value++;
                else
                    errors.Add(Error(document, "value", timex, other));
            }

            for (var i = 0; i < used.Length; i++)
            {
                if (!used[i])
                    errors.Add(Error(document, "spurious", null, found[i]));
            }
        }

        return (
            new(documents.Count, new(gold, system, strict), new(gold, system, relaxed), new(gold, system, type), new(gold, system, value), withThe),
            errors);
    }

    /// <summary>
    /// The part of a file name in a split that needs no list: FNV-1a of its UTF-8 bytes, modulo the number of folds.
    /// </summary>
    /// <param name="fileName">Name without folders.</param>
    /// <param name="folds">Number of folds, at least 1.</param>
    public static int Fold(string fileName, int folds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 1);
        var hash = 2166136261u;
        foreach (var b in System.Text.Encoding.UTF8.GetBytes(fileName))
            hash = (hash ^ b) * 16777619;
        return (int)(hash % (uint)folds);
    }

    private static List<Found> Find(TimeMlFile document, Segmenter segmenter, DateResolver resolver, bool withThe)
    {
        var found = new List<Found>();
        var article = segmenter.Segment(document.ToArticle());
        resolver.Read(article, document.Created, (match, mention) =>
        {
            var start = mention.Span.Start;
            if (withThe && !IsPremodifier(document.Text, mention))
            {
                var before = start;
                while (before > 0 && char.IsWhiteSpace(document.Text[before - 1]))
                    before--;
                if (before < start && before >= 3 && document.Text.AsSpan(before - 3, 3).Equals("the", StringComparison.OrdinalIgnoreCase)
                    && (before == 3 || !char.IsLetterOrDigit(document.Text[before - 4])))
                    start = before - 3;
            }

            found.Add(new(mention, new(start, mention.Span.End), match.Rule.Name));
        });
        return found;
    }

    /// <summary>"the 1996 bombing", "the two-day visit": there the article belongs to the noun behind; not so "the end of 1996".</summary>
    private static bool IsPremodifier(string text, DateMention mention)
    {
        var span = mention.Span.In(text);
        return mention.Type == TimexType.Set || span[^1] == 'y' && span.EndsWith("ly", StringComparison.Ordinal)
            || span.Equals("current", StringComparison.OrdinalIgnoreCase)
            || (char.IsAsciiDigit(span[^1]) && !span.Contains(" of ", StringComparison.Ordinal)) || (char.IsAsciiLetterUpper(span[0]) && !span.Contains(' '))
            || (span.Contains('-') && !span.Contains(' ') && !span.StartsWith("mid-", StringComparison.Ordinal));
    }

    private static int Match(GoldTimex timex, List<Found> found, bool[] used)
    {
        var best = -1;
        for (var i = 0; i < found.Count; i++)
        {
            if (used[i] || found[i].Span.End <= timex.Span.Start || found[i].Span.Start >= timex.Span.End)
                continue;
            if (found[i].Span == timex.Span)
                return i;
            if (best < 0)
                best = i;
        }

        return best;
    }

    private static DateError Error(TimeMlFile document, string kind, GoldTimex? gold, Found? found)
    {
        var span = gold?.Span ?? found!.Span;
        var from = Math.Max(0, span.Start - 70);
        var to = Math.Min(document.Text.Length, span.End + 40);
        return new(
            Path.GetFileName(document.Path), kind,
            gold is null ? "" : Line(gold.Span.In(document.Text)), gold?.Type ?? "", gold?.Value ?? "",
            found is null ? "" : Line(found.Span.In(document.Text)),
            found is null ? "" : TypeNames[(int)found.Mention.Type], found?.Mention.Value ?? "", found?.Rule ?? "",
            Line(document.Text.AsSpan(from, to - from)));
    }

    private static string Line(ReadOnlySpan<char> text) =>
        string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static IEnumerable<string> Files(IReadOnlyList<string> paths)
    {
        foreach (var path in paths)
        {
            if (Directory.Exists(path))
            {
                foreach (var file in Directory.EnumerateFiles(path, "*.tml", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
                    yield return file;
            }
            else if (File.Exists(path))
                yield return path;
            else
                throw new UserFileException(path, 0, "does not exist; expected a TimeML file or a folder of .tml files");
        }
    }

    private sealed record Found(DateMention Mention, TextSpan Span, string Rule);
}
