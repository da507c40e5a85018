namespace Pipeline.Dates;

/// <summary>Values of expressions that count or step from the article's date or from the narrative's reference.</summary>
internal static class RelativeValuer
{
    // Sentences that a told quarter is what a report compares with.
    private const int Far = 30;

    /// <summary>"two weeks ago", "in three days": N units from the article's date.</summary>
    public static DateValue? FromArticle(DateSlots s, Narrative narrative, int direction, int sentence)
    {
        if (!s.Has(Slot.N) || s[Slot.N] < 0)
            return new(direction < 0 ? "PAST_REF" : "FUTURE_REF");
        var (grain, count) = Step(s);
        // "two years ago today" is a day.
        if (s[Slot.X] == 8 && narrative.ArticleDate is { } now && grain >= Grain.Week)
        {
            if (grain == Grain.Week)
                return Shift(new(Grain.Day, now), count * direction * 7);
            return Period.Months(now, count * direction * (grain == Grain.Month ? 1 : 12)) is { } then
                ? DateValue.Of(new(Grain.Day, then)) : null;
        }

        if (Compared(narrative, grain, count * direction, sentence) is { } quarter)
            return quarter;
        if (narrative.Base(grain) is not { } today)
            return new(Open(grain));
        return Shift(Period.Of(grain, today), count * direction);
    }

    /// <summary>"two months later", "a day earlier": N units from what was told last.</summary>
    public static DateValue? FromNarrative(DateSlots s, Narrative narrative, int direction, int sentence)
    {
        if (!s.Has(Slot.N) || s[Slot.N] < 0)
            return new(direction < 0 ? "PAST_REF" : "FUTURE_REF");
        var (grain, count) = Step(s);
        var reference = narrative.Last ?? (narrative.ArticleDate is { } today ? new Period(Grain.Day, today) : null);
        // "than a year earlier" compares with now, unless the sentence itself has told another year.
        if (direction < 0 && count == 1 && grain == Grain.Year && narrative.LastSentence < sentence && narrative.ArticleDate is { } date
            && reference is { Grain: < Grain.Decade } && Math.Abs(reference.Value.First.Year - date.Year) <= 1)
            reference = new Period(Grain.Day, date);
        // "a day earlier" than what is told now, not than a month told long before.
        if (grain == Grain.Day && reference is { Grain: > Grain.Day } && narrative.LastSentence < sentence - 1 && narrative.ArticleDate is { } now)
            reference = new Period(Grain.Day, now);
        if (reference is not { } told)
            return new(Open(grain));
        if (Compared(narrative, grain, count * direction, sentence) is { } quarter)
            return quarter;
        if (told.Grain == Grain.Day && grain == Grain.Week)
            return Shift(told, count * 7 * direction);
        if (grain == Grain.Season)
            grain = Grain.Month;
        var shifted = Period.Of(grain, told.First).Shift(count * direction);
        return shifted is { } p ? DateValue.Of(Period.Of(told.Grain > grain && told.Grain <= Grain.Year ? told.Grain : grain, p.First)) : null;
    }

    /// <summary>The days of a length that ends or begins now: "the past two years", "the next six months".</summary>
    public static (DateOnly? Earliest, DateOnly? Latest)? Anchored(DateSlots s, Narrative narrative)
    {
        if (!s.Has(Slot.Rel) || s[Slot.Rel] == 0 || s[Slot.N] <= 0 || narrative.ArticleDate is not { } today)
            return null;
        var (grain, count) = Step(s);
        count *= s[Slot.Rel];
        var end = grain switch
        {
            Grain.Day => Period.Days(today, count),
            Grain.Weekend or Grain.Week => Period.Days(today, count * 7),
            Grain.Month => Period.Months(today, count),
            Grain.Quarter or Grain.Season => Period.Months(today, count * 3),
            Grain.Year => Period.Months(today, count * 12),
            _ => null,
        };
        return end is { } day ? (count < 0 ? (day, today) : (today, day)) : null;
    }

