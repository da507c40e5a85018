namespace Pipeline.Dates;

/// <summary>
/// Decides, once for an article, whether it tells a past: many years far from its own date, verbs that are past twice as
/// often as present, and hardly an expression that points to now. In such an article "in January" is the January of the story. (To chain every month to the last year in any
/// article breaks far more than it mends.)
/// </summary>
internal static class HistoryFinder
{
    /// <summary>Years before the article's own from which on a year is far.</summary>
    private const int Far = 3;

    private const int FewestFar = 5;
    private const int FarToNear = 4;
    private const int FarToDeictic = 4;
    private const int PastToPresent = 2;
    private const int MostWordsToFar = 250;

    /// <summary>The first far year of the text where it tells a past, else <see langword="null"/>.</summary>
    /// <param name="text">The article's text.</param>
    /// <param name="articleYear">The year of its date.</param>
    /// <param name="tell">Counts what else tells; asked only where the years speak for a past.</param>
    public static int? FirstYear(string text, int articleYear, Func<Signs> tell)
    {
        int far = 0, near = 0, first = 0;
        var rest = text.AsSpan();
        while (rest.IndexOfAnyInRange('0', '9') is var at and >= 0)
        {
            var end = at + 1;
            while (end < rest.Length && char.IsAsciiDigit(rest[end]))
                end++;
            if (end - at == 4 && IsAlone(rest, at, end) && int.Parse(rest[at..end], System.Globalization.CultureInfo.InvariantCulture) is var year and >= 1000
                && year <= articleYear + 20)
            {
                if (year > articleYear - Far)
                    near++;
                else if (far++ == 0)
                    first = year;
            }

            rest = rest[end..];
        }

        if (far < FewestFar || far < near * FarToNear)
            return null;
        var signs = tell();
        return far >= signs.Deictics * FarToDeictic && signs.Past >= signs.Present * PastToPresent && signs.Words <= far * MostWordsToFar ? first : null;
    }

    /// <summary>What an article's words say.</summary>
    /// <param name="Deictics">Expressions that point to its date: "yesterday", "last week", "two years ago".</param>
    /// <param name="Present">Verbs like "is", "has", "says".</param>
    /// <param name="Past">Verbs like "was", "had".</param>
    /// <param name="Words">All words.</param>
    public readonly record struct Signs(int Deictics, int Present, int Past, int Words);

    private static bool IsAlone(ReadOnlySpan<char> text, int start, int end) =>
        !(start > 0 && (char.IsLetter(text[start - 1]) || text[start - 1] is ',' or '.' or '$' or '€' or '£' or '#' or '/'))
        && !(end < text.Length && (char.IsLetter(text[end]) || text[end] is '%' or '/' || (text[end] is ',' or '.' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]))));
}
