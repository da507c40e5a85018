namespace Pipeline.Dates;

/// <summary>What a pattern catches. The names, in lower case, are the labels of the rule files.</summary>
internal enum Slot : byte
{
    None,

    /// <summary>A quantity; several catches add up ("twenty" "five"), a hundred or thousand multiplies.</summary>
    N,

    /// <summary>1: and a half; 2: and a quarter.</summary>
    Half,

    /// <summary>A unit, as <see cref="TimeUnit"/>.</summary>
    Unit,

    /// <summary>A second quantity and its unit: two years and three months.</summary>
    N2,
    Unit2,

    /// <summary>A third: and five days.</summary>
    N3,
    Unit3,

    /// <summary>Year of four digits, of two digits, hundreds of a year in words.</summary>
    Y,
    YY,
    YC,

    /// <summary>1 to 12; day of the month; 1 (Monday) to 7.</summary>
    M,
    D,
    WD,

    /// <summary>The month that ends the range or list which the expression is in: there the year is told.</summary>
    M2,

    /// <summary>Number of an ISO week.</summary>
    Wk,

    /// <summary>Season: 1 SP, 2 SU, 3 FA, 4 WI.</summary>
    Sea,

    /// <summary>Quarter; half of a year.</summary>
    Q,
    H,

    /// <summary>Decade within a century, in years (90); century as an ordinal.</summary>
    Dec,
    Cen,

    /// <summary>Holiday of the lexicon.</summary>
    Hol,

    /// <summary>Part of the day: 1 MO, 2 MI, 3 AF, 4 EV, 5 NI, 6 DT.</summary>
    Part,

    /// <summary>Clock.</summary>
    HH,
    MI,
    SS,
    Ampm,
    Zone,

    /// <summary>-1 last, 0 this, 1 next.</summary>
    Rel,

    /// <summary>The same for the unit <see cref="Unit2"/> that the expression lies in: "June of last year".</summary>
    Rel2,

    /// <summary>An ordinal.</summary>
    Ord,

    /// <summary>A modifier, as index into <see cref="DateMods"/>.</summary>
    Mod,

    /// <summary>Day relative to today.</summary>
    Day,

    /// <summary>A switch that a rule's operation reads.</summary>
    X,
}

/// <summary>Units of time, finest first.</summary>
internal enum TimeUnit : byte
{
    Second,
    Minute,
    Hour,
    Day,
    Weekend,
    Week,
    Fortnight,
    Month,
    Quarter,
    HalfYear,
    Season,
    Year,
    Decade,
    Century,
    Millennium,
}

/// <summary>The caught values of one match; used again for the next.</summary>
internal sealed class DateSlots
{
    /// <summary>The lexicon's value of "dozen", which multiplies what stands before it as 12 itself must not.</summary>
    private const int Dozen = -12;

    private readonly int[] _values = new int[(int)Slot.X + 1];
    private ulong _has;

    public void Clear()
    {
        Array.Clear(_values);
        _has = 0;
    }

    public int this[Slot slot] => _values[(int)slot];

    public bool Has(Slot slot) => (_has & (1UL << (int)slot)) != 0;

    public int? Maybe(Slot slot) => Has(slot) ? _values[(int)slot] : null;

    public void Set(Slot slot, int value)
    {
        _values[(int)slot] = value;
        _has |= 1UL << (int)slot;
    }

    /// <summary>Catches a value; quantities and years in words add up.</summary>
    public void Catch(Slot slot, int value)
    {
        if (value == Dozen)
            value = Has(slot) && _values[(int)slot] > 0 ? Math.Min(_values[(int)slot], 1_000_000) * 12 : 12;
        else if (Has(slot) && slot is Slot.N or Slot.N2 or Slot.N3 or Slot.Y or Slot.YY or Slot.Cen or Slot.D)
        {
            var before = _values[(int)slot];
            value = before > 0 && value is 100 or 1000 or 1_000_000
                ? (int)Math.Min((long)before * value, 100_000_000)
                : before + value;
        }

        Set(slot, value);
    }
}
