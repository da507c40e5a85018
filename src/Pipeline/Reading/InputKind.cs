namespace Pipeline.Reading;

/// <summary>What a file holds, by its name alone.</summary>
internal enum InputKind
{
    Unsupported,
    PlainText,
    Markdown,
    Html,
    JsonLines,
    Word,
    Pdf,
    Email,
    Warc,
}

internal static class InputKinds
{
    /// <summary>Every ending that is read, for help and error texts.</summary>
    public const string Known = ".txt, .md, .html, .htm, .jsonl, .ndjson, .docx, .pdf, .eml, .warc, each also with .gz or .zst";

    public static (InputKind Kind, Compression Compression) Of(string path)
    {
        var (compression, name) = Compressions.Of(path);
        return (Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".txt" or ".text" => InputKind.PlainText,
            ".md" or ".markdown" => InputKind.Markdown,
            ".html" or ".htm" or ".xhtml" => InputKind.Html,
            ".jsonl" or ".ndjson" => InputKind.JsonLines,
            ".docx" => InputKind.Word,
            ".pdf" => InputKind.Pdf,
            ".eml" => InputKind.Email,
            ".warc" => InputKind.Warc,
            _ => InputKind.Unsupported,
        }, compression);
    }
}
