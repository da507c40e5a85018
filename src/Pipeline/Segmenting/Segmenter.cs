using Pipeline.Cleaning;

namespace Pipeline.Segmenting;

/// <summary>Cuts paragraphs into sentences and tokens. Safe to share between threads; never throws on article content.</summary>
public sealed class Segmenter
{
    /// <summary>Cuts the paragraphs of a body.</summary>
    public SegmentedArticle Segment(ArticleText article) => throw new NotImplementedException();
}