    /// <summary>"the latest quarter", "the year-ago quarter", "the 2023 period".</summary>
    public static DateValue? Told(DateSlots s, Narrative narrative, int sentence)
    {
        // "for the nine months …, compared with year-earlier profit"
        if (s[Slot.X] == 9 && narrative.LongAccount == sentence && narrative.Base(Grain.Year) is { } now)
            return Shift(Period.Of(Grain.Year, now), s[Slot.Rel]);
        // "in October from the same period last year"
        if (s[Slot.X] == 14)
        {
            if (narrative.Last is { Grain: Grain.Month or Grain.Season } last && narrative.LastSentence >= sentence - 1)
                return Shift(last, (s.Has(Slot.Y) ? s[Slot.Y] - last.First.Year : s[Slot.Rel]) * (last.Grain == Grain.Month ? 12 : 4));
            if (narrative.Quarter is null && narrative.Base(Grain.Year) is { } thisYear)
                return Shift(Period.Of(Grain.Year, thisYear), s[Slot.Rel]);
        }

        // The quarter of "the 2023 quarter" has been told.
        if (s.Has(Slot.Y) && narrative.Quarter is null)
            return null;
        var told = narrative.Quarter?.Period
            ?? (narrative.Base(Grain.Quarter) is { } today ? Period.Of(Grain.Quarter, today).Shift(-1) : null);
        if (told is not { } quarter)
            return new("XXXX-QX");
        if (s.Has(Slot.Q))
            quarter = Period.Of(Grain.Quarter, new(quarter.First.Year, (Math.Clamp(s[Slot.Q], 1, 4) * 3) - 2, 1));
        long years = s.Has(Slot.Y) ? s[Slot.Y] - quarter.First.Year : s[Slot.Rel];
        return Shift(quarter, years * (quarter.Grain == Grain.Half ? 2 : 4));
    }

    /// <summary>In a business report that has just told a quarter, "a year ago" is the same quarter of that year.</summary>
    private static DateValue? Compared(Narrative narrative, Grain grain, long years, int sentence) =>
        grain == Grain.Year && years == -1 && narrative.Quarter is { } told && sentence - told.Sentence <= Far && narrative.LongAccount != sentence
            ? Shift(told.Period, years * (told.Period.Grain == Grain.Half ? 2 : 4)) : null;

    /// <summary>"last year", "this week", "next month".</summary>
    public static DateValue? Deictic(DateSlots s, Narrative narrative, Side side)
    {
        var grain = GrainOf((TimeUnit)s[Slot.Unit]);
        if (narrative.Base(grain) is not { } today)
            return new(Open(grain));
        var now = Period.Of(grain, today);
        var count = s[Slot.Rel];
        if (grain == Grain.Weekend)
        {
            // Before Thursday "the weekend" of a past tense is the one that is over.
            var over = today.DayNumber % 7 < 5;
            if (count == 0 && side != Side.Future && today.DayNumber % 7 < 4)
                count = -1;
            else if (count < 0 && !over)
                count = -1;
        }

        return Shift(now, count);
    }

    /// <summary>"the following month", "that year", "the previous day".</summary>
    public static DateValue? Anaphoric(DateSlots s, Narrative narrative)
    {
        if (s.Has(Slot.Sea) || s.Has(Slot.M))
            return NextOfKind(s, narrative);
        var grain = GrainOf((TimeUnit)s[Slot.Unit]);
        // "from that quarter" of a town
        if (grain == Grain.Quarter && narrative.Quarter is null)
            return null;
        var reference = narrative.LastWithin(grain)?.First ?? narrative.ArticleDate;
        return reference is { } day ? Shift(Period.Of(grain, day), s[Slot.Rel]) : new DateValue(Open(grain));
    }

