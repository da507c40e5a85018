namespace Pipeline.Dates;

/// <summary>TIMEX3 types (ISO-TimeML).</summary>
public enum TimexType
{
    /// <summary>A calendar time of a day or coarser.</summary>
    Date,

    /// <summary>A time of day.</summary>
    Time,

    /// <summary>A length of time.</summary>
    Duration,

    /// <summary>A recurring time.</summary>
    Set,
}

/// <summary>A temporal expression.</summary>
/// <param name="Sentence">Index of its sentence in the article.</param>
/// <param name="Span">Where it stands.</param>
/// <param name="Type">TIMEX3 type.</param>
/// <param name="Value">TIMEX3 value, such as <c>2024-10</c>, <c>P3M</c>, <c>PAST_REF</c>.</param>
/// <param name="Mod">TIMEX3 modifier, such as <c>START</c>, or <see langword="null"/>.</param>
/// <param name="Earliest">
/// First day that the value spans, inclusive; of a length that the text anchors ("the past two years"), the first of its days;
/// of <c>PRESENT_REF</c> and <c>FUTURE_REF</c> the article's date. <see langword="null"/> where open, and before the year 1.
/// </param>
/// <param name="Latest">Last day in the same way; of <c>PRESENT_REF</c> and <c>PAST_REF</c> the article's date.</param>
public sealed record DateMention(
    int Sentence, TextSpan Span, TimexType Type, string Value, string? Mod, DateOnly? Earliest, DateOnly? Latest);
