namespace Pipeline.Segmenting;

/// <summary>Letters that are a token of their own behind a number: <c>5|km</c>, <c>8|pm</c>, <c>30|m</c>.</summary>
internal static class Units
{
    private static readonly WordList<bool> Words = new("units.txt", _ => true);

    public static bool Contains(ReadOnlySpan<char> letters) => Words.TryGet(letters, out _);
}
