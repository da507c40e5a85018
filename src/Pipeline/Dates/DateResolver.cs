using Pipeline.Segmenting;

namespace Pipeline.Dates;

/// <summary>Finds temporal expressions and resolves their values. Safe to share between threads; never throws on article content.</summary>
public sealed class DateResolver
{
    /// <summary>Finds the expressions of an article, in text order, not overlapping.</summary>
    /// <param name="article">The article.</param>
    /// <param name="articleDate">What relative expressions are resolved against; where there is none, the narrative's own dates.</param>
    public IReadOnlyList<DateMention> Resolve(SegmentedArticle article, DateOnly? articleDate) => throw new NotImplementedException();
}
