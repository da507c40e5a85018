using System.Globalization;

namespace Pipeline.Dates;

/// <summary>The days that a TIMEX3 value spans.</summary>
internal static class TimexInterval
{
    /// <summary>
    /// First and last day, inclusive; <see langword="null"/> where the value has none or leaves it open. Years before Christ
    /// have none: the calendar of <see cref="DateOnly"/> begins with the year 1.
    /// </summary>
    /// <param name="value">TIMEX3 value.</param>
    /// <param name="articleDate">Where the present is.</param>
    public static (DateOnly? Earliest, DateOnly? Latest) Of(string value, DateOnly? articleDate = null)
    {
        if (PeriodOf(value) is { } p)
            return (p.First, p.Last);
        return value switch
        {
            "PRESENT_REF" => (articleDate, articleDate),
            "PAST_REF" => (null, articleDate),
            "FUTURE_REF" => (articleDate, null),
            _ => (null, null),
        };
    }

    /// <summary>The period of a value of the calendar, or <see langword="null"/> for every other one.</summary>
    public static Period? PeriodOf(ReadOnlySpan<char> value)
    {
        if (value.Length == 0 || !char.IsAsciiDigit(value[0]))
            return null;
        var time = value.IndexOf('T');
        if (time > 0)
            value = value[..time];
        var part = Cut(ref value);
        var yearDigits = part.Length;
        if (!Number(part, out var year))
            return null;
        if (value.Length == 0)
        {
            return yearDigits switch
            {
                4 => Period.Year(year),
                3 => At(Grain.Decade, year * 10),
                2 => At(Grain.Century, year * 100),
                1 => At(Grain.Millennium, year * 1000),
                _ => null,
            };
        }

        if (yearDigits != 4 || year < 1)
            return null;
        part = Cut(ref value);
        if (part.Length == 2 && Number(part, out var month))
            return Month(year, month, value);
        if (part.Length == 3 && part[0] == 'W' && Number(part[1..], out var week))
            return Week(year, week, value);
        return part switch
        {
            ['Q', >= '1' and <= '4'] => Period.Of(Grain.Quarter, new(year, ((part[1] - '1') * 3) + 1, 1)),
            ['H', '1' or '2'] => Period.Of(Grain.Half, new(year, part[1] == '1' ? 1 : 7, 1)),
            "SP" => Period.Of(Grain.Season, new(year, 3, 1)),
            "SU" => Period.Of(Grain.Season, new(year, 6, 1)),
            "FA" => Period.Of(Grain.Season, new(year, 9, 1)),
            "WI" => Period.Of(Grain.Season, new(year, 12, 1)),
            _ => null,
        };
    }

    /// <summary>Takes the part before the next hyphen off.</summary>
    private static ReadOnlySpan<char> Cut(ref ReadOnlySpan<char> value)
    {
        var hyphen = value.IndexOf('-');
        var part = hyphen < 0 ? value : value[..hyphen];
        value = hyphen < 0 ? default : value[(hyphen + 1)..];
        return part;
    }

    private static Period? Month(int year, int month, ReadOnlySpan<char> day)
    {
        if (month is < 1 or > 12)
            return null;
        if (day.Length == 0)
            return Period.Of(Grain.Month, new(year, month, 1));
        return Number(day, out var number) && number >= 1 && number <= DateTime.DaysInMonth(year, month)
            ? new Period(Grain.Day, new(year, month, number)) : null;
    }

    private static Period? Week(int year, int week, ReadOnlySpan<char> day)
    {
        if (week < 1 || week > ISOWeek.GetWeeksInYear(year))
            return null;
        var fourth = new DateOnly(year, 1, 4);
        if (Period.Of(Grain.Week, fourth).Shift(week - 1) is not { } found)
            return null;
        return day switch
        {
            [] => found,
            "WE" => Period.Of(Grain.Weekend, found.First),
            [>= '1' and <= '7'] when Period.Days(found.First, day[0] - '1') is { } weekday => new Period(Grain.Day, weekday),
            _ => null,
        };
    }

    private static Period? At(Grain grain, int year) =>
        year is >= 0 and <= 9999 ? Period.Of(grain, new(Math.Max(1, year), 1, 1)) : null;

    private static bool Number(ReadOnlySpan<char> digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
