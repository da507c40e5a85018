namespace Pipeline.Reading;

/// <summary>
/// One article-to-be as the walk over the inputs met it: a file, a record of a file of many, or something that was
/// refused at sight. Cheap to make, so that one thread can walk while others read.
/// </summary>
/// <param name="Position">Ordinal number over the whole input, from 0.</param>
/// <param name="Source">Relative path with <c>/</c>, without the record's id or number.</param>
/// <param name="Number">Line (JSON) or record (WARC) in a file of many, from 1; 0 for a file of one article.</param>
/// <param name="FullPath">Where the file of one article stands; <see langword="null"/> otherwise.</param>
/// <param name="Content">The bytes of the record: a line without its end, or an HTTP answer.</param>
/// <param name="Url">Address of the record where the file of many says it; then the content is an HTTP answer.</param>
/// <param name="Error">Why it was refused; <see langword="null"/> where it was not.</param>
/// <param name="Bytes">How much input it stands for, for progress only.</param>
public sealed record InputRecord(
    long Position,
    string Source,
    int Number,
    string? FullPath,
    ReadOnlyMemory<byte> Content,
    string? Url,
    string? Error,
    long Bytes);

/// <summary>An input that could not become an article. A row of <c>errors.csv</c>.</summary>
/// <param name="Source">Which input.</param>
/// <param name="Stage">The stage that refused it.</param>
/// <param name="Error">What is wrong and how to mend it.</param>
public sealed record ReadFailure(string Source, string Stage, string Error)
{
    private const int Longest = 300;

    /// <summary>What is wrong and how to mend it: one line of at most 300 characters without control characters.</summary>
    public string Error { get; } = OneLine(Error);

    /// <summary>The row of an exception that no stage expected: a fault of the program, told as such, so that it can be reported.</summary>
    internal static ReadFailure OfFault(string source, string stage, Exception e) => new(source, stage, FaultText(e));

    /// <summary>How a fault of the program is told.</summary>
    internal static string FaultText(Exception e) => $"a fault of the program, please report it: {e.GetType().Name}: {e.Message}";

    /// <summary>Messages quote what is in a file: it must not steer a terminal or break the line.</summary>
    private static string OneLine(string text)
    {
        if (text.Length > Longest)
            text = text[..(char.IsHighSurrogate(text[Longest - 2]) ? Longest - 2 : Longest - 1)] + "…";
        return string.Create(text.Length, text, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
                target[i] = char.IsControl(source[i]) || source[i] is '\u2028' or '\u2029' ? ' ' : source[i];
        });
    }
}

/// <summary>Either an article or the reason why there is none.</summary>
public readonly record struct ReadOutcome(Article? Article, ReadFailure? Failure);

/// <summary>What Reading accepts.</summary>
public sealed record ReadingOptions
{
    /// <summary>Largest article in bytes, decompressed; larger ones are refused. Default 20 MB.</summary>
    public long MaxArticleBytes { get; init; } = 20_000_000;

    /// <summary>Encoding to use for files of text that are not UTF-8 or marked; <see langword="null"/> detects it.</summary>
    public System.Text.Encoding? InputEncoding { get; init; }

    /// <summary>
    /// The program, with its arguments, that reads documents of Word and PDF for this one (the command's hidden
    /// <c>read-documents</c>), so that a hostile one can be stopped. <see langword="null"/> reads them in this process, where
    /// only the bounds that the file's own structure tells hold.
    /// </summary>
    public IReadOnlyList<string>? DocumentReader { get; init; }

    /// <summary>A folder that the walk leaves out (the output), or <see langword="null"/>.</summary>
    public string? ExcludedFolder { get; init; }

    /// <summary>Where the walk may put a scratch file, or <see langword="null"/> for the system's own place.</summary>
    internal string? ScratchFolder { get; init; }
}
