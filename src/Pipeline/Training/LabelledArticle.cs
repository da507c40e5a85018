using Pipeline.Reading;
using Pipeline.Segmenting;

namespace Pipeline.Training;

/// <summary>An article whose sentences have roles. Immutable.</summary>
/// <param name="Article">The text with its sentences and tokens.</param>
/// <param name="Roles">The label of each sentence.</param>
/// <param name="SentenceIds">The id of each sentence, as the labels state it.</param>
internal sealed record LabelledArticle(SegmentedArticle Article, IReadOnlyList<string> Roles, IReadOnlyList<string> SentenceIds)
{
    public string Id => Article.Article.Article.Id;

    /// <summary>
    /// What each further annotator said of each sentence; where they differ, training believes every annotator to the same degree. Empty
    /// where one alone labelled.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<string>> OtherRoles { get; init; } = [];

    /// <summary>How much a stronger model believes in each label, sentence by sentence, where no person labelled the article.</summary>
    public IReadOnlyDictionary<string, float[]>? Shares { get; init; }

    /// <summary>What training aims at: for each sentence one share a label, adding up to 1.</summary>
    /// <param name="labels">In the model's order.</param>
    public float[] Targets(IReadOnlyList<string> labels)
    {
        var targets = new float[Roles.Count * labels.Count];
        for (var s = 0; s < Roles.Count; s++)
        {
            for (var l = 0; l < labels.Count; l++)
            {
                targets[(s * labels.Count) + l] = Shares is not null
                    ? Shares.TryGetValue(labels[l], out var shares) ? shares[s] : 0
                    : ((Roles[s] == labels[l] ? 1f : 0) + OtherRoles.Count(other => other[s] == labels[l])) / (1 + OtherRoles.Count);
            }
        }

        return targets;
    }

    /// <summary>What sort of article it is; empty where the labels do not say.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Articles of one subject stay on one side of a split; the article's id where the labels name no subject.</summary>
    public string Group { get; init; } = "";

    /// <summary>How much its sentences count in training.</summary>
    public float Weight { get; init; } = 1;

    /// <summary>How much each sentence counts within the article; empty where all count the same.</summary>
    public IReadOnlyList<float> SentenceWeights { get; init; } = [];

    /// <summary>Whether the labels mark it as kept back from training.</summary>
    public bool HeldOut { get; init; }

    /// <summary>The labels file.</summary>
    public string Path { get; init; } = "";

    /// <summary>The line of each sentence in the labels file; empty where unknown.</summary>
    public IReadOnlyList<int> Lines { get; init; } = [];

    /// <summary>Whether any sentence stands under a heading.</summary>
    public bool HasHeadings => Article.Sentences.Any(s => s.Section.Length > 0);

    /// <summary>Makes an article of sentences that are already cut.</summary>
    public static SegmentedArticle Cut(
        string id, string source, string? title, IReadOnlyList<(string Text, string Section, int Paragraph)> rows)
    {
        var article = Segmenter.SegmentSentences(rows);
        return article with
        {
            Article = article.Article with
            {
                Article = new Article { Id = id, Source = source, Content = article.Text, Title = title },
                Title = title,
            },
        };
    }

    /// <summary>The article as it would look without its headings, or without paragraphs and title.</summary>
    public SegmentedArticle Without(bool headings, bool paragraphs)
    {
        var sentences = Article.Sentences
            .Select(s => s with { Section = headings ? "" : s.Section, Paragraph = paragraphs ? 0 : s.Paragraph })
            .ToArray();
        return Article with
        {
            Sentences = sentences,
            Article = paragraphs ? Article.Article with { Title = null } : Article.Article,
        };
    }

    /// <summary>A fingerprint of the wording, by which a model knows the articles that it was trained on.</summary>
    public ulong Fingerprint()
    {
        var hash = 14695981039346656037UL;
        foreach (var sentence in Article.Sentences)
        {
            foreach (var c in sentence.Span.In(Article.Text))
                hash = char.IsWhiteSpace(c) ? hash : (hash ^ c) * 1099511628211UL;
        }

        return hash;
    }
}
