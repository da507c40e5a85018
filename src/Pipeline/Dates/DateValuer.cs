namespace Pipeline.Dates;

/// <summary>Makes the value of a match, in text order, and moves the narrative.</summary>
internal sealed class DateValuer(DateGrammar grammar)
{
    private readonly TenseFinder _tense = new(grammar);
    private readonly int _opens = grammar.Class("RANGEOPEN");
    private readonly int _joins = grammar.Class("RANGEJOIN");
    private readonly CalendarValuer _calendar = new(grammar.Holidays);

    /// <summary>The value, or <see langword="null"/> where the parts make none (30 February).</summary>
    public DateValue? Of(DateMatch match, ReadOnlySpan<DateAtom> atoms, Narrative narrative)
    {
        var s = match.Slots;
        DateValue? value = match.Rule.Operation switch
        {
            DateOperation.Const => new DateValue(match.Rule.Argument),
            DateOperation.Calendar => _calendar.Of(s, narrative, Side(match, atoms), match.Sentence),
            DateOperation.Ago => RelativeValuer.FromArticle(s, narrative, -1, match.Sentence),
            DateOperation.FromNow => RelativeValuer.FromArticle(s, narrative, 1, match.Sentence),
            DateOperation.Later => RelativeValuer.FromNarrative(s, narrative, 1, match.Sentence),
            DateOperation.Earlier => RelativeValuer.FromNarrative(s, narrative, -1, match.Sentence),
            DateOperation.Deictic => RelativeValuer.Deictic(s, narrative, Side(match, atoms)),
            DateOperation.Anaphoric => RelativeValuer.Anaphoric(s, narrative),
            DateOperation.Told => RelativeValuer.Told(s, narrative, match.Sentence),
            DateOperation.Duration => new DateValue(DurationValuer.Of(s)),
            _ => new DateValue(DurationValuer.OfSet(s)),
        };
        if (match.Rule.Operation == DateOperation.Duration && (TimeUnit)s[Slot.Unit] == TimeUnit.Month && s[Slot.N] is 6 or 9)
            narrative.LongAccount = match.Sentence;
        if (match.Rule.Operation == DateOperation.Calendar)
        {
            value = value is { Period: { } end } && ClosesRange(match, atoms, narrative) && end.First < narrative.Last!.Value.First
                ? CalendarValuer.YearLater(end) ?? value : value;
            narrative.Calendar = (match.Sentence, match.End, match.First > 0 && grammar.Is(atoms[match.First - 1], _opens));
        }

        // A comparison with a year before does not move the story.
        var compares = match.Rule.Operation == DateOperation.Told
            || (match.Rule.Operation is DateOperation.Earlier or DateOperation.Ago && s[Slot.N] == 1 && (TimeUnit)s[Slot.Unit] == TimeUnit.Year);
        if (value is { Period: { } period } && !compares)
            narrative.Note(period, match.Sentence);
        return value;
    }

    /// <summary>"between December and June": the June behind.</summary>
    private bool ClosesRange(DateMatch match, ReadOnlySpan<DateAtom> atoms, Narrative narrative) =>
        match.Slots is var s && s.Has(Slot.M) && !s.Has(Slot.Y) && !s.Has(Slot.Rel) && !s.Has(Slot.Rel2)
        && narrative.Calendar == (match.Sentence, match.First - 1, true) && grammar.Is(atoms[match.First - 1], _joins)
        && narrative.Last is { Grain: Grain.Day or Grain.Month };

    private Side Side(DateMatch match, ReadOnlySpan<DateAtom> atoms) => _tense.Of(atoms, match.First, match.End);
}
