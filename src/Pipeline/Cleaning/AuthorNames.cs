namespace Pipeline.Cleaning;

/// <summary>Author names as pages write them, brought to one form.</summary>
internal static class AuthorNames
{
    /// <summary>Names joined by <c>; </c>, each once; <see langword="null"/> where none is a name.</summary>
    public static string? Join(IReadOnlyList<string> names)
    {
        var kept = new List<string>();
        foreach (var name in names)
        {
            if (Clean(name) is { } clean && !kept.Contains(clean, StringComparer.OrdinalIgnoreCase))
                kept.Add(clean);
        }

        return kept.Count == 0 ? null : string.Join("; ", kept);
    }

    /// <summary>A name without "By" and without what is no name; <see langword="null"/> for an address or a sentence.</summary>
    public static string? Clean(string name)
    {
        using var buffer = new LineBuffer(64);
        buffer.Append(name.Length > 300 ? name.AsSpan(0, 300) : name);
        var text = buffer.Slice(0, buffer.Length).Trim(" ,;|·•-–—:");
        foreach (var prefix in (ReadOnlySpan<string>)["written by ", "posted by ", "by ", "by: ", "author: "])
        {
            if (text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                text = text[prefix.Length..].Trim();
        }

        if (text.Length is < 2 or > 120 || text.Contains("://", StringComparison.Ordinal) || text[0] == '@'
            || text.StartsWith("www.", StringComparison.OrdinalIgnoreCase) || text.Count(' ') > 12
            || text.IndexOfAnyInRange('0', '9') >= 0 || text.ToString().ToLowerInvariant() is "admin" or "administrator" or "webmaster" or "guest")
            return null;
        return text.ToString();
    }
}
