using System.Globalization;

namespace Pipeline.Dates;

/// <summary>Sizes of calendar periods, finest first.</summary>
internal enum Grain : byte
{
    Day,
    Weekend,
    Week,
    Month,
    Quarter,
    Season,
    Half,
    Year,
    Decade,
    Century,
    Millennium,
}

/// <summary>A period of the calendar: its size and its first day. Weeks are ISO weeks; a winter begins in December.</summary>
internal readonly record struct Period(Grain Grain, DateOnly First)
{
    /// <summary>Last day, inclusive.</summary>
    public DateOnly Last => Grain switch
    {
        Grain.Day => First,
        Grain.Weekend => First.DayNumber >= DateOnly.MaxValue.DayNumber ? First : First.AddDays(1),
        Grain.Week => Days(First, 6) ?? DateOnly.MaxValue,
        _ => Months(First, Length) is { } next ? next.AddDays(-1) : DateOnly.MaxValue,
    };

    private int Length => Grain switch
    {
        Grain.Month => 1,
        Grain.Quarter or Grain.Season => 3,
        Grain.Half => 6,
        Grain.Year => 12,
        Grain.Decade => 120,
        Grain.Century => 1200,
        _ => 12000,
    };

    /// <summary>The period of a size that a day lies in.</summary>
    public static Period Of(Grain grain, DateOnly day) => grain switch
    {
        Grain.Day => new(grain, day),
        Grain.Weekend => new(grain, Days(Monday(day), 5) ?? day),
        Grain.Week => new(grain, Monday(day)),
        Grain.Month => new(grain, new(day.Year, day.Month, 1)),
        Grain.Quarter => new(grain, new(day.Year, ((day.Month - 1) / 3 * 3) + 1, 1)),
        Grain.Half => new(grain, new(day.Year, day.Month < 7 ? 1 : 7, 1)),
        Grain.Season => new(grain, SeasonStart(day)),
        Grain.Year => new(grain, new(day.Year, 1, 1)),
        Grain.Decade => new(grain, new(Math.Max(1, day.Year / 10 * 10), 1, 1)),
        Grain.Century => new(grain, new(Math.Max(1, day.Year / 100 * 100), 1, 1)),
        _ => new(grain, new(Math.Max(1, day.Year / 1000 * 1000), 1, 1)),
    };

    /// <summary>The period as many of its sizes later, or <see langword="null"/> beyond the years 1 to 9999.</summary>
    public Period? Shift(long count)
    {
        var first = Grain switch
        {
            Grain.Day => Days(First, count),
            Grain.Weekend or Grain.Week => Days(First, count * 7),
            _ => Months(First, count * Length),
        };
        return first is { } day ? Of(Grain, day) : null;
    }

    /// <summary>TIMEX3 value.</summary>
    public string Value
    {
        get
        {
            Span<char> text = stackalloc char[11];
            var year = Grain is Grain.Weekend or Grain.Week ? ISOWeek.GetYear(First) : First.Year;
            Write(text[..4], year);
            switch (Grain)
            {
                case Grain.Day:
                    Write(Part(text, 2), First.Month);
                    text[7] = '-';
                    Write(text[8..10], First.Day);
                    return new(text[..10]);
                case Grain.Weekend:
                case Grain.Week:
                    Write(Part(text, 3)[1..], ISOWeek.GetWeekOfYear(First));
                    text[5] = 'W';
                    "-WE".CopyTo(text[8..]);
                    return new(Grain == Grain.Weekend ? text : text[..8]);
                case Grain.Month:
                    Write(Part(text, 2), First.Month);
                    return new(text[..7]);
                case Grain.Quarter:
                    Part(text, 2)[0] = 'Q';
                    Write(text[6..7], ((First.Month - 1) / 3) + 1);
                    return new(text[..7]);
                case Grain.Half:
                    Part(text, 2)[0] = 'H';
                    Write(text[6..7], First.Month < 7 ? 1 : 2);
                    return new(text[..7]);
                case Grain.Season:
                    SeasonCode(First.Month).CopyTo(Part(text, 2));
                    return new(text[..7]);
                case Grain.Year:
                    return new(text[..4]);
                case Grain.Decade:
                    return new(text[..3]);
                case Grain.Century:
                    return new(text[..2]);
                default:
                    return new(text[..1]);
            }
        }
    }

    private static Span<char> Part(Span<char> text, int length)
    {
        text[4] = '-';
        return text.Slice(5, length);
    }

    private static void Write(Span<char> digits, int number)
    {
        for (var i = digits.Length - 1; i >= 0; i--, number /= 10)
            digits[i] = (char)('0' + (number % 10));
    }

    /// <summary>A day so many days later, or <see langword="null"/> beyond the years 1 to 9999.</summary>
    public static DateOnly? Days(DateOnly day, long count)
    {
        var number = day.DayNumber + count;
        return number >= 0 && number <= DateOnly.MaxValue.DayNumber ? DateOnly.FromDayNumber((int)number) : null;
    }

    /// <summary>A day so many months later, or <see langword="null"/> beyond the years 1 to 9999.</summary>
    public static DateOnly? Months(DateOnly day, long count)
    {
        var month = (day.Year * 12L) + day.Month - 1 + count;
        return month >= 12 && month < 120_000 ? day.AddMonths((int)count) : null;
    }

    /// <summary>A year, or <see langword="null"/> beyond 1 to 9999.</summary>
    public static Period? Year(long year) => year is >= 1 and <= 9999 ? new(Grain.Year, new((int)year, 1, 1)) : null;

    private static DateOnly Monday(DateOnly day) => DateOnly.FromDayNumber(day.DayNumber - (day.DayNumber % 7));

    private static DateOnly SeasonStart(DateOnly day) => day.Month switch
    {
        12 => new(day.Year, 12, 1),
        < 3 => day.Year > 1 ? new(day.Year - 1, 12, 1) : new(1, 1, 1),
        _ => new(day.Year, day.Month / 3 * 3, 1),
    };

    private static string SeasonCode(int month) => month switch { 3 => "SP", 6 => "SU", 9 => "FA", _ => "WI" };
}
