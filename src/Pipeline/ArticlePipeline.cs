using Pipeline.Classifying;
using Pipeline.Cleaning;
using Pipeline.Dates;
using Pipeline.Entities;
using Pipeline.Reading;
using Pipeline.Segmenting;

namespace Pipeline;

/// <summary>
/// The table of contents: what happens to an article, in order. Loaded once, safe to share between threads.
/// </summary>
public sealed class ArticlePipeline(
    ArticleCleaner cleaner, Segmenter segmenter, RoleClassifier roles, EntityRecognizer entities, DateResolver dates,
    PosTagger? tagger = null, bool explain = false)
{
    /// <summary>The labels of the role model, in the order of the probabilities.</summary>
    public IReadOnlyList<string> RoleLabels => roles.Labels;

    /// <summary>Takes one article through all stages. Total: odd text gives empty lists, never an exception.</summary>
    /// <param name="article">The article, as read.</param>
    /// <param name="fallbackDate">The article date where an article has none.</param>
    public ArticleResult Process(Article article, DateOnly? fallbackDate = null)
    {
        var text = cleaner.Clean(article);
        if (text.Date is null && fallbackDate is not null)
            text = text with { Date = fallbackDate, DateFrom = DateSource.Option };

        var segmented = segmenter.Segment(text);
        return new ArticleResult(
            segmented,
            roles.Classify(segmented, explain),
            entities.Recognize(segmented),
            dates.Resolve(segmented, text.Date),
            tagger?.Tag(segmented));
    }
}
