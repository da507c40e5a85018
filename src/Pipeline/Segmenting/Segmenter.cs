using System.Text;
using Pipeline.Cleaning;
using Pipeline.Reading;

namespace Pipeline.Segmenting;

/// <summary>
/// Cuts paragraphs into sentences and tokens, as the English treebanks of Universal Dependencies cut them (contractions
/// and possessives are parted: <c>do|n't</c>, <c>Pyongyang|'s</c>). Safe to share between threads; never throws on
/// article content; linear in the length of the text.
/// </summary>
public sealed class Segmenter
{
    private readonly SentenceSplitter splitter = new(BoundaryModel.Embedded);

    /// <summary>Cuts the paragraphs of a body. Headings get no sentences.</summary>
    public SegmentedArticle Segment(ArticleText article)
    {
        var tokens = new TokenBuffer(article.Text.Length);
        var sentences = new List<Sentence>();
        var looseness = BoundaryCursor.LoosenessOf(article.Text, article.Blocks);
        var paragraph = 0;
        foreach (var block in article.Blocks)
        {
            if (block.Kind != BlockKind.Paragraph)
                continue;
            paragraph++;
            var first = tokens.Count;
            TokenScanner.Scan(article.Text, block.Span, ref tokens);
            splitter.Split(article.Text, tokens.Written, first, looseness, paragraph, block.Section, sentences);
        }

        return Finish(article, sentences, ref tokens);
    }

    /// <summary>Makes an article of sentences that are already cut, for labels and corpora; each becomes one sentence.</summary>
    /// <param name="rows">
    /// Text, section and paragraph number of each sentence, in reading order. White space at the ends of a text is
    /// dropped; an empty text becomes a sentence without tokens.
    /// </param>
    internal static SegmentedArticle SegmentSentences(IReadOnlyList<(string Text, string Section, int Paragraph)> rows)
    {
        var text = new StringBuilder();
        var spans = new TextSpan[rows.Count];
        var blocks = new List<Block>();
        for (var i = 0; i < rows.Count; i++)
        {
            var continues = i > 0 && rows[i - 1].Paragraph == rows[i].Paragraph && rows[i - 1].Section == rows[i].Section;
            if (i > 0)
                text.Append(continues ? " " : "\n\n");
            var start = text.Length;
            text.Append(rows[i].Text.AsSpan().Trim());
            spans[i] = new TextSpan(start, text.Length);
            if (continues)
                blocks[^1] = blocks[^1] with { Span = new TextSpan(blocks[^1].Span.Start, text.Length) };
            else
                blocks.Add(new Block(BlockKind.Paragraph, spans[i], rows[i].Section));
        }

        var content = text.ToString();
        var tokens = new TokenBuffer(content.Length);
        var sentences = new List<Sentence>(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            var first = tokens.Count;
            TokenScanner.Scan(content, spans[i], ref tokens);
            sentences.Add(new Sentence(rows[i].Paragraph, rows[i].Section, spans[i], first, tokens.Count));
        }

        var article = new ArticleText
        {
            Article = new Article { Id = "", Source = "", Content = content },
            Text = content,
            Blocks = blocks,
        };
        return Finish(article, sentences, ref tokens);
    }

    private static SegmentedArticle Finish(ArticleText article, List<Sentence> sentences, ref TokenBuffer tokens)
    {
        var exact = tokens.Written.ToArray();
        tokens.Dispose();
        return new SegmentedArticle(article, sentences.ToArray(), exact);
    }
}
