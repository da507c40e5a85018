using System.Globalization;

namespace Pipeline.Dates;

/// <summary>Values of expressions that name a place in the calendar: full dates, partial dates, weekdays, holidays, clock times.</summary>
internal sealed class CalendarValuer(HolidayCalendar holidays)
{
    private static readonly string[] Parts = ["", "MO", "MI", "AF", "EV", "NI", "DT"];

    /// <summary>What the rules catch for the last day of a month.</summary>
    private const int LastDay = 99;

    /// <summary>Years from which on "today" beside a past is nowadays.</summary>
    private const int LongAgo = 5;

    /// <summary>The value, or <see langword="null"/> where the parts make no date.</summary>
    public DateValue? Of(DateSlots s, Narrative narrative, Side side, int sentence)
    {
        var found = Day(s, narrative, side, sentence);
        if (!s.Has(Slot.HH) && !s.Has(Slot.Part))
            return found;
        var clock = Clock(s);
        if (clock is null)
            return null;
        if (found is { } value)
        {
            return value.Period is { Grain: Grain.Day } || value.Text.Contains('X', StringComparison.Ordinal)
                ? value with { Text = value.Text + clock } : null;
        }

        var day = narrative.LastWithin(Grain.Day) is { } last && (narrative.LastSentence >= sentence - 1 || s[Slot.X] == 3 || narrative.Story is not null)
            ? last.First : narrative.ArticleDate ?? narrative.LastWithin(Grain.Day)?.First;
        return new((day is { } d ? new Period(Grain.Day, d).Value : "XXXX-XX-XX") + clock);
    }

    private static string? Clock(DateSlots s)
    {
        if (!s.Has(Slot.HH))
            return "T" + Parts[s[Slot.Part]];
        var hour = s[Slot.HH];
        var minute = s[Slot.MI];
        // "shortly after midnight on Thursday" is the first minute of that day, not the last.
        if (hour == 24 && s[Slot.Mod] == DateMods.After)
            hour = 0;
        // "from 6 to 8 p.m.", but "from 11 to 2 p.m."
        var ampm = s[Slot.Ampm];
        if (s.Has(Slot.N2) && s.Has(Slot.Ampm) && hour % 12 > s[Slot.N2] % 12)
            ampm = 1 - ampm;
        if (hour >= 100 || s[Slot.X] == 4)
            (hour, minute) = (hour / 100, hour % 100);
        if (s.Has(Slot.Half))
            minute = s[Slot.Half] switch { 1 => 30, 2 => 15, _ => 45 };
        if (s[Slot.Half] == 3)
            hour--;
        if (s.Has(Slot.Ampm))
        {
            if (hour > 12)
                return null;
            hour = (hour % 12) + (ampm * 12);
        }
        else if (s.Has(Slot.Part) && hour < 12 && s[Slot.Part] is 3 or 4 or 5 && !(s[Slot.Part] == 5 && hour < 5))
            hour += 12;
        if (hour > 24 || minute > 59)
            return null;
        return s.Has(Slot.SS)
            ? string.Create(CultureInfo.InvariantCulture, $"T{hour:00}:{minute:00}:{s[Slot.SS]:00}")
            : string.Create(CultureInfo.InvariantCulture, $"T{hour:00}:{minute:00}");
    }

