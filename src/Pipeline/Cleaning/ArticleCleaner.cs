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
        var content = article.Content;
        var buffer = article.Format == ArticleFormat.Html
            ? HtmlScanner.Scan(PageParser.Parse(content), mode == BodyMode.All)
            : PlainTextScanner.Scan(content, 0, article.Format == ArticleFormat.Markdown);
        var page = new PageContext(buffer, article.Author);
        var title = _judge.Judge(page, article.Title, mode == BodyMode.All);
        var (text, blocks) = BodyWriter.Write(buffer);
        return new ArticleText
        {
            Article = article,
            Text = text,
            Blocks = blocks,
            Title = article.Title ?? (title >= 0 ? buffer[buffer.Lines[title]].ToString() : null),
            Author = article.Author,
            Date = article.Date,
            DateFrom = article.Date is null ? DateSource.None : DateSource.Metadata,
            Url = article.Url,
            Language = article.Language,
        };
    }
}
