namespace Pipeline.Dates;

/// <summary>What the text has dated so far: the reference of "two months later" and "that year".</summary>
internal sealed class Narrative(DateOnly? articleDate, string text)
{
    private const int MostTold = 64;

    private readonly List<(Period Period, int Sentence)> _toldDays = [];
    private bool? _dayFirst;

    private readonly Period?[] _recent = new Period?[(int)Grain.Millennium + 1];
    private readonly int[] _order = new int[(int)Grain.Millennium + 1];
    private int _count;

    /// <summary>The article's date.</summary>
    public DateOnly? ArticleDate { get; } = articleDate;

    /// <summary>
    /// The first year of the past that the whole article tells, else <see langword="null"/>: there parts of dates are resolved
    /// against the story, not against the article's date.
    /// </summary>
    public int? Story { get; init; }

    /// <summary>The article's date where parts of dates are seen from it.</summary>
    public DateOnly? Present => Story is null ? ArticleDate : null;

    /// <summary>The last dated period that is not coarser than a year; the beginning of the story where none has been told yet.</summary>
    public Period? Reference => LastWithin(Grain.Year) ?? (Story is { } year ? Period.Year(year) : null);

    /// <summary>Whether the clause of the expression at hand tells what is so and not what happens: there "today" is nowadays.</summary>
    public bool IsNowadays { get; set; }

    /// <summary>The last dated period.</summary>
    public Period? Last { get; private set; }

    /// <summary>Sentence of <see cref="Last"/>.</summary>
    public int LastSentence { get; private set; } = -1;

    /// <summary>
    /// The last calendar expression: where its match ended, its period, whether "between" or "from" stood before it and
    /// whether it told its year.
    /// </summary>
    public (int Sentence, int End, Period? Period, bool Opens, bool TellsYear) Calendar { get; set; } = (-1, 0, null, false, false);

    /// <summary>
    /// Whether the article writes 03/04/2017 for a day of April: some other date of it can be read in this order only, and
    /// more of them than in the other.
    /// </summary>
    public bool IsDayFirst => _dayFirst ??= NumericOrder.IsDayFirst(text);

    /// <summary>The last quarter or half that was told, and its sentence: what a business report compares.</summary>
    public (Period Period, int Sentence)? Quarter { get; private set; }

    /// <summary>The sentence that last gave an account of six or nine months: there "a year ago" is no quarter.</summary>
    public int LongAccount { get; set; } = -1;

    /// <summary>
    /// The year that the article told with the same day, or with the same month no more than a sentence before, if any: its
    /// "Oct. 7" is that of "October 7, 2023".
    /// </summary>
    public int? YearOf(int month, int? day, int sentence)
    {
        for (var i = _toldDays.Count - 1; i >= 0; i--)
        {
            var (told, where) = _toldDays[i];
            if (told.First.Month != month)
                continue;
            if (told.Grain == Grain.Day && (day is { } number ? told.First.Day == number : where >= sentence - 1))
                return told.First.Year;
        }

        return null;
    }

    /// <summary>Notes a day or month whose year the text itself tells.</summary>
    public void NoteFull(Period period, int sentence)
    {
        if (_toldDays.Count == MostTold)
            _toldDays.RemoveAt(0);
        _toldDays.Add((period, sentence));
    }

    /// <summary>Notes a dated period.</summary>
    public void Note(Period period, int sentence)
    {
        Last = period;
        LastSentence = sentence;
        _recent[(int)period.Grain] = period;
        _order[(int)period.Grain] = ++_count;
        if (period.Grain is not (Grain.Quarter or Grain.Half))
            return;
        // A report tells of the quarter that is over, and looks ahead to others.
        if (Quarter is not { } told || (period.Last <= ArticleDate && period.First >= told.Period.First) || told.Period.Last > ArticleDate || ArticleDate is null)
            Quarter = (period, sentence);
        LongAccount = -1;
    }

    /// <summary>The last dated period that is not coarser than a size.</summary>
    public Period? LastWithin(Grain grain)
    {
        Period? best = null;
        var order = 0;
        for (var g = 0; g <= (int)grain; g++)
        {
            if (_order[g] > order)
                (best, order) = (_recent[g], _order[g]);
        }

        return best;
    }

    /// <summary>The day that "last year" and "yesterday" are seen from: the article's, else the last full date, as far as it can tell the size.</summary>
    public DateOnly? Base(Grain grain) => ArticleDate ?? LastWithin(grain)?.First;
}
