using Pipeline.Cleaning;
using Pipeline.Reading;
using Pipeline.Writing;

namespace Pipeline;

/// <summary>A part of the input, chosen by the hash of each source's name, so that a shard can be run again alone.</summary>
/// <param name="Index">Which part, from 1.</param>
/// <param name="Count">How many parts there are.</param>
public readonly record struct Shard(int Index, int Count)
{
    /// <summary>Whether a source belongs to this part.</summary>
    public bool Contains(string source) => Count <= 1 || ArticleReader.HashOf(source) % (ulong)Count == (ulong)(Index - 1);
}

/// <summary>What a run of <c>pipeline extract</c> is asked to do. The defaults are the command's.</summary>
public sealed record ExtractOptions
{
    /// <summary>Files, folders, or <c>-</c>.</summary>
    public required IReadOnlyList<string> Paths { get; init; }

    /// <summary>The output folder; <see langword="null"/> writes JSON lines to a stream.</summary>
    public string? Out { get; init; }

    /// <summary>How the tables are written.</summary>
    public OutputFormat Format { get; init; } = OutputFormat.Csv;

    /// <summary>How the tables (CSV or JSON lines) are compressed when complete.</summary>
    public Compression Compress { get; init; }

    /// <summary>The article date where an article has none.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>How much of a page is kept.</summary>
    public BodyMode Body { get; init; } = BodyMode.Auto;

    /// <summary>Whether <c>tokens.csv</c> is written.</summary>
    public bool Tokens { get; init; }

    /// <summary>Mentions below this confidence are left out of the entities.</summary>
    public double MinConfidence { get; init; }

    /// <summary>Whether roles are told by the stronger model, with an encoder; it is the caller who loads it.</summary>
    public bool Accurate { get; init; }

    /// <summary>Whether the reasons of the roles are written.</summary>
    public bool Explain { get; init; }

    /// <summary>
    /// Whether a copy of an earlier article gets no rows beside its own. In a shard copies are only told at the merge, so
    /// it is the merge that leaves them out.
    /// </summary>
    public bool SkipDuplicates { get; init; }

    /// <summary>Number of articles worked on at the same time.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>The part of the input to do.</summary>
    public Shard Shard { get; init; } = new(1, 1);

    /// <summary>Go on where an interrupted run stopped.</summary>
    public bool Resume { get; init; }

    /// <summary>Replace an existing output.</summary>
    public bool Overwrite { get; init; }

    /// <summary>What Reading accepts.</summary>
    public ReadingOptions Reading { get; init; } = new();
}

/// <summary>How far a run is.</summary>
/// <param name="Inputs">Inputs done, articles and errors.</param>
/// <param name="Errors">Inputs refused.</param>
/// <param name="Tokens">Tokens of all bodies so far.</param>
/// <param name="Bytes">Bytes of input done, as they lie on disk where that is known.</param>
public readonly record struct ExtractProgress(long Inputs, long Errors, long Tokens, long Bytes);
