using System.Text.RegularExpressions;

namespace Pipeline.Cleaning;

/// <summary>Lines known by their shape: bylines and dates that stand alone.</summary>
internal static partial class LineShapes
{
    // What the patterns are given is bounded, so their time is: a limit in milliseconds would make a result depend on the load.
    private const int LongestByline = 160;
    private const int LongestDateLine = 90;

    [GeneratedRegex(
        """^(?:(?:[Ww]ritten|[Pp]osted|[Rr]eported|[Ss]tory|[Aa]nalysis|[Oo]pinion|[Ww]ords|[Tt]ext|[Pp]ublished) )?(?:[Bb]y|BY)[: ]+(?<name>(?:\p{Lu}[\p{L}\p{M}.'’-]*|de|la|van|von|der|bin|al-\p{Lu}\p{L}+|el|and|&|y|,)(?:[ ,]+(?:\p{Lu}[\p{L}\p{M}.'’-]*|de|la|van|von|der|den|bin|al-\p{Lu}\p{L}+|el|and|&|y|in|of|for)){0,11})\s*(?:$|[|,•·–—(/-].*$|[0-9].*$)""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Byline();

    [GeneratedRegex(
        """^(?:[\p{Lu}][\p{L}., '’-]{1,40}[,:|–—-]+ ?)?(?:(?:[Pp]ublished|[Uu]pdated|[Pp]osted|[Ll]ast [Uu]pdated|PUBLISHED|UPDATED|[Dd]ate|[Cc]reated|[Mm]odified)(?: [Oo]n| [Aa]t)?:? *)?(?:(?:[Mm]on|[Tt]ue|[Ww]ed|[Tt]hu|[Ff]ri|[Ss]at|[Ss]un)\p{L}*[., ]+)?(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|SEPT|OCT|NOV|DEC)\p{L}*\.? +[0-9]{1,2}(?:st|nd|rd|th)?(?:, *[0-9]{4})?|[0-9]{1,2}(?:st|nd|rd|th)?\.? +(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)\p{L}*\.?,?(?: +[0-9]{4})?|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4})\b[^.!?]{0,40}\.?$""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex DateLine();

    public static bool IsByline(ReadOnlySpan<char> line) =>
        line.Length is >= 5 and <= LongestByline && HasBy(line) && Byline().IsMatch(line);

    public static bool IsDateLine(ReadOnlySpan<char> line) =>
        line.Length is >= 5 and <= LongestDateLine && line.IndexOfAnyInRange('0', '9') >= 0 && DateLine().IsMatch(line);

    /// <summary>The name in a byline; <see langword="null"/> where it is none.</summary>
    public static string? AuthorOf(ReadOnlySpan<char> line)
    {
        if (!IsByline(line))
            return null;
        var name = Byline().Match(line.ToString()).Groups["name"].ValueSpan.Trim(" ,.");
        var tail = name.IndexOf(" in ", StringComparison.Ordinal);
        if (tail > 0)
            name = name[..tail];
        if (name.Length is < 3 or > 100 || name.StartsWith("Our ", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("The ", StringComparison.Ordinal))
            return null;
        return name.ToString().Replace(" and ", "; ", StringComparison.Ordinal)
            .Replace(" & ", "; ", StringComparison.Ordinal).Replace(", ", "; ", StringComparison.Ordinal);
    }

    private static bool HasBy(ReadOnlySpan<char> line)
    {
        var head = line.Length > 16 ? line[..16] : line;
        return head.Contains("by", StringComparison.OrdinalIgnoreCase);
    }
}
