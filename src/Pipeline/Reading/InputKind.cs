namespace Pipeline.Reading;

/// <summary>What a file holds, by its name alone.</summary>
internal enum InputKind
{
    Unsupported,
    PlainText,
    Markdown,
    Html,
    JsonLines,
}

internal static class InputKinds
{
    /// <summary>Every ending that is read, for help and error texts.</summary>
    public const string Known = ".txt, .md, .html, .htm, .jsonl, .ndjson, each also with .gz";

    public static (InputKind Kind, bool Compressed) Of(string path)
    {
        var compressed = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        var name = compressed ? path[..^3] : path;
        return (Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".txt" or ".text" => InputKind.PlainText,
            ".md" or ".markdown" => InputKind.Markdown,
            ".html" or ".htm" or ".xhtml" => InputKind.Html,
            ".jsonl" or ".ndjson" => InputKind.JsonLines,
            _ => InputKind.Unsupported,
        }, compressed);
    }
}
