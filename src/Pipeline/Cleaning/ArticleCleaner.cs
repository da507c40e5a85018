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
        var isMarkdown = article.Format == ArticleFormat.Markdown;
        var front = isMarkdown ? FrontMatter.Read(article.Content) : FrontMatter.None;
        using var buffer = PlainTextScanner.Scan(article.Content, front.End, isMarkdown);
        return Finish(buffer, [], new ArticleText
        {
            Article = article,
            Text = "",
            Blocks = [],
            Title = article.Title ?? front.Title,
            Author = article.Author ?? front.Author,
            Date = article.Date ?? front.Date,
            Url = article.Url,
            Language = article.Language,
        });
    }

    private ArticleText CleanPage(Article article)
    {
        var tree = PageParser.Parse(article.Content);
        var metadata = PageMetadata.Read(tree);
        var (lines, near) = HtmlScanner.Scan(tree, metadata.Description, mode == BodyMode.All);
        using var buffer = lines;
        return Finish(buffer, near, new ArticleText
        {
            Article = article,
            Text = "",
            Blocks = [],
            Title = article.Title ?? metadata.Title,
            Author = article.Author ?? metadata.Author,
            Date = article.Date ?? metadata.Date,
            Url = article.Url ?? metadata.Url,
            Language = article.Language,
        }, metadata.Language);
    }

    /// <summary>Judges the lines, and fills in what nothing has stated from them.</summary>
    private ArticleText Finish(LineBuffer buffer, IReadOnlyList<string> near, ArticleText stated, string? pageLanguage = null)
    {
        using var page = new PageContext(buffer, stated.Author);
        var titleLine = _judge.Judge(page, stated.Title, stated.Article.Format == ArticleFormat.Html, mode == BodyMode.All);
        var (text, blocks) = BodyWriter.Write(buffer);
        var language = stated.Language ?? Settle(pageLanguage, LanguageDetector.Detect(text));
        var (date, from) = stated.Date is not null
            ? (stated.Date, DateSource.Metadata)
            : DateFinder.Find(buffer, stated.Url, language, near);
        return stated with
        {
            Text = text,
            Blocks = blocks,
            Title = stated.Title ?? (titleLine >= 0 ? buffer[buffer.Lines[titleLine]].ToString() : null),
            Author = stated.Author ?? page.Author,
            Date = date,
            DateFrom = from,
            Language = language,
        };
    }

    /// <summary>A page's language attribute is often its template's: a text that is plainly in another language decides.</summary>
    private static string? Settle(string? stated, string? detected) =>
        stated is null || (detected is not null && !stated.StartsWith(detected, StringComparison.OrdinalIgnoreCase)) ? detected : stated;
}
