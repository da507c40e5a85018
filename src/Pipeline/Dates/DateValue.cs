namespace Pipeline.Dates;

/// <summary>A resolved value.</summary>
/// <param name="Text">TIMEX3 value.</param>
/// <param name="Period">The period that moves the narrative, or <see langword="null"/>.</param>
internal readonly record struct DateValue(string Text, Period? Period = null)
{
    public static DateValue Of(Period period) => new(period.Value, period);
}
