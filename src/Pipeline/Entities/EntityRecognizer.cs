using Pipeline.Segmenting;

namespace Pipeline.Entities;

/// <summary>Finds named entities. Safe to share between threads; never throws on article content.</summary>
public sealed class EntityRecognizer
{
    /// <summary>Loads a model written by <c>pipeline train entities</c>.</summary>
    /// <exception cref="UserFileException">The file is missing or no entity model.</exception>
    public static EntityRecognizer Load(string path) => throw new NotImplementedException();

    /// <summary>Finds the mentions of an article, in text order, not overlapping.</summary>
    public IReadOnlyList<EntityMention> Recognize(SegmentedArticle article) => throw new NotImplementedException();
}
