namespace Pipeline.Dates;

/// <summary>Makes the value of a match, in text order, and moves the narrative.</summary>
internal sealed class DateValuer(DateGrammar grammar)
{
    private readonly TenseFinder _tense = new(grammar);
    private readonly int _opens = grammar.Class("RANGEOPEN");
    private readonly int _joins = grammar.Class("RANGEJOIN");
    private readonly int _happening = grammar.Class("HAPPENING");
    private readonly int _preposition = grammar.Class("PREP");
    private readonly CalendarValuer _calendar = new(grammar.Holidays);

    /// <summary>The value, or <see langword="null"/> where the parts make none (30 February).</summary>
    public DateValue? Of(DateMatch match, ReadOnlySpan<DateAtom> atoms, Narrative narrative)
    {
        var s = match.Slots;
        DateValue? value = match.Rule.Operation switch
        {
            // "between 3 months and one year" are two
            DateOperation.Ago or DateOperation.Later or DateOperation.Earlier or DateOperation.FromNow or DateOperation.Duration
                when s.Has(Slot.N2) && s[Slot.Unit2] >= s[Slot.Unit] => null,
            // "soon", "years later" inside a past story
            DateOperation.Const when s[Slot.X] == 13 && _tense.IsBeforePast(atoms, match.First, match.End) => new DateValue("PAST_REF"),
            DateOperation.Const => new DateValue(match.Rule.Argument),
            DateOperation.Calendar => Calendar(match, atoms, narrative),
            DateOperation.Ago => RelativeValuer.FromArticle(s, narrative, -1, match.Sentence),
            DateOperation.FromNow => RelativeValuer.FromArticle(s, narrative, 1, match.Sentence),
            DateOperation.Later => RelativeValuer.FromNarrative(s, narrative, 1, match.Sentence),
            DateOperation.Earlier => RelativeValuer.FromNarrative(s, narrative, -1, match.Sentence),
            DateOperation.Deictic => RelativeValuer.Deictic(s, narrative, Side(match, atoms)),
            DateOperation.Anaphoric => RelativeValuer.Anaphoric(s, narrative),
            DateOperation.Told => RelativeValuer.Told(s, narrative, match.Sentence),
            DateOperation.Duration => new DateValue(DurationValuer.Of(s), Days: RelativeValuer.Anchored(s, narrative)),
            _ => new DateValue(DurationValuer.OfSet(s)),
        };
        if (match.Rule.Operation == DateOperation.Duration && (TimeUnit)s[Slot.Unit] == TimeUnit.Month && s[Slot.N] is 6 or 9)
            narrative.LongAccount = match.Sentence;

        // A comparison with a year before does not move the story.
        var compares = match.Rule.Operation == DateOperation.Told
            || (match.Rule.Operation is DateOperation.Earlier or DateOperation.Ago && s[Slot.N] == 1 && (TimeUnit)s[Slot.Unit] == TimeUnit.Year);
        // In a history, "(1854–1920)" and "that winter" are asides.
        var aside = narrative.Story is not null && ((s.Has(Slot.Sea) && s[Slot.X] == 3) || InBrackets(atoms[..match.First]));
        if (value is { Period: { } period } && !compares && !aside)
            narrative.Note(period, match.Sentence);
        return value;
    }

    private DateValue? Calendar(DateMatch match, ReadOnlySpan<DateAtom> atoms, Narrative narrative)
    {
        var s = match.Slots;
        var before = narrative.Calendar.Sentence == match.Sentence ? narrative.Calendar : default;
        if (BracketedWeekday(match, atoms, before.End, before.Period) is { } sameDay)
            return sameDay;
        var lacksYear = LacksYear(s);
        if (before.TellsYear && lacksYear && SharedYear(atoms[before.End..match.First], before.Period!.Value) is { } year)
            s.Set(Slot.Y, year);
        if (lacksYear && s.Has(Slot.M) && s.Has(Slot.D) && !s.Has(Slot.Y) && narrative.ArticleDate is { } today && match.End < atoms.Length
            && grammar.Is(atoms[match.End], _happening) && narrative.YearOf(s[Slot.M], s[Slot.D], 0) is null && grammar.Holidays.YearOfEvent(s[Slot.M], s[Slot.D], today) is { } yearOfEvent)
            s.Set(Slot.Y, yearOfEvent);
        narrative.IsNowadays = s.Has(Slot.Day) && _tense.IsState(atoms, match.First, match.End);
        var value = _calendar.Of(s, narrative, Side(match, atoms), match.Sentence);
        if (value is not { Period: { } period })
            return value;
        // "between December and June", "from November 2018 to February": the June, the February behind.
        if (lacksYear && before.Period is { Grain: Grain.Day or Grain.Month } start && (before.TellsYear || before.Opens)
            && s.Has(Slot.M) && period.First < start.First && Joins(atoms[before.End..match.First]))
        {
            value = CalendarValuer.YearLater(period) ?? value;
        }

        if ((s.Has(Slot.Y) || s.Has(Slot.YY)) && period.Grain is Grain.Day or Grain.Month)
            narrative.NoteFull(period, match.Sentence);
        narrative.Calendar = (match.Sentence, match.End, value.Value.Period, match.First > 0 && grammar.Is(atoms[match.First - 1], _opens), !LacksYear(s));
        return value;
    }

    private static bool InBrackets(ReadOnlySpan<DateAtom> before)
    {
        for (var i = before.Length - 1; i >= Math.Max(0, before.Length - 12); i--)
        {
            if (before[i].Mark is '(' or ')')
                return before[i].Mark == '(';
        }

        return false;
    }

    private static bool LacksYear(DateSlots s) =>
        !s.Has(Slot.Y) && !s.Has(Slot.YY) && !s.Has(Slot.YC) && !s.Has(Slot.Rel) && !s.Has(Slot.Rel2) && !s.Has(Slot.Day);

    /// <summary>The year that the expression before also tells for this one: "from May 2018 to June", "in 2008, on September 15".</summary>
    private int? SharedYear(ReadOnlySpan<DateAtom> between, Period before)
    {
        if (before.Grain is Grain.Day or Grain.Month)
            return Joins(between) ? before.First.Year : null;
        if (before.Grain != Grain.Year || between.Length is 0 or > 3)
            return null;
        foreach (ref readonly var atom in between)
        {
            if (atom.Mark != ',' && (!grammar.Is(atom, _preposition) || grammar.Is(atom, _joins)))
                return null;
        }

        return before.First.Year;
    }

    /// <summary>Whether two ends of a range or list stand on either side.</summary>
    private bool Joins(ReadOnlySpan<DateAtom> between)
    {
        if (between.Length > 1 && between[0].Mark == ',')
            between = between[1..];
        return between.Length == 1 && (grammar.Is(between[0], _joins) || between[0].Mark == '-');
    }

    /// <summary>"Nov. 6 (Wednesday)": the day that was just told, if it is one.</summary>
    private static DateValue? BracketedWeekday(DateMatch match, ReadOnlySpan<DateAtom> atoms, int end, Period? before) =>
        before is { Grain: Grain.Day } day && match.Slots.Has(Slot.WD) && !match.Slots.Has(Slot.D) && !match.Slots.Has(Slot.HH)
        && match.First == end + 1 && end > 0 && atoms[end].Mark is '(' or '[' && (day.First.DayNumber % 7) + 1 == match.Slots[Slot.WD]
            ? DateValue.Of(day) : null;

    private Side Side(DateMatch match, ReadOnlySpan<DateAtom> atoms) => _tense.Of(atoms, match.First, match.End);
}
