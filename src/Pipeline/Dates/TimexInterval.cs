using System.Globalization;

namespace Pipeline.Dates;

/// <summary>The days that a TIMEX3 value spans.</summary>
internal static class TimexInterval
{
    /// <summary>First and last day, inclusive; <see langword="null"/> where the value has none.</summary>
    public static (DateOnly? Earliest, DateOnly? Latest) Of(string value)
    {
        var period = PeriodOf(value);
        return period is { } p ? (p.First, p.Last) : (null, null);
    }

    /// <summary>The period of a value of the calendar, or <see langword="null"/> for every other one.</summary>
    public static Period? PeriodOf(string value)
    {
        var time = value.IndexOf('T', StringComparison.Ordinal);
        if (value.Length == 0 || !char.IsAsciiDigit(value[0]))
            return null;
        if (time > 0)
            value = value[..time];
        var parts = value.Split('-');
        if (!Number(parts[0], out var year))
            return null;
        if (parts.Length == 1)
        {
            return parts[0].Length switch
            {
                4 => Period.Year(year),
                3 => At(Grain.Decade, year * 10),
                2 => At(Grain.Century, year * 100),
                1 => At(Grain.Millennium, year * 1000),
                _ => null,
            };
        }

        if (parts[0].Length != 4 || year < 1)
            return null;
        var part = parts[1];
        if (part.Length == 2 && Number(part, out var month))
            return Month(year, month, parts);
        if (part.Length == 3 && part[0] == 'W' && Number(part[1..], out var week))
            return Week(year, week, parts);
        if (part.Length == 2 && part[0] == 'Q' && part[1] is >= '1' and <= '4')
            return Period.Of(Grain.Quarter, new(year, ((part[1] - '1') * 3) + 1, 1));
        if (part.Length == 2 && part[0] == 'H' && part[1] is '1' or '2')
            return Period.Of(Grain.Half, new(year, part[1] == '1' ? 1 : 7, 1));
        return part switch
        {
            "SP" => Period.Of(Grain.Season, new(year, 3, 1)),
            "SU" => Period.Of(Grain.Season, new(year, 6, 1)),
            "FA" => Period.Of(Grain.Season, new(year, 9, 1)),
            "WI" => Period.Of(Grain.Season, new(year, 12, 1)),
            _ => null,
        };
    }

    private static Period? Month(int year, int month, string[] parts)
    {
        if (month is < 1 or > 12)
            return null;
        if (parts.Length == 2)
            return Period.Of(Grain.Month, new(year, month, 1));
        return Number(parts[2], out var day) && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            ? new Period(Grain.Day, new(year, month, day)) : null;
    }

    private static Period? Week(int year, int week, string[] parts)
    {
        if (week < 1 || week > ISOWeek.GetWeeksInYear(year))
            return null;
        var fourth = new DateOnly(year, 1, 4);
        if (Period.Of(Grain.Week, fourth).Shift(week - 1) is not { } found)
            return null;
        if (parts.Length == 2)
            return found;
        if (parts[2] == "WE")
            return Period.Of(Grain.Weekend, found.First);
        return parts[2].Length == 1 && parts[2][0] is >= '1' and <= '7' && Period.Days(found.First, parts[2][0] - '1') is { } day
            ? new Period(Grain.Day, day) : null;
    }

    private static Period? At(Grain grain, int year) =>
        year is >= 0 and <= 9999 ? Period.Of(grain, new(Math.Max(1, year), 1, 1)) : null;

    private static bool Number(string digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
