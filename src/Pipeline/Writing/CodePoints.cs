namespace Pipeline.Writing;

/// <summary>
/// Turns UTF-16 positions of one text into Unicode code points, as the output counts them. Immutable.
/// </summary>
internal readonly struct CodePoints
{
    private readonly int[]? lowSurrogates;

    public CodePoints(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
            return;
        var found = new List<int>();
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsLowSurrogate(text[i]) && char.IsHighSurrogate(text[i - 1]))
                found.Add(i);
        }

        lowSurrogates = [.. found];
    }

    /// <summary>Number of code points in front of a UTF-16 position.</summary>
    public int At(int position)
    {
        if (lowSurrogates is null)
            return position;
        var before = Array.BinarySearch(lowSurrogates, position);
        return position - (before < 0 ? ~before : before);
    }
}
