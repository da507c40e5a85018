namespace Pipeline;

/// <summary>
/// A half-open range of UTF-16 code units in an article's own text (<see cref="Cleaning.ArticleText.Text"/>).
/// The output counts Unicode code points instead; only Writing converts.
/// </summary>
/// <param name="Start">Index of the first code unit.</param>
/// <param name="End">Index behind the last code unit.</param>
public readonly record struct TextSpan(int Start, int End)
{
    /// <summary>Number of UTF-16 code units.</summary>
    public int Length => End - Start;

    /// <summary>Whether the other span lies wholly inside this one.</summary>
    public bool Contains(TextSpan other) => Start <= other.Start && other.End <= End;

    /// <summary>The characters of the span, without copying.</summary>
    public ReadOnlySpan<char> In(string text) => text.AsSpan(Start, End - Start);
}