    private DateValue? Day(DateSlots s, Narrative narrative, Side side, int sentence)
    {
        if (s.Has(Slot.Day))
        {
            if ((s[Slot.X] == 3 ? narrative.LastWithin(Grain.Day)?.First : null) is not { } today)
            {
                if (narrative.Base(Grain.Day) is not { } now)
                    return new("XXXX-XX-XX");
                today = now;
            }

            // "In 1910 it had 900 people; today it has 40."
            if (s[Slot.Day] == 0 && !s.Has(Slot.Part) && !s.Has(Slot.HH) && !s.Has(Slot.Mod) && side is Side.Present or Side.Unknown
                && (narrative.IsNowadays || (narrative.Last is { } past && narrative.LastSentence >= sentence - 1 && today.Year - past.Last.Year >= LongAgo)))
            {
                return new("PRESENT_REF");
            }

            return Period.Days(today, s[Slot.Day]) is { } day ? DateValue.Of(new(Grain.Day, day)) : null;
        }

        // 03/04/2017 where the article writes the day first
        if (s[Slot.X] == 12 && s[Slot.D] <= 12 && narrative.IsDayFirst)
        {
            var month = s[Slot.D];
            s.Set(Slot.D, s[Slot.M]);
            s.Set(Slot.M, month);
        }

        var year = Year(s, narrative);
        if (s.Has(Slot.Y) && year is null)
            return null;
        if (year is null && s.Has(Slot.M) && !s.Has(Slot.Rel) && side != Side.Future)
            year = narrative.YearOf(s[Slot.M], s.Maybe(Slot.D), side == Side.Past ? sentence : int.MaxValue);
        if (s.Has(Slot.M))
        {
            if (s[Slot.X] == 7)
                return BeforeChrist(s, year);
            // 2011-12 is a season, 2011-04 a month.
            if (s[Slot.X] == 11 && year % 100 < s[Slot.M] && year % 100 != 0)
                return null;
            var found = s.Has(Slot.D) ? MonthDay(s, year, narrative, side) : Month(s, year, narrative, side);
            if (s.Has(Slot.WD) && s.Has(Slot.Ord))
                return NthWeekday(found?.Period, s[Slot.WD], s[Slot.Ord]);
            return s[Slot.X] is 5 or 6 && found?.Period is { } within
                ? DateValue.Of(Period.Of(s[Slot.X] == 5 ? Grain.Week : Grain.Weekend, within.First)) : found;
        }

        if (s.Has(Slot.Rel2) && (TimeUnit)s[Slot.Unit2] == TimeUnit.Month && !s.Has(Slot.D))
        {
            var month = narrative.Base(Grain.Month) is { } now ? Period.Of(Grain.Month, now).Shift(s[Slot.Rel2]) : null;
            if (s.Has(Slot.WD))
                return NthWeekday(month, s[Slot.WD], s[Slot.Ord]);
            return month is { } within ? DateValue.Of(within) : new("XXXX-XX");
        }

        if (s.Has(Slot.D))
            return s.Has(Slot.WD) ? WeekdayOfMonth(s, narrative, side) : DayOfMonth(s, narrative);
        if (s.Has(Slot.Wk))
            return Week(s[Slot.Wk], year ?? narrative.Base(Grain.Year)?.Year);
        if (s.Has(Slot.WD))
            return Weekday(s, narrative, side, sentence);
        if (s.Has(Slot.Hol))
            return Holiday(s, year, narrative, side);
        // Told of a June, "that winter" began the year before.
        if (s[Slot.Sea] == 4 && s[Slot.X] == 3 && narrative.LastWithin(Grain.Year) is { Grain: <= Grain.Month, First.Month: < 9 })
            year--;
        if (s.Has(Slot.Sea))
            return InYear(year, narrative, side, s, Grain.Season);
        if (s.Has(Slot.Q))
            return s[Slot.Q] is >= 1 and <= 4 ? InYear(year, narrative, side, s, Grain.Quarter) : null;
        if (s.Has(Slot.H))
            return s[Slot.H] is 1 or 2 ? InYear(year, narrative, side, s, Grain.Half) : null;

        if (s.Has(Slot.Dec))
            return s[Slot.X] == 7 ? new(Invariant($"BC{s[Slot.Dec] / 10:000}")) : Decade(s, narrative);
        // "the first decade of this century"
        if (s.Has(Slot.Ord))
        {
            var century = s.Has(Slot.Cen) ? s[Slot.Cen] : narrative.Base(Grain.Century) is { } now ? (now.Year / 100) + 1 + s[Slot.Rel2] : 0;
            return century is >= 1 and <= 99 && s[Slot.Ord] is >= 1 and <= 10
                ? DateValue.Of(Period.Of(Grain.Decade, new(Math.Max(1, ((century - 1) * 100) + ((s[Slot.Ord] - 1) * 10)), 1, 1))) : null;
        }

        if (s.Has(Slot.Cen) && s[Slot.X] == 7)
            return s[Slot.Cen] is >= 1 and <= 99 ? new(Invariant($"BC{s[Slot.Cen] - 1:00}")) : null;
        if (s.Has(Slot.Cen))
        {
            return s[Slot.Cen] is >= 1 and <= 99
                ? DateValue.Of(Period.Of(Grain.Century, new(Math.Max(1, (s[Slot.Cen] - 1) * 100), 1, 1))) : null;
        }

        if (s[Slot.X] == 7)
            return BeforeChrist(s, year);
        // "the 1980's"
        if (s[Slot.X] == 10 && year is { } tens && tens % 10 == 0)
            return DateValue.Of(Period.Of(Grain.Decade, new(tens, 1, 1)));
        if (year is { } alone)
            return Period.Year(alone) is { } p ? DateValue.Of(p) : null;
        return s.Has(Slot.Rel2) ? new("XXXX") : null;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>The same month or day of the next year.</summary>
    public static DateValue? YearLater(Period period) =>
        period.Grain is Grain.Day or Grain.Month && Period.Months(period.First, 12) is { } day && day.Day == period.First.Day
            ? DateValue.Of(new(period.Grain, day)) : null;

    /// <summary>A year, month or day before Christ, as TimeML writes it: <c>BC0044-03-15</c>.</summary>
    private static DateValue? BeforeChrist(DateSlots s, int? year)
    {
        if (year is not { } bc || (s.Has(Slot.M) && s[Slot.M] is < 1 or > 12))
            return null;
        var month = s.Has(Slot.M) ? Invariant($"-{s[Slot.M]:00}") : "";
        return new(Invariant($"BC{bc:0000}") + month + (s.Has(Slot.D) ? Invariant($"-{s[Slot.D]:00}") : ""));
    }

    private static DateValue? Week(int week, int? year)
    {
        if (year is not { } known)
            return week is >= 1 and <= 53 ? new(Invariant($"XXXX-W{week:00}")) : null;
        return week >= 1 && week <= ISOWeek.GetWeeksInYear(known)
            && Period.Of(Grain.Week, new(known, 1, 4)).Shift(week - 1) is { } period ? DateValue.Of(period) : null;
    }

    private static string Code(int season) => season switch { 1 => "SP", 2 => "SU", 3 => "FA", _ => "WI" };

    private static int? Year(DateSlots s, Narrative narrative)
    {
        if (s.Has(Slot.YC))
            return (s[Slot.YC] * 100) + s[Slot.Y];
        if (s.Has(Slot.Y))
        {
            // "from December to January 2016"
            var year = s[Slot.Y] - (s.Has(Slot.M2) && s[Slot.M] > s[Slot.M2] ? 1 : 0);
            return year >= 1 && (year <= 9999 || s[Slot.X] == 7) ? year : null;
        }

        if (s.Has(Slot.YY))
        {
            var now = narrative.ArticleDate?.Year ?? narrative.Last?.First.Year ?? 2000;
            var year = (now / 100 * 100) + s[Slot.YY];
            return year > now + 20 ? year - 100 : year;
        }

        if (s.Has(Slot.Rel2) && (TimeUnit)s[Slot.Unit2] == TimeUnit.Year)
        {
            // X = 3: that year, the same year: the narrative's.
            return s[Slot.X] == 3 && narrative.LastWithin(Grain.Year) is { } told
                ? told.First.Year + s[Slot.Rel2]
                : narrative.Base(Grain.Year)?.Year + s[Slot.Rel2];
        }

        return null;
    }

    private static DateValue? MonthDay(DateSlots s, int? year, Narrative narrative, Side side)
    {
        var (month, day) = (s[Slot.M], s[Slot.D]);
        if (month is < 1 or > 12 || day < 1 || (day > DateTime.DaysInMonth(2000, month) && day != LastDay))
            return null;
        var found = InYear(year, narrative, side, s, Grain.Day);
        // "Tuesday, October 8" is in a year in which that is a Tuesday.
        if (year is null && s.Has(Slot.WD) && !s.Has(Slot.Ord) && found?.Period is { } chosen && !IsWeekday(chosen.First, s[Slot.WD]))
        {
            for (var step = 1; step <= 11; step++)
            {
                foreach (var near in (ReadOnlySpan<int>)[chosen.First.Year - step, chosen.First.Year + step])
                {
                    if (near is >= 1 and <= 9999 && (near < chosen.First.Year || step == 1) && At(s, Grain.Day, near) is { } other && IsWeekday(other, s[Slot.WD]))
                        return DateValue.Of(new(Grain.Day, other));
                }
            }
        }

        return found;
    }

    private static DateValue? Month(DateSlots s, int? year, Narrative narrative, Side side)
    {
        var month = s[Slot.M];
        return month is < 1 or > 12 ? null : InYear(year, narrative, side, s, Grain.Month);
    }

    /// <summary>First day of the part of a year that was caught, or <see langword="null"/> where that year does not have it.</summary>
    private static DateOnly? At(DateSlots s, Grain grain, int year) => grain switch
    {
        Grain.Day when s[Slot.D] == LastDay => new DateOnly(year, s[Slot.M], DateTime.DaysInMonth(year, s[Slot.M])),
        Grain.Day => s[Slot.D] <= DateTime.DaysInMonth(year, s[Slot.M]) ? new DateOnly(year, s[Slot.M], s[Slot.D]) : null,
        Grain.Month => new(year, s[Slot.M], 1),
        Grain.Season => new(year, s[Slot.Sea] * 3, 1),
        Grain.Quarter => new(year, (s[Slot.Q] * 3) - 2, 1),
        _ => new(year, (s[Slot.H] * 6) - 5, 1),
    };

    private static string Open(DateSlots s, Grain grain) => grain switch
    {
        Grain.Day => Invariant($"XXXX-{s[Slot.M]:00}-{s[Slot.D]:00}"),
        Grain.Month => Invariant($"XXXX-{s[Slot.M]:00}"),
        Grain.Season => "XXXX-" + Code(s[Slot.Sea]),
        Grain.Quarter => Invariant($"XXXX-Q{s[Slot.Q]}"),
        _ => Invariant($"XXXX-H{s[Slot.H]}"),
    };

    /// <summary>A part of a year: of the named year, else of the year that the side asks for.</summary>
    private static DateValue? InYear(int? year, Narrative narrative, Side side, DateSlots s, Grain grain)
    {
        if (year is { } named)
            return named is >= 1 and <= 9999 && At(s, grain, named) is { } day ? DateValue.Of(Period.Of(grain, day)) : null;
        if (narrative.Present is not { } today)
        {
            if (narrative.Reference is not { } reference)
                return new DateValue(Open(s, grain));
            if (At(s, grain, reference.First.Year) is not { } sameDay)
                return null;
            var same = Period.Of(grain, sameDay);
            if (same.Last >= reference.First || reference.First.Year == 9999 || At(s, grain, reference.First.Year + 1) is not { } next)
                return DateValue.Of(same);
            // A story runs forward, "in December 2016 … in January", unless back is nearer: "on November 11, 2024, … a treaty
            // signed in June". A history more so.
            var later = Period.Of(grain, next);
            var isNearerBehind = (reference.First.DayNumber - same.Last.DayNumber) * (narrative.Story is null ? 1 : 3)
                <= later.First.DayNumber - reference.Last.DayNumber;
            return DateValue.Of(isNearerBehind && side != Side.Future ? same : later);
        }

        var now = Period.Of(grain, today);
        if (s.Has(Slot.Rel))
        {
            // On 1 March "last February" is not last month.
            return s[Slot.Rel] switch
            {
                < 0 => Nearest(s, grain == Grain.Month ? now.Shift(-1) ?? now : now, today.Year, -1, withNow: false),
                > 0 => Nearest(s, now, today.Year, 1, withNow: false),
                _ => At(s, grain, grain == Grain.Season && now.First.Year < today.Year ? now.First.Year : today.Year) is { } here ? DateValue.Of(Period.Of(grain, here)) : null,
            };
        }

        var past = Nearest(s, now, today.Year, -1, withNow: true);
        var future = Nearest(s, now, today.Year, 1, withNow: true);
        var behind = past?.Period is { } a ? today.DayNumber - a.Last.DayNumber : 4000;
        var ahead = future?.Period is { } b ? b.First.DayNumber - today.DayNumber : 4000;
        // A date whose year goes without saying is near: against the verb where the other side is very much nearer.
        var back = grain switch
        {
            Grain.Quarter or Grain.Half => side == Side.Past ? behind <= 300 : behind <= ahead,
            Grain.Day => side switch { Side.Past => behind <= 280 || ahead > 85, Side.Future => ahead > 240 && behind < 100, Side.Present => behind <= ahead * 2, _ => behind <= ahead },
            Grain.Month when side == Side.Future => behind <= 45 && ahead > 270,
            _ => side switch { Side.Past => true, Side.Future => false, Side.Present => behind <= ahead, _ => behind <= ahead * 3 },
        };
        return (back ? past : future) ?? past ?? future;
    }

    private static DateValue? Nearest(DateSlots s, Period now, int year, int step, bool withNow)
    {
        // From the far side of this year on, so that the first one that fits is the nearest; 29 February may be eight years off.
        for (var y = year - step; Math.Abs(y - year) <= 8; y += step)
        {
            if (y is < 1 or > 9999 || At(s, now.Grain, y) is not { } day)
                continue;
            var period = Period.Of(now.Grain, day);
            var ahead = (period.First.DayNumber - now.First.DayNumber) * step;
            if (ahead > 0 || (withNow && ahead == 0))
                return DateValue.Of(period);
        }

        return null;
    }

    private static DateValue? NthWeekday(Period? month, int weekday, int nth)
    {
        if (month is not { Grain: Grain.Month } within || nth > 5)
            return null;
        var first = (weekday - 1 - (within.First.DayNumber % 7) + 7) % 7;
        var day = first + ((nth < 0 ? 4 : nth - 1) * 7);
        if (nth < 0 && day >= within.Last.Day)
            day -= 7;
        return day < within.Last.Day ? DateValue.Of(new(Grain.Day, within.First.AddDays(day))) : null;
    }

    private static DateValue? DayOfMonth(DateSlots s, Narrative narrative)
    {
        var reference = s.Has(Slot.Rel2) && s[Slot.X] != 3 ? narrative.ArticleDate : narrative.LastWithin(Grain.Month)?.First ?? narrative.ArticleDate;
        if (reference is not { } day)
            return new(Invariant($"XXXX-XX-{s[Slot.D]:00}"));
        // "on April 11-12, 2016": the second day
        if (s.Has(Slot.Y) && s[Slot.Y] is >= 1 and <= 9999)
            day = new(s[Slot.Y], day.Month, 1);
        var month = Period.Of(Grain.Month, day).Shift(s.Has(Slot.Rel2) ? s[Slot.Rel2] : 0);
        if (s[Slot.D] == LastDay)
            return month is { } whole ? DateValue.Of(new(Grain.Day, whole.Last)) : null;
        return month is { } m && s[Slot.D] >= 1 && s[Slot.D] <= DateTime.DaysInMonth(m.First.Year, m.First.Month)
            ? DateValue.Of(new(Grain.Day, m.First.AddDays(s[Slot.D] - 1))) : null;
    }

    private static bool IsWeekday(DateOnly day, int weekday) => (day.DayNumber % 7) + 1 == weekday;

    /// <summary>"Friday the 13th": the nearest month in which that day is a Friday.</summary>
    private static DateValue? WeekdayOfMonth(DateSlots s, Narrative narrative, Side side)
    {
        if (narrative.Base(Grain.Day) is not { } today)
            return new(Invariant($"XXXX-XX-{s[Slot.D]:00}"));
        var step = (s.Has(Slot.Rel) ? s[Slot.Rel] >= 0 : side is Side.Future or Side.Present) ? 1 : -1;
        for (var i = 0; i <= 14; i++)
        {
            if (Period.Of(Grain.Month, today).Shift(i * step) is not { } month || s[Slot.D] < 1 || s[Slot.D] > month.Last.Day)
                continue;
            var day = month.First.AddDays(s[Slot.D] - 1);
            if ((day.DayNumber - today.DayNumber) * step >= 0 && IsWeekday(day, s[Slot.WD]))
                return DateValue.Of(new(Grain.Day, day));
        }

        return null;
    }

    private static DateValue? Weekday(DateSlots s, Narrative narrative, Side side, int sentence)
    {
        var weekday = s[Slot.WD];
        var inStory = narrative.Story is not null && !s.Has(Slot.Rel2) && narrative.LastWithin(Grain.Day) is not null && narrative.LastSentence >= sentence - 2;
        var anchor = (s[Slot.X] == 3 || inStory) && narrative.LastWithin(Grain.Day) is { } told ? told.First : narrative.Base(Grain.Day);
        if (anchor is not { } today)
            return new(Invariant($"XXXX-WXX-{weekday}"));
        if (s.Has(Slot.Rel2))
        {
            return Period.Of(Grain.Week, today).Shift(s[Slot.Rel2]) is { } week && Period.Days(week.First, weekday - 1) is { } day
                ? DateValue.Of(new(Grain.Day, day)) : null;
        }

        var now = (today.DayNumber % 7) + 1;
        var back = (now - weekday + 7) % 7;
        var ahead = (weekday - now + 7) % 7;
        int shift;
        if (s.Has(Slot.Rel))
        {
            shift = s[Slot.Rel] switch
            {
                < 0 => -(back == 0 ? 7 : back),
                > 0 => ahead == 0 ? 7 : ahead,
                _ => side == Side.Past ? -back : ahead,
            };
            // "a week on Tuesday", "a week ago Tuesday"
            if (s.Has(Slot.N))
                shift = (s[Slot.Rel] < 0 ? -back : shift) + (7 * s[Slot.Rel] * Math.Min(s[Slot.N], 1000));
        }
        else
            shift = inStory || side is Side.Future or Side.Present ? ahead : -back;
        return Period.Days(today, shift) is { } found ? DateValue.Of(new(Grain.Day, found)) : null;
    }

    private DateValue? Holiday(DateSlots s, int? year, Narrative narrative, Side side)
    {
        if (year is { } named)
            return holidays.Of(s[Slot.Hol], named) is { } period ? DateValue.Of(period) : holidays.Open(s[Slot.Hol], named);
        if ((narrative.Story is null || s.Has(Slot.Rel) ? narrative.Base(Grain.Year) : narrative.Reference?.First) is not { } today)
            return holidays.Open(s[Slot.Hol], null);
        Period? before = null;
        Period? after = null;
        for (var y = Math.Max(1, today.Year - 1); y <= Math.Min(9999, today.Year + 1); y++)
        {
            if (holidays.Of(s[Slot.Hol], y) is not { } period)
                continue;
            if (period.First <= today)
                before = period;
            if (period.Last >= today)
                after ??= period;
        }

        var ahead = s.Has(Slot.Rel) ? s[Slot.Rel] > 0 || (s[Slot.Rel] == 0 && side == Side.Future)
            : narrative.Story is not null ? Near(after, today) <= 2 * (long)Near(before, today)
            : side == Side.Future || (side != Side.Past && Near(after, today) < Near(before, today));
        var found = ahead ? after ?? before : before ?? after;
        if (s.Has(Slot.Rel) && s[Slot.Rel] == 0 && holidays.Of(s[Slot.Hol], today.Year) is { } thisYears)
            found = thisYears;
        return found is { } day ? DateValue.Of(day) : holidays.Open(s[Slot.Hol], null);
    }

    private static int Near(Period? period, DateOnly day) =>
        period is { } p ? Math.Abs(p.First.DayNumber - day.DayNumber) : int.MaxValue;

    private static DateValue? Decade(DateSlots s, Narrative narrative)
    {
        var decade = s[Slot.Dec];
        if (decade < 100)
        {
            var century = s.Has(Slot.YC) ? s[Slot.YC]
                : (narrative.ArticleDate?.Year ?? 2000) / 100 * 100 + decade > (narrative.ArticleDate?.Year ?? 2000)
                    ? ((narrative.ArticleDate?.Year ?? 2000) / 100) - 1 : (narrative.ArticleDate?.Year ?? 2000) / 100;
            decade += century * 100;
        }

        return decade is >= 1 and <= 9990 ? DateValue.Of(Period.Of(Grain.Decade, new(decade, 1, 1))) : null;
    }
}
