using System.Globalization;
using System.Text.RegularExpressions;

namespace Pipeline.Cleaning;

/// <summary>
/// Reads a publication date out of metadata, an address, a dateline or a line of the page. A date that can be read in
/// two ways (3/4/2024) follows the page's language; where the language does not settle it, it is left out.
/// </summary>
internal static partial class PublicationDate
{
    private const int Longest = 120;
    private const int FirstYear = 1990;
    private const int LastYear = 2100;

    // Month names by language are data of the date stage; a publication line needs the English ones and those of the
    // languages whose news sites are scraped most.
    private static readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Months =
        DataFile.Rows("publication-months.tsv")
            .SelectMany(r => r[1].Split(' ').Select(name => (Name: name, Month: int.Parse(r[0], CultureInfo.InvariantCulture))))
            .ToDictionary(m => m.Name, m => m.Month, StringComparer.OrdinalIgnoreCase)
            .GetAlternateLookup<ReadOnlySpan<char>>();

    [GeneratedRegex("""(?<![0-9.,/-])(?<y>(?:19|20)[0-9][0-9])[-/.](?<m>[0-9]{1,2})[-/.](?<d>[0-9]{1,2})(?![0-9])""", RegexOptions.CultureInvariant)]
    private static partial Regex YearFirst();

    [GeneratedRegex("""^\s*(?<y>(?:19|20)[0-9][0-9])(?<m>[01][0-9])(?<d>[0-3][0-9])(?:T?[0-9]{4,6})?[^0-9]*$""", RegexOptions.CultureInvariant)]
    private static partial Regex Compact();

    [GeneratedRegex("""(?<!\p{L})(?<m>\p{L}{3,12})\.?\s+(?<d>[0-9]{1,2})(?:st|nd|rd|th)?,?\s+(?:at\s+)?(?<y>(?:19|20)[0-9][0-9])(?![0-9])""", RegexOptions.CultureInvariant)]
    private static partial Regex MonthFirst();

    [GeneratedRegex("""(?<![0-9])(?<d>[0-9]{1,2})(?:st|nd|rd|th|\.|º)?(?:\s+|-)(?:de\s+|of\s+)?(?<m>\p{L}{3,12})\.?,?(?:\s+|-)(?:de\s+|del\s+)?(?<y>(?:19|20)[0-9][0-9])(?![0-9])""", RegexOptions.CultureInvariant)]
    private static partial Regex DayFirst();

    [GeneratedRegex("""(?<![0-9.,/-])(?<a>[0-9]{1,2})(?<s>[./-])(?<b>[0-9]{1,2})\k<s>(?<y>(?:19|20)?[0-9][0-9])(?![0-9])""", RegexOptions.CultureInvariant)]
    private static partial Regex Numeric();

    [GeneratedRegex("""/(?<y>(?:19|20)[0-9][0-9])[/-](?<m>[0-9]{1,2}|[a-z]{3})[/-](?<d>[0-9]{1,2})(?=[/_-]|$|[^0-9])|[/_-](?<y>20[0-9][0-9])-?(?<m>[01][0-9])-?(?<d>[0-3][0-9])(?![0-9])""", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex InAddress();

    /// <summary>The first date in a short text.</summary>
    /// <param name="text">A metadata value or a line; only its first 120 characters count.</param>
    /// <param name="language">BCP 47 tag that settles numeric dates, or <see langword="null"/>.</param>
    /// <param name="date">The date.</param>
    public static bool TryRead(ReadOnlySpan<char> text, string? language, out DateOnly date)
    {
        date = default;
        if (text.Length > Longest)
            text = text[..Longest];
        if (text.IndexOfAnyInRange('0', '9') < 0)
            return false;
        var value = text.ToString();
        return TryFind(YearFirst(), value, out date) || TryFind(Compact(), value, out date)
            || TryFind(MonthFirst(), value, out date) || TryFind(DayFirst(), value, out date)
            || TryReadNumeric(value, language, out date);
    }

    /// <summary>The date in the path of an address such as <c>/2024/11/08/</c>.</summary>
    public static bool TryReadAddress(string url, out DateOnly date)
    {
        date = default;
        var path = url.IndexOf("://", StringComparison.Ordinal);
        var from = url.IndexOf('/', path < 0 ? 0 : path + 3);
        return from >= 0 && TryFind(InAddress(), url[from..Math.Min(url.Length, from + 300)], out date);
    }

    private static bool TryFind(Regex pattern, string text, out DateOnly date)
    {
        date = default;
        for (var match = pattern.Match(text); match.Success; match = match.NextMatch())
        {
            var month = match.Groups["m"].ValueSpan;
            var number = char.IsAsciiDigit(month[0])
                ? int.Parse(month, CultureInfo.InvariantCulture)
                : Months.TryGetValue(month, out var named) ? named : 0;
            if (TryMake(Number(match, "y"), number, Number(match, "d"), out date))
                return true;
        }

        return false;
    }

    private static bool TryReadNumeric(string text, string? language, out DateOnly date)
    {
        date = default;
        for (var match = Numeric().Match(text); match.Success; match = match.NextMatch())
        {
            var (first, second, year) = (Number(match, "a"), Number(match, "b"), Number(match, "y"));
            if (year < 100)
                year += 2000;
            bool? dayFirst = first > 12 ? true : second > 12 ? false : first == second || match.Groups["s"].Value == "." ? true : DayFirstIn(language);
            if (dayFirst is { } known
                && (known ? TryMake(year, second, first, out date) : TryMake(year, first, second, out date)))
                return true;
        }

        return false;
    }

    /// <summary>Whether the day stands before the month; unknown for English, which is written both ways.</summary>
    private static bool? DayFirstIn(string? language)
    {
        if (language is null)
            return null;
        if (language.StartsWith("en", StringComparison.OrdinalIgnoreCase))
        {
            return language.Length != 5 ? null
                : language.EndsWith("US", StringComparison.OrdinalIgnoreCase) ? false
                : language.EndsWith("CA", StringComparison.OrdinalIgnoreCase) || language.EndsWith("PH", StringComparison.OrdinalIgnoreCase) ? null
                : true;
        }

        return language.AsSpan(0, Math.Min(2, language.Length)) is "zh" or "ja" or "ko" or "hu" or "lt" or "fa" ? null : true;
    }

    private static bool TryMake(int year, int month, int day, out DateOnly date)
    {
        date = default;
        if (year is < FirstYear or > LastYear || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        date = new DateOnly(year, month, day);
        return true;
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
}
