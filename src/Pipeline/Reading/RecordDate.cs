using System.Globalization;

namespace Pipeline.Reading;

/// <summary>
/// The day of a timestamp as a record states it, in its own offset. Only exact formats with day, month and year of four
/// digits count: nothing is filled in from the clock, and what can be read in two ways (3/4/2024) is no date.
/// </summary>
internal static class RecordDate
{
    private const int Longest = 80;

    /// <summary>What may stand before or without a time of day, the name of the weekday aside.</summary>
    private static readonly string[] Days =
    [
        "yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyyMMdd", "d.M.yyyy",
        "d MMM yyyy", "d MMMM yyyy", "d-MMM-yyyy", "MMM d yyyy", "MMMM d yyyy", "MMM d, yyyy", "MMMM d, yyyy",
    ];

    /// <summary>Formats whose year stands behind the time: C's asctime, date(1), and the one of Twitter's records.</summary>
    private static readonly string[] YearLast = ["MMM d H:m:s yyyy", "MMM d H:m:s zzz yyyy", "MMM d H:m:s 'UTC' yyyy", "MMM d H:m:s 'GMT' yyyy"];

    private static readonly string[] Weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    /// <summary>The day, or <see langword="null"/> where the text states none.</summary>
    /// <param name="value">ISO 8601, RFC 1123 and their like, English month names, or seconds or milliseconds since 1970.</param>
    public static DateOnly? Of(string? value)
    {
        var text = value.AsSpan().Trim();
        if (text.Length is < 8 or > Longest)
            return null;
        if (text.Length >= 10 && DateOnly.TryParseExact(text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return day;
        if (text.Length == 8 && DateOnly.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day))
            return day;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return OfSeconds(number > 100_000_000_000 ? number / 1000 : number);

        text = WithoutWeekday(text);
        if (DateTimeOffset.TryParseExact(text, YearLast, CultureInfo.InvariantCulture, DateTimeStyles.AllowInnerWhite | DateTimeStyles.AssumeUniversal, out var moment))
            return DateOnly.FromDateTime(moment.DateTime);
        text = WithoutTime(text);
        if (DateOnly.TryParseExact(text, Days, CultureInfo.InvariantCulture, DateTimeStyles.AllowInnerWhite, out day))
            return day;
        var dayFirst = DateOnly.TryParseExact(text, "d/M/yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
        var monthFirst = DateOnly.TryParseExact(text, "M/d/yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var other);
        return (dayFirst, monthFirst) switch
        {
            (true, true) => day == other ? day : null,
            (true, false) => day,
            (false, true) => other,
            _ => null,
        };
    }

    private static DateOnly? OfSeconds(long seconds) => seconds is > 100_000_000 and < 253_402_300_800
        ? DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime)
        : null;

    private static ReadOnlySpan<char> WithoutWeekday(ReadOnlySpan<char> text)
    {
        var letters = 0;
        while (letters < text.Length && char.IsAsciiLetter(text[letters]))
            letters++;
        if (letters < 3)
            return text;
        foreach (var name in Weekdays)
        {
            if (name.AsSpan().StartsWith(text[..letters], StringComparison.OrdinalIgnoreCase))
                return text[letters..].TrimStart(",. ");
        }

        return text;
    }

    /// <summary>Cuts the time of day and what follows it: an offset, the name of a zone.</summary>
    private static ReadOnlySpan<char> WithoutTime(ReadOnlySpan<char> text)
    {
        var colon = text.IndexOf(':');
        if (colon < 0)
            return text.Length > 8 && text[8] == 'T' && !text[..8].ContainsAnyExceptInRange('0', '9') ? text[..8] : text;
        var start = colon;
        while (start > 0 && char.IsAsciiDigit(text[start - 1]))
            start--;
        if (start == colon || start == 0)
            return text;
        foreach (var c in text[start..])
        {
            if (!char.IsAscii(c))
                return text;
        }

        var head = text[..start];
        return (head[^1] == 'T' ? head[..^1] : head.TrimEnd().EndsWith(" at", StringComparison.OrdinalIgnoreCase) ? head.TrimEnd()[..^3] : head).TrimEnd(", ");
    }
}
