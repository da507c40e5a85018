namespace Pipeline.Dates;

/// <summary>A resolved value.</summary>
/// <param name="Text">TIMEX3 value.</param>
/// <param name="Period">The period that moves the narrative, or <see langword="null"/>.</param>
/// <param name="Days">First and last day where the text anchors a length, which its value does not tell: "the past two years".</param>
internal readonly record struct DateValue(string Text, Period? Period = null, (DateOnly? Earliest, DateOnly? Latest)? Days = null)
{
    public static DateValue Of(Period period) => new(period.Value, period);
}
