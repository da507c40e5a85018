using Pipeline.Segmenting;

namespace Pipeline.Evaluating;

/// <summary>How many units of the gold standard a system found. Immutable.</summary>
/// <param name="Gold">Units of the gold standard.</param>
/// <param name="System">Units that the system has.</param>
/// <param name="Correct">Units that both have.</param>
public readonly record struct SpanScore(int Gold, int System, int Correct)
{
    /// <summary>Share of the system's units that are correct, 0 to 1.</summary>
    public double Precision => System == 0 ? 0 : (double)Correct / System;

    /// <summary>Share of the gold units that were found, 0 to 1.</summary>
    public double Recall => Gold == 0 ? 0 : (double)Correct / Gold;

    /// <summary>Harmonic mean of precision and recall, 0 to 1.</summary>
    public double F1 => Gold + System == 0 ? 0 : 2.0 * Correct / (Gold + System);
}

/// <summary>Figures of one treebank.</summary>
/// <param name="Tokens">What is written together: <c>don't</c> is one.</param>
/// <param name="Words">The tokens of <see cref="SegmentedArticle"/>: <c>do|n't</c> are two.</param>
/// <param name="Sentences">Sentences.</param>
/// <param name="Tags">Words with the right universal part of speech, or <see langword="null"/> where none were tagged.</param>
public sealed record SegmentationScores(SpanScore Tokens, SpanScore Words, SpanScore Sentences, SpanScore? Tags);

/// <summary>
/// Scores segmentation from raw paragraphs against a treebank in CoNLL-U, by the rules of the CoNLL 2018 shared task
/// (Zeman et al. 2018): a unit is correct if it covers exactly the gold unit's characters, white space aside.
/// </summary>
public static class SegmentationEvaluation
{
    /// <summary>Segments the text of a treebank and compares.</summary>
    /// <param name="path">A file in CoNLL-U.</param>
    /// <param name="segmenter">What is measured.</param>
    /// <param name="tagger">Measured too, if given.</param>
    /// <exception cref="UserFileException">The file cannot be read or is not CoNLL-U.</exception>
    public static SegmentationScores Evaluate(string path, Segmenter segmenter, PosTagger? tagger = null)
    {
        var tokens = default(SpanScore);
        var words = default(SpanScore);
        var sentences = default(SpanScore);
        var tags = default(SpanScore);
        foreach (var document in ConlluFile.Read(path))
        {
            var found = segmenter.Segment(document.Text);
            var goldWords = document.Sentences.SelectMany(sentence => sentence.Words).ToList();
            var foundWords = found.Tokens.ToArray().Select(token => token.Span).ToList();
            tokens = Plus(tokens, Match(document.Sentences.SelectMany(sentence => sentence.Tokens), Joined(found)));
            words = Plus(words, Match(goldWords.Select(word => word.Span), foundWords));
            sentences = Plus(sentences, Match(
                document.Sentences.Select(sentence => sentence.Span), found.Sentences.Select(sentence => sentence.Span)));
            if (tagger is null)
                continue;
            var foundTags = tagger.Tag(found);
            tags = Plus(tags, Match(
                goldWords.Select(word => (word.Span, word.Tag)),
                foundWords.Zip(foundTags, (span, tag) => (span, tag.ToString().ToUpperInvariant()))));
        }

        return new SegmentationScores(tokens, words, sentences, tagger is null ? null : tags);
    }

    /// <summary>The tokens of an article with contractions and possessives put together again.</summary>
    internal static List<TextSpan> Joined(SegmentedArticle article)
    {
        var joined = new List<TextSpan>();
        foreach (var sentence in article.Sentences)
        {
            var quoteOpen = false;
            Token before = default;
            foreach (var token in article.TokensOf(sentence))
            {
                if (before.End == token.Start && before.End > 0 && Contractions.IsLaterPart(article.Text, before, token, quoteOpen))
                    joined[^1] = new TextSpan(joined[^1].Start, token.End);
                else
                    joined.Add(token.Span);
                if (token.In(article.Text) is "'" or "‘" or "’")
                    quoteOpen = before.End != token.Start;
                before = token;
            }
        }

        return joined;
    }

    private static SpanScore Match<T>(IEnumerable<T> gold, IEnumerable<T> found)
    {
        var expected = gold.ToHashSet();
        var actual = found.ToHashSet();
        return new SpanScore(expected.Count, actual.Count, actual.Count(expected.Contains));
    }

    private static SpanScore Plus(SpanScore a, SpanScore b) =>
        new(a.Gold + b.Gold, a.System + b.System, a.Correct + b.Correct);
}
