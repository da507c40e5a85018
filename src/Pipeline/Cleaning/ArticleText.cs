using Pipeline.Reading;

namespace Pipeline.Cleaning;

/// <summary>What a <see cref="Block"/> is.</summary>
public enum BlockKind
{
    /// <summary>Running text of the body; its sentences get roles.</summary>
    Paragraph,

    /// <summary>A heading on a line of its own; it has no sentences.</summary>
    Heading,

    /// <summary>
    /// A heading at the start of a paragraph, its colon included; the <see cref="Paragraph"/> block follows on the same line.
    /// </summary>
    RunInHeading,
}

/// <summary>A piece of the article's text. Blocks are ordered and do not overlap.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Span">Where it stands, without surrounding white space.</param>
/// <param name="Section">
/// The headings that it stands under, outermost first, joined by <c> &gt; </c>, without closing colons; empty before
/// the first heading.
/// </param>
public readonly record struct Block(BlockKind Kind, TextSpan Span, string Section);

/// <summary>Where an article's date was found, in falling order of trust.</summary>
public enum DateSource
{
    /// <summary>No date was found.</summary>
    None,

    /// <summary>The record's field or the page's metadata.</summary>
    Metadata,

    /// <summary>The address.</summary>
    Url,

    /// <summary>A dateline that opens the text.</summary>
    Dateline,

    /// <summary>A line of the page such as "Published: …".</summary>
    Text,

    /// <summary>The run's option.</summary>
    Option,
}

/// <summary>
/// An article's body: its own characters with line ends and surplus white space normalised and boilerplate dropped,
/// divided into blocks. Blocks stand apart by one empty line (a run-in heading and its paragraph by one space).
/// Immutable.
/// </summary>
public sealed record ArticleText
{
    /// <summary>The article that this is the body of.</summary>
    public required Article Article { get; init; }

    /// <summary>The text that every span of every later stage points into.</summary>
    public required string Text { get; init; }

    /// <summary>The blocks, in text order.</summary>
    public required IReadOnlyList<Block> Blocks { get; init; }

    /// <summary>Headline, or <see langword="null"/>.</summary>
    public string? Title { get; init; }

    /// <summary>Authors separated by <c>; </c>, or <see langword="null"/>.</summary>
    public string? Author { get; init; }

    /// <summary>Publication date, or <see langword="null"/>.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>Where <see cref="Date"/> comes from.</summary>
    public DateSource DateFrom { get; init; }

    /// <summary>Canonical address, or <see langword="null"/>.</summary>
    public string? Url { get; init; }

    /// <summary>BCP 47 language tag, or <see langword="null"/> where undetermined.</summary>
    public string? Language { get; init; }
}