    /// <summary>"the following spring", "the previous June": the first one behind or before what was told last.</summary>
    private static DateValue? NextOfKind(DateSlots s, Narrative narrative)
    {
        var grain = s.Has(Slot.Sea) ? Grain.Season : Grain.Month;
        if ((narrative.LastWithin(Grain.Year) ?? (narrative.ArticleDate is { } today ? new Period(Grain.Day, today) : null)) is not { } told)
            return new(Open(Grain.Year));
        var month = grain == Grain.Season ? s[Slot.Sea] * 3 : s[Slot.M];
        for (var year = told.First.Year - 2; year <= told.First.Year + 2; year++)
        {
            // The years before from the nearest on.
            var y = s[Slot.Rel] > 0 ? year : (2 * told.First.Year) - year;
            if (y is < 1 or > 9999)
                continue;
            var period = Period.Of(grain, new(y, month, 1));
            if (s[Slot.Rel] > 0 ? period.First > (told.Grain <= grain ? told.First : told.Last) : period.Last < told.First)
                return DateValue.Of(period);
        }

        return null;
    }

    /// <summary>The grain of a unit.</summary>
    public static Grain GrainOf(TimeUnit unit) => unit switch
    {
        <= TimeUnit.Day => Grain.Day,
        TimeUnit.Weekend => Grain.Weekend,
        TimeUnit.Week or TimeUnit.Fortnight => Grain.Week,
        TimeUnit.Month => Grain.Month,
        TimeUnit.Quarter => Grain.Quarter,
        TimeUnit.HalfYear => Grain.Half,
        TimeUnit.Season => Grain.Season,
        TimeUnit.Year => Grain.Year,
        TimeUnit.Decade => Grain.Decade,
        TimeUnit.Century => Grain.Century,
        _ => Grain.Millennium,
    };

    /// <summary>The value of a period of which only the size is known.</summary>
    public static string Open(Grain grain) => grain switch
    {
        Grain.Day => "XXXX-XX-XX",
        Grain.Weekend => "XXXX-WXX-WE",
        Grain.Week => "XXXX-WXX",
        Grain.Month => "XXXX-XX",
        Grain.Quarter => "XXXX-QX",
        Grain.Half => "XXXX-HX",
        Grain.Decade => "XXX",
        Grain.Century => "XX",
        _ => "XXXX",
    };

    private static DateValue? Shift(Period period, long count) =>
        period.Shift(count) is { } shifted ? DateValue.Of(shifted) : null;

    /// <summary>Grain and number of steps. Decades and centuries count in years, halves in the next finer unit.</summary>
    private static (Grain Grain, long Count) Step(DateSlots s)
    {
        var unit = (TimeUnit)s[Slot.Unit];
        long n = s[Slot.N];
        if (s.Has(Slot.N2))
        {
            switch (unit, (TimeUnit)s[Slot.Unit2])
            {
                case (TimeUnit.Year, TimeUnit.Month):
                    return (Grain.Month, (n * 12) + s[Slot.N2]);
                case (TimeUnit.Week, TimeUnit.Day):
                    return (Grain.Day, (n * 7) + s[Slot.N2]);
                case (TimeUnit.Month, TimeUnit.Week):
                    return (Grain.Week, (n * 4) + s[Slot.N2]);
            }
        }

        if (s.Has(Slot.Half))
        {
            return unit switch
            {
                TimeUnit.Year => (Grain.Month, (n * 12) + (s[Slot.Half] switch { 1 => 6, 2 => 3, _ => 9 })),
                TimeUnit.Decade => (Grain.Year, (n * 10) + 5),
                TimeUnit.Century => (Grain.Year, (n * 100) + 50),
                TimeUnit.Month => (Grain.Week, (n * 4) + 2),
                TimeUnit.Week => (Grain.Day, (n * 7) + 3),
                _ => (GrainOf(unit), n),
            };
        }

        return unit switch
        {
            TimeUnit.Second or TimeUnit.Minute or TimeUnit.Hour => (Grain.Day, unit == TimeUnit.Hour ? n / 24 : 0),
            TimeUnit.Fortnight => (Grain.Week, n * 2),
            TimeUnit.HalfYear => (Grain.Month, n * 6),
            TimeUnit.Decade => (Grain.Year, n * 10),
            TimeUnit.Century => (Grain.Year, n * 100),
            TimeUnit.Millennium => (Grain.Year, n * 1000),
            _ => (GrainOf(unit), n),
        };
    }
}
