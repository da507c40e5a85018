namespace Pipeline.Reading;

/// <summary>How <see cref="Article.Content"/> is to be understood.</summary>
public enum ArticleFormat
{
    /// <summary>Lines of plain text, as a scraped page or an editor leaves them.</summary>
    PlainText,

    /// <summary>Markdown: plain text whose headings start with <c>#</c>.</summary>
    Markdown,

    /// <summary>An HTML page or fragment.</summary>
    Html,
}

/// <summary>
/// One article as its source states it: decoded, otherwise untouched. What the source does not state is
/// <see langword="null"/>; Cleaning may find it in the content.
/// </summary>
public sealed record Article
{
    /// <summary>Stable identifier, made of the source's relative path and record id.</summary>
    public required string Id { get; init; }

    /// <summary>Relative path with <c>/</c>; <c>path#id</c> or <c>path#line</c> for a record of a file of many.</summary>
    public required string Source { get; init; }

    /// <summary>The characters of the source.</summary>
    public required string Content { get; init; }

    /// <summary>How to understand the content.</summary>
    public ArticleFormat Format { get; init; }

    /// <summary>Title stated by the record.</summary>
    public string? Title { get; init; }

    /// <summary>Authors stated by the record, separated by <c>; </c>.</summary>
    public string? Author { get; init; }

    /// <summary>Publication date stated by the record.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>Address stated by the record.</summary>
    public string? Url { get; init; }

    /// <summary>Language stated by the record, a BCP 47 tag.</summary>
    public string? Language { get; init; }
}
