using Pipeline.Segmenting;

namespace Pipeline.Classifying;

/// <summary>Gives each sentence of an article its role. Safe to share between threads; never throws on article content.</summary>
public sealed class RoleClassifier
{
    /// <summary>The labels that the model knows, in ordinal order.</summary>
    public IReadOnlyList<string> Labels => throw new NotImplementedException();

    /// <summary>Loads a model written by <c>pipeline train roles</c>.</summary>
    /// <exception cref="UserFileException">The file is missing or no role model.</exception>
    public static RoleClassifier Load(string path) => throw new NotImplementedException();

    /// <summary>Classifies all sentences of an article; the result has one entry a sentence.</summary>
    public IReadOnlyList<RoledSentence> Classify(SegmentedArticle article) => throw new NotImplementedException();
}
