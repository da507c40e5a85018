namespace Pipeline.Reading;

/// <summary>What a document of Word or PDF holds, as text or HTML.</summary>
internal sealed record DocumentContent(string Content, string? Title, string? Author);

/// <summary>
/// Reads documents by libraries that were not made for hostile files, within bounds of work: what a file makes them allocate,
/// which is the same on every machine, and what it makes them hold.
/// </summary>
internal static class DocumentFile
{
    private const long AlwaysAllowed = 400_000_000;

    /// <summary>Real documents of dense text have been seen to cost 550 for each byte of their own.</summary>
    private const long AllowedPerByte = 2000;

    /// <summary>What a document may make its reader allocate, in bytes over the whole time: its work.</summary>
    public static long MostAllocated(int length) => AlwaysAllowed + (AllowedPerByte * length);

    public static string TooMuchWork => "reading it takes far more work than a document of its size; it may have been made to stop its readers";

    /// <summary>Reads a document on this thread.</summary>
    /// <exception cref="InvalidDataException">It is none, is encrypted, holds no text, or goes over a bound.</exception>
    public static DocumentContent Read(InputKind kind, byte[] bytes, long maxBytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var content = kind == InputKind.Word ? WordDocument.Read(bytes, maxBytes) : PdfText.Read(bytes);
        if (GC.GetAllocatedBytesForCurrentThread() - before > MostAllocated(bytes.Length))
            throw new InvalidDataException(TooMuchWork);
        if (content.Content.Length > maxBytes)
            throw new InvalidDataException("its text is larger than the limit (--max-size raises it)");
        return content;
    }
}
