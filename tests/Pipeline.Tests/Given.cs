using Pipeline.Classifying;
using Pipeline.Cleaning;
using Pipeline.Dates;
using Pipeline.Entities;
using Pipeline.Reading;
using Pipeline.Segmenting;

namespace Pipeline.Tests;

/// <summary>Inputs of the stages, built by hand.</summary>
internal static class Given
{
    public static readonly string[] Labels = ["context", "implication", "motivation"];

    /// <summary>An article whose text is one paragraph, cut into sentences and tokens at the given places by white space.</summary>
    public static SegmentedArticle Article(string source, params string[] sentences)
    {
        var text = string.Join(' ', sentences);
        var tokens = new List<Token>();
        var spans = new List<Sentence>();
        var start = 0;
        foreach (var sentence in sentences)
        {
            var first = tokens.Count;
            var at = start;
            foreach (var word in sentence.Split(' '))
            {
                tokens.Add(new Token(at, at + word.Length));
                at += word.Length + 1;
            }

            spans.Add(new Sentence(1, "", new TextSpan(start, start + sentence.Length), first, tokens.Count));
            start += sentence.Length + 1;
        }

        return new SegmentedArticle(
            new ArticleText
            {
                Article = new Article { Id = ArticleReader.IdOf(source), Source = source, Content = text },
                Text = text,
                Blocks = [new Block(BlockKind.Paragraph, new TextSpan(0, text.Length), "")],
            },
            spans,
            tokens.ToArray());
    }

    /// <summary>A result in which every sentence has the first label.</summary>
    public static ArticleResult Result(
        SegmentedArticle article, IReadOnlyList<EntityMention>? entities = null, IReadOnlyList<DateMention>? dates = null) =>
        new(
            article,
            [.. article.Sentences.Select(_ => new RoledSentence(Labels[0], 0.5, [0.5, 0.3, 0.2]))],
            entities ?? [],
            dates ?? []);
}
