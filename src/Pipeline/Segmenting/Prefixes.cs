namespace Pipeline.Segmenting;

/// <summary>Word parts before a hyphen that are no token of their own: <c>anti-ship</c>, <c>e-mail</c>.</summary>
internal static class Prefixes
{
    private static readonly WordList<bool> Words = new("prefixes.txt", _ => true);

    public static bool Contains(ReadOnlySpan<char> part) => Words.TryGet(part, out _);
}
