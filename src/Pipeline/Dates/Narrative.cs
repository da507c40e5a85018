namespace Pipeline.Dates;

/// <summary>What the text has dated so far: the reference of "two months later" and "that year".</summary>
internal sealed class Narrative(DateOnly? articleDate)
{
    private readonly Period?[] _recent = new Period?[(int)Grain.Millennium + 1];
    private readonly int[] _order = new int[(int)Grain.Millennium + 1];
    private int _count;

    /// <summary>The article's date.</summary>
    public DateOnly? ArticleDate { get; } = articleDate;

    /// <summary>The last dated period.</summary>
    public Period? Last { get; private set; }

    /// <summary>Sentence of <see cref="Last"/>.</summary>
    public int LastSentence { get; private set; } = -1;

    /// <summary>The end of the last calendar expression's match, and whether "between" or "from" stood before it.</summary>
    public (int Sentence, int End, bool Opens) Calendar { get; set; } = (-1, 0, false);

    /// <summary>The last quarter or half that was told, and its sentence: what a business report compares.</summary>
    public (Period Period, int Sentence)? Quarter { get; private set; }

    /// <summary>The sentence that last gave an account of six or nine months: there "a year ago" is no quarter.</summary>
    public int LongAccount { get; set; } = -1;

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
