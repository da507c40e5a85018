namespace Pipeline.Reading;

/// <summary>
/// One article-to-be as the walk over the inputs met it: a file, a line of a file of many, or something that was refused
/// at sight. Cheap to make, so that one thread can walk while others read.
/// </summary>
/// <param name="Position">Ordinal number over the whole input, from 0.</param>
/// <param name="Source">Relative path with <c>/</c>, without the record's id or line.</param>
/// <param name="LineNumber">Line in a file of many, from 1; 0 for a file of one article.</param>
/// <param name="FullPath">Where the file of one article stands; <see langword="null"/> otherwise.</param>
/// <param name="Line">The bytes of the line, without its end.</param>
/// <param name="Error">Why it was refused; <see langword="null"/> where it was not.</param>
/// <param name="Bytes">How much input it stands for, for progress only.</param>
public sealed record InputRecord(
    long Position,
    string Source,
    int LineNumber,
    string? FullPath,
    ReadOnlyMemory<byte> Line,
    string? Error,
    long Bytes);

/// <summary>An input that could not become an article. A row of <c>errors.csv</c>.</summary>
/// <param name="Source">Which input.</param>
/// <param name="Stage">The stage that refused it.</param>
/// <param name="Error">What is wrong and how to mend it, in one line.</param>
public sealed record ReadFailure(string Source, string Stage, string Error);

/// <summary>Either an article or the reason why there is none.</summary>
public readonly record struct ReadOutcome(Article? Article, ReadFailure? Failure);

/// <summary>What Reading accepts.</summary>
public sealed record ReadingOptions
{
    /// <summary>Largest article in bytes, decompressed; larger ones are refused. Default 20 MB.</summary>
    public long MaxArticleBytes { get; init; } = 20_000_000;

    /// <summary>Encoding to use for files of text that are not UTF-8 or marked; <see langword="null"/> detects it.</summary>
    public System.Text.Encoding? InputEncoding { get; init; }

    /// <summary>A folder that the walk leaves out (the output), or <see langword="null"/>.</summary>
    public string? ExcludedFolder { get; init; }
}
