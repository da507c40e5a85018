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

/// <summary>Finds the body of an article. Safe to share between threads; never throws on article content.</summary>
public sealed class ArticleCleaner(BodyMode mode = BodyMode.Auto)
{
    /// <summary>Divides an article into the blocks of its body.</summary>
    public ArticleText Clean(Article article)
    {
        _ = mode;
        throw new NotImplementedException(article.Id);
    }
}
