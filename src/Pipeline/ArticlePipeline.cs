using System.Globalization;
using System.Runtime.ExceptionServices;
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

    /// <summary>Most sentences of an article; what has more is no article, and would cost more memory than its text explains.</summary>
    internal const int MostSentences = 200_000;

    /// <summary>Characters of an article that are too many for the working memory of a thread that lives on.</summary>
    private const int LongOfArticle = 1 << 18;

    /// <summary>Takes one article through all stages. Total: odd text gives empty lists, never an exception.</summary>
    /// <param name="article">The article, as read.</param>
    /// <param name="fallbackDate">The article date where an article has none.</param>
    /// <exception cref="InvalidDataException">The article has more lines or sentences than any article.</exception>
    public ArticleResult Process(Article article, DateOnly? fallbackDate = null) => Process(article, fallbackDate, out _);

    /// <summary>The same, telling which stage it is in, for whoever catches what should never be thrown.</summary>
    internal ArticleResult Process(Article article, DateOnly? fallbackDate, out string stage) =>
        article.Content.Length > LongOfArticle ? ProcessApart(article, fallbackDate, out stage) : ProcessHere(article, fallbackDate, out stage);

    /// <summary>
    /// Takes a long article through on a thread of its own: the working memory that the stages keep for each thread has grown with it,
    /// and ends with the thread instead of waiting for the next such article.
    /// </summary>
    private ArticleResult ProcessApart(Article article, DateOnly? fallbackDate, out string stage)
    {
        var (result, failure, reached) = ((ArticleResult?)null, (ExceptionDispatchInfo?)null, "");
        var thread = new Thread(() =>
        {
            try
            {
                result = ProcessHere(article, fallbackDate, out reached);
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        stage = reached;
        failure?.Throw();
        return result!;
    }

    private ArticleResult ProcessHere(Article article, DateOnly? fallbackDate, out string stage)
    {
        Tidy(article.Content);
        stage = "cleaning";
        var text = cleaner.Clean(article);
        if (text.Date is null && fallbackDate is not null)
            text = text with { Date = fallbackDate, DateFrom = DateSource.Option };

        Tidy(text.Text);
        stage = "segmenting";
        var segmented = segmenter.Segment(text);
        if (segmented.Sentences.Count > MostSentences)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"more than {MostSentences:N0} sentences; split it"));
        Tidy(text.Text);
        stage = "classifying";
        var labelled = roles.Classify(segmented, explain);
        Tidy(text.Text);
        stage = "entities";
        var mentions = entities.Recognize(segmented);
        Tidy(text.Text);
        stage = "dates";
        var expressions = dates.Resolve(segmented, text.Date);
        stage = "tagging";
        var tags = tagger?.Tag(segmented);
        Tidy(text.Text);
        return new ArticleResult(segmented, labelled, mentions, expressions, tags);
    }

    /// <summary>
    /// What one stage leaves of a book is as large as what the next one needs, and the collector sees no reason to hurry: a few
    /// hundredths of a second for each of many megabytes of text.
    /// </summary>
    private static void Tidy(string text)
    {
        const int LengthOfABook = 4_000_000;
        if (text.Length > LengthOfABook)
            GC.Collect();
    }
}
