using System.Text.RegularExpressions;

namespace Pipeline.Cleaning;

/// <summary>
/// Finds the publication date where neither record nor metadata state one: in the address, then in a dateline that
/// opens the text, then in a line of the page beside the body. A date without a year is none.
/// </summary>
internal static partial class DateFinder
{
    private const int LongestLine = 160;
    private const int LongestDateline = 120;

    [GeneratedRegex(
        """^(?:\p{Lu}[\p{L}.'’ -]{1,40}(?:, ?\p{Lu}[\p{L}.'’ -]{1,30}){0,2},? )?\(?(?<date>\p{L}{3,9}\.? [0-9]{1,2},? (?:19|20)[0-9][0-9]|[0-9]{1,2} \p{L}{3,9}\.?,? (?:19|20)[0-9][0-9])\)?,? ?(?:\([^)]{2,40}\)|/[^/]{2,40}/)? ?(?:--?|–|—|:|/)""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Dateline();

    /// <summary>Looks in the three places, in falling order of trust.</summary>
    /// <param name="buffer">The lines, judged.</param>
    /// <param name="url">Address, or <see langword="null"/>.</param>
    /// <param name="language">Language that settles numeric dates, or <see langword="null"/>.</param>
    /// <param name="besideBody">Lines of the page near the body that are not in the buffer.</param>
    public static (DateOnly? Date, DateSource From) Find(
        LineBuffer buffer, string? url, string? language, IReadOnlyList<string> besideBody)
    {
        if (url is not null && PublicationDate.TryReadAddress(url, out var date))
            return (date, DateSource.Url);
        if (FindDateline(buffer, language, out date))
            return (date, DateSource.Dateline);
        if (FindLine(buffer, language, besideBody, out date))
            return (date, DateSource.Text);
        return (null, DateSource.None);
    }

    private static bool FindDateline(LineBuffer buffer, string? language, out DateOnly date)
    {
        date = default;
        foreach (var line in buffer.Lines)
        {
            if (line.Role != LineRole.Body)
                continue;
            var text = buffer[line];
            if (text.Length > LongestDateline)
                text = text[..LongestDateline];
            var match = Dateline().Match(text.ToString());
            return match.Success && PublicationDate.TryRead(match.Groups["date"].ValueSpan, language, out date);
        }

        return false;
    }

    private static bool FindLine(LineBuffer buffer, string? language, IReadOnlyList<string> besideBody, out DateOnly date)
    {
        DateOnly? updated = null;
        var seenBody = false;
        foreach (var line in besideBody)
        {
            if (TryReadLine(line, language, false, ref updated, out date))
                return true;
        }

        foreach (var line in buffer.Lines)
        {
            if (line.Role == LineRole.Body)
                seenBody = true;
            else if (line.Role == LineRole.Noise && TryReadLine(buffer[line], language, seenBody, ref updated, out date))
                return true;
        }

        date = updated ?? default;
        return updated is not null;
    }

    /// <summary>Behind the first paragraph only a line that says what its date is counts.</summary>
    private static bool TryReadLine(ReadOnlySpan<char> line, string? language, bool needsLabel, ref DateOnly? updated, out DateOnly date)
    {
        date = default;
        if (line.Length > LongestLine || line.Contains('©')
            || (needsLabel && !line.Contains("publish", StringComparison.OrdinalIgnoreCase) && !line.Contains("posted", StringComparison.OrdinalIgnoreCase))
            || !PublicationDate.TryRead(line, language, out date))
            return false;
        var head = line.Length > 24 ? line[..24] : line;
        if (!head.Contains("updated", StringComparison.OrdinalIgnoreCase) && !head.Contains("modified", StringComparison.OrdinalIgnoreCase)
            && !head.Contains("amended", StringComparison.OrdinalIgnoreCase))
            return true;
        updated ??= date;
        return false;
    }
}
