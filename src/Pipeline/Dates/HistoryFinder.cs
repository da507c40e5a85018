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
    /// <param name="verbs">Counts verbs like "is" and like "was", and all words; asked only where the years speak for a past.</param>
    /// <param name="deictics">Counts the expressions that point to the article's date, "last week", "two years ago"; asked only where the verbs do too.</param>
    public static int? FirstYear(string text, int articleYear, Func<(int Present, int Past, int Words)> verbs, Func<int> deictics)
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
        var (present, past, words) = verbs();
        return past >= present * PastToPresent && words <= far * MostWordsToFar && far >= deictics() * FarToDeictic ? first : null;
    }

    private static bool IsAlone(ReadOnlySpan<char> text, int start, int end) =>
        !(start > 0 && (char.IsLetter(text[start - 1]) || text[start - 1] is ',' or '.' or '$' or '€' or '£' or '#' or '/'))
        && !(end < text.Length && (char.IsLetter(text[end]) || text[end] is '%' or '/' || (text[end] is ',' or '.' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]))));
}
