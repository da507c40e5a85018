using System.Globalization;
using Pipeline.Cleaning;
using Pipeline.Dates;
using Pipeline.Reading;
using Pipeline.Segmenting;

namespace Pipeline.Tests.Dates;

/// <summary>Dates of a text, written as the case files write them.</summary>
internal static class DateCase
{
    private static readonly DateResolver Resolver = new();

    /// <summary>The article date of the rule files' examples: a Tuesday.</summary>
    public static DateOnly ExampleDate { get; } = new(2024, 11, 12);

    /// <summary>One paragraph, cut behind every word of three letters with a full stop; no tokens, as the rules need none.</summary>
    public static SegmentedArticle Article(string text)
    {
        var sentences = new List<Sentence>();
        var start = 0;
        for (var i = 4; i < text.Length - 1; i++)
        {
            if (text[i] != ' ' || text[i - 1] != '.' || !char.IsAsciiLetterUpper(text[i + 1]) || !text.AsSpan(i - 4, 3).ContainsOnlyAlphanumerics())
                continue;
            sentences.Add(new Sentence(1, "", new TextSpan(start, i), 0, 0));
            start = i + 1;
        }

        sentences.Add(new Sentence(1, "", new TextSpan(start, text.Length), 0, 0));
        return new SegmentedArticle(
            new ArticleText
            {
                Article = new Article { Id = "test", Source = "test", Content = text },
                Text = text,
                Blocks = [new Block(BlockKind.Paragraph, new TextSpan(0, text.Length), "")],
            },
            sentences,
            default);
    }

    private static bool ContainsOnlyAlphanumerics(this ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c))
                return false;
        }

        return true;
    }

    public static IReadOnlyList<DateMention> Mentions(string text, DateOnly? articleDate) => Resolver.Resolve(Article(text), articleDate);

    public static List<(string Rule, string Text, string Value, string? Mod)> Fired(string text)
    {
        var found = new List<(string, string, string, string?)>();
        Resolver.Read(Article(text), ExampleDate, (match, mention) =>
            found.Add((match.Rule.Name, mention.Span.In(text).ToString(), mention.Value, mention.Mod)));
        return found;
    }

    /// <summary><c>span|T|value|mod; span|T|value</c>, T the first letter of the type, U a duration.</summary>
    public static string Written(string text, DateOnly? articleDate) => string.Join("; ", Mentions(text, articleDate).Select(m =>
        $"{m.Span.In(text)}|{"DTUS"[(int)m.Type]}|{m.Value}{(m.Mod is null ? "" : "|" + m.Mod)}"));

    public static DateOnly? Day(string iso) =>
        iso.Length < 10 ? null : DateOnly.ParseExact(iso, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
