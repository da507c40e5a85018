using System.Globalization;

namespace Pipeline.Dates;

/// <summary>
/// The days of the holidays that news names. Fixed days and days by weekday rules hold for any year; days that the
/// moon or an authority sets are a table, and outside it the value stays open.
/// </summary>
internal sealed class HolidayCalendar
{
    private readonly Dictionary<int, string[]> _rules = [];
    private readonly List<DateOnly> _events = [];

    /// <summary>Reads lines <c>id rule...</c>: <c>MM-DD</c>, <c>MM-Nw</c> (nth weekday, L last), <c>easter+n</c>, <c>pascha+n</c>, <c>event</c> and days, or a list <c>yyyy-mm-dd</c>, <c>yyyy-mm</c>.</summary>
    public HolidayCalendar(string source)
    {
        foreach (var raw in source.Split('\n'))
        {
            var parts = raw.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (parts.Length < 2)
                continue;
            if (parts[0] == "event")
            {
                foreach (var day in parts.AsSpan(1))
                    _events.Add(DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture));
                continue;
            }

            var id = int.Parse(parts[0], CultureInfo.InvariantCulture);
            _rules[id] = _rules.TryGetValue(id, out var before) ? [.. before, .. parts[1..]] : parts[1..];
        }
    }

    /// <summary>The period of a holiday in a year, or <see langword="null"/> where it is not known.</summary>
    public Period? Of(int holiday, int year)
    {
        if (year is < 1 or > 9999 || !_rules.TryGetValue(holiday, out var rules))
            return null;
        var rule = rules[0];
        if (rule.StartsWith("easter", StringComparison.Ordinal) || rule.StartsWith("pascha", StringComparison.Ordinal))
        {
            var feast = rule[0] == 'e' ? Easter(year) : OrthodoxEaster(year);
            return Period.Days(feast, int.Parse(rule.AsSpan(6), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)) is { } day ? new(Grain.Day, day) : null;
        }

        if (rule.Length == 5 && rule[2] == '-')
        {
            var month = Digits(rule.AsSpan(0, 2));
            if (char.IsAsciiLetter(rule[4]) || rule[3] == 'L')
                return new Period(Grain.Day, NthWeekday(year, month, rule[3] == 'L' ? 5 : rule[3] - '0', rule[4] - 'a' + 1));
            return new Period(Grain.Day, new(year, month, Digits(rule.AsSpan(3))));
        }

        // The U.S. election day: the Tuesday after the first Monday of November.
        if (rule == "election")
            return new Period(Grain.Day, NthWeekday(year, 11, 1, 1).AddDays(1));
        foreach (var entry in rules)
        {
            if (Digits(entry.AsSpan(0, 4)) == year)
                return TimexInterval.PeriodOf(entry);
        }

        return null;
    }

    /// <summary>The year of the event that the news names by a day alone, "the Oct. 7 attacks", if it is over.</summary>
    public int? YearOfEvent(int month, int day, DateOnly today)
    {
        foreach (var happened in _events)
        {
            if (happened.Month == month && happened.Day == day && happened < today)
                return happened.Year;
        }

        return null;
    }

    /// <summary>The value where the day is not known.</summary>
    public DateValue Open(int holiday, int? year)
    {
        var y = year is { } known ? known.ToString("0000", CultureInfo.InvariantCulture) : "XXXX";
        var rule = _rules.TryGetValue(holiday, out var rules) ? rules[0] : "";
        var day = rule.Length == 5 && rule[2] == '-' && char.IsAsciiDigit(rule[3]) && char.IsAsciiDigit(rule[4]) ? rule : "XX-XX";
        return new($"{y}-{day}");
    }

    private static int Digits(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    private static DateOnly NthWeekday(int year, int month, int nth, int weekday)
    {
        var first = new DateOnly(year, month, 1);
        var day = 1 + ((weekday - 1 - (first.DayNumber % 7) + 7) % 7) + ((nth - 1) * 7);
        while (day > DateTime.DaysInMonth(year, month))
            day -= 7;
        return new(year, month, day);
    }

    /// <summary>Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher).</summary>
    private static DateOnly Easter(int year)
    {
        int a = year % 19, b = year / 100, c = year % 100;
        var h = ((19 * a) + b - (b / 4) - ((b - ((b + 8) / 25) + 1) / 3) + 15) % 30;
        var l = (32 + (2 * (b % 4)) + (2 * (c / 4)) - h - (c % 4)) % 7;
        var m = (a + (11 * h) + (22 * l)) / 451;
        var n = h + l - (7 * m) + 114;
        return new(year, n / 31, (n % 31) + 1);
    }

    /// <summary>Easter Sunday of the Orthodox churches: that of the Julian calendar (Meeus), as a day of the Gregorian.</summary>
    private static DateOnly OrthodoxEaster(int year)
    {
        var d = ((19 * (year % 19)) + 15) % 30;
        var e = ((2 * (year % 4)) + (4 * (year % 7)) - d + 34) % 7;
        var n = d + e + 114;
        var offset = (year / 100) - (year / 400) - 2;
        return new DateOnly(year, n / 31, (n % 31) + 1).AddDays(Math.Max(0, offset));
    }
}
