namespace Pipeline.Writing;

/// <summary>The articles met so far, to tell copies. Not thread-safe; filled in input order.</summary>
internal sealed class DuplicateIndex
{
    private readonly HashSet<string> ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> bySha = new(StringComparer.Ordinal);

    /// <summary>Adds an article.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="sha256">Hash of its text.</param>
    /// <param name="text">Its text.</param>
    /// <param name="duplicateOf">The first earlier article with the same text, or <see langword="null"/>.</param>
    /// <returns>False where the id was met before.</returns>
    public bool TryAdd(string id, string sha256, string text, out string? duplicateOf)
    {
        duplicateOf = null;
        if (!ids.Add(id))
            return false;
        if (text.Length > 0 && !bySha.TryAdd(sha256, id))
            duplicateOf = bySha[sha256];
        return true;
    }
}
