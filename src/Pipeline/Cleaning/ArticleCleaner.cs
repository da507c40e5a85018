using Pipeline.Cleaning.Html;
using Pipeline.Reading;

namespace Pipeline.Cleaning;

/// <summary>How much of a page is kept.</summary>
public enum BodyMode
{
    /// <summary>Boilerplate is dropped.</summary>
    Auto,

    /// <summary>The text is kept as it is.</summary>
    All,
}

/// <summary>
/// Finds the body of an article, its title, author, date, language and address. What the record states stands;
/// only what it leaves open is looked for in the content. Safe to share between threads; never throws on article
/// content; time and memory grow with the content's length.
/// </summary>
public sealed class ArticleCleaner(BodyMode mode = BodyMode.Auto)
{
    private readonly LineJudge _judge = new(LineModel.Default);

    /// <summary>Divides an article into the blocks of its body.</summary>
    public ArticleText Clean(Article article)
    {
        ArgumentNullException.ThrowIfNull(article);
        return article.Format == ArticleFormat.Html ? CleanPage(article) : CleanText(article);
    }

    private ArticleText CleanText(Article article)
    {
        var buffer = PlainTextScanner.Scan(article.Content, 0, article.Format == ArticleFormat.Markdown);
        return Finish(article, buffer, article.Title, null);
    }

    private ArticleText CleanPage(Article article)
    {
        var tree = PageParser.Parse(article.Content);
        var metadata = PageMetadata.Read(tree);
        return Finish(article, HtmlScanner.Scan(tree, metadata.Description, mode == BodyMode.All), article.Title ?? metadata.Title, metadata);
    }

    private ArticleText Finish(Article article, LineBuffer buffer, string? title, PageMetadata? metadata)
    {
        var author = article.Author ?? metadata?.Author;
        var page = new PageContext(buffer, author);
        var titleLine = _judge.Judge(page, title, mode == BodyMode.All);
        var (text, blocks) = BodyWriter.Write(buffer);
        var date = article.Date ?? metadata?.Date;
        return new ArticleText
        {
            Article = article,
            Text = text,
            Blocks = blocks,
            Title = title ?? (titleLine >= 0 ? buffer[buffer.Lines[titleLine]].ToString() : null),
            Author = author,
            Date = date,
            DateFrom = date is null ? DateSource.None : DateSource.Metadata,
            Url = article.Url ?? metadata?.Url,
            Language = article.Language ?? metadata?.Language,
        };
    }
}
