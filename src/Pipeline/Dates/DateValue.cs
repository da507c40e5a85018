namespace Pipeline.Dates;

/// <summary>A resolved value.</summary>
/// <param name="Text">TIMEX3 value.</param>
/// <param name="Period">The period that moves the narrative, or <see langword="null"/>.</param>
/// <param name="NamesYear">Whether the expression named its year itself.</param>
internal readonly record struct DateValue(string Text, Period? Period = null, bool NamesYear = false)
{
    public static DateValue Of(Period period, bool namesYear = false) => new(period.Value, period, namesYear);
}
