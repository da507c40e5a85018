using System.Globalization;

namespace Pipeline.Dates;

/// <summary>Values of lengths and recurrences.</summary>
internal static class DurationValuer
{
    private static readonly string[] Codes = ["S", "M", "H", "D", "WE", "W", "W", "M", "Q", "M", "Y", "Y", "DE", "CE", "ML"];
    private static readonly string[] Seasons = ["", "SP", "SU", "FA", "WI"];
    private static readonly string[] Parts = ["", "MO", "MI", "AF", "EV", "NI", "DT"];

    /// <summary>A length: <c>P3M</c>, <c>PT2H</c>, <c>PXD</c>.</summary>
    public static string Of(DateSlots s)
    {
        var unit = (TimeUnit)s[Slot.Unit];
        var count = s.Has(Slot.N) ? s[Slot.N] : -1;
        if (s[Slot.Half] == 9)
            return Fraction(count, unit);
        if (s.Has(Slot.Half))
            return Halved(count, unit, s[Slot.Half]);
        var first = One(count, unit);
        if (!s.Has(Slot.N2))
            return first;
        var both = Joined(first, One(s[Slot.N2], (TimeUnit)s[Slot.Unit2]));
        return s.Has(Slot.N3) ? Joined(both, One(s[Slot.N3], (TimeUnit)s[Slot.Unit3])) : both;
    }

    /// <summary><c>P1D</c> and <c>PT12H</c>: <c>P1DT12H</c>.</summary>
    private static string Joined(string first, string second) =>
        first.Contains('T', StringComparison.Ordinal) && second[1] == 'T' ? first + second[2..] : first + second[1..];

    /// <summary>A recurrence: <c>P1Y</c>, <c>XXXX-WXX-5</c>, <c>XXXX-07</c>.</summary>
    public static string OfSet(DateSlots s)
    {
        var c = CultureInfo.InvariantCulture;
        if (s.Has(Slot.WD))
            return string.Create(c, $"XXXX-WXX-{s[Slot.WD]}{(s.Has(Slot.Part) ? "T" + Parts[s[Slot.Part]] : "")}");
        if (s.Has(Slot.M))
            return s.Has(Slot.D) ? string.Create(c, $"XXXX-{s[Slot.M]:00}-{s[Slot.D]:00}") : string.Create(c, $"XXXX-{s[Slot.M]:00}");
        if (s.Has(Slot.D))
            return string.Create(c, $"XXXX-XX-{s[Slot.D]:00}");
        if (s.Has(Slot.Sea))
            return "XXXX-" + Seasons[s[Slot.Sea]];
        if (s.Has(Slot.Part))
            return "XXXX-XX-XXT" + Parts[s[Slot.Part]];
        if ((TimeUnit)s[Slot.Unit] == TimeUnit.Weekend)
            return "XXXX-WXX-WE";
        if (!s.Has(Slot.N))
            s.Set(Slot.N, 1);
        return Of(s);
    }

    private static string One(int count, TimeUnit unit)
    {
        if (unit == TimeUnit.Fortnight || unit == TimeUnit.HalfYear)
            count = count < 0 ? count : (int)Math.Min(count * (unit == TimeUnit.Fortnight ? 2L : 6L), int.MaxValue);
        var number = count < 0 ? "X" : count.ToString(CultureInfo.InvariantCulture);
        return (unit <= TimeUnit.Hour ? "PT" : "P") + number + Codes[(int)unit];
    }

    private static string Halved(int count, TimeUnit unit, int half)
    {
        count = Math.Max(count, 0);
        var (finer, each) = Finer(unit);
        var rest = half switch { 1 => each / 2, 2 => each / 4, _ => each * 3 / 4 };
        // Whole decades and centuries of years: two and a half decades are P25Y.
        if (unit is TimeUnit.Decade or TimeUnit.Century || count == 0)
            return One((int)Math.Min(((long)count * each) + rest, int.MaxValue), finer);
        return Joined(One(count, unit), One(rest, finer));
    }

    private static (TimeUnit Finer, int Each) Finer(TimeUnit unit) => unit switch
    {
        TimeUnit.Minute => (TimeUnit.Second, 60),
        TimeUnit.Hour => (TimeUnit.Minute, 60),
        TimeUnit.Day => (TimeUnit.Hour, 24),
        TimeUnit.Week => (TimeUnit.Day, 7),
        TimeUnit.Month => (TimeUnit.Day, 30),
        TimeUnit.Year => (TimeUnit.Month, 12),
        TimeUnit.Decade => (TimeUnit.Year, 10),
        TimeUnit.Century => (TimeUnit.Year, 100),
        _ => (TimeUnit.Second, 1),
    };

    private static string Fraction(int hundredths, TimeUnit unit)
    {
        var number = (hundredths / 100m).ToString("0.##", CultureInfo.InvariantCulture);
        return (unit <= TimeUnit.Hour ? "PT" : "P") + number + Codes[(int)unit];
    }
}
