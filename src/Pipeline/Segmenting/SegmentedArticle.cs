using Pipeline.Cleaning;

namespace Pipeline.Segmenting;

/// <summary>A word, number, or mark, as Universal Dependencies English cuts text. Never empty, never with white space at its ends.</summary>
/// <param name="Start">Index of its first UTF-16 code unit in the article's text.</param>
/// <param name="End">Index behind its last code unit.</param>
public readonly record struct Token(int Start, int End)
{
    /// <summary>Where it stands.</summary>
    public TextSpan Span => new(Start, End);

    /// <summary>Its characters.</summary>
    public ReadOnlySpan<char> In(string text) => text.AsSpan(Start, End - Start);
}

/// <summary>A sentence of the body.</summary>
/// <param name="Paragraph">Number of its paragraph, from 1, over the article.</param>
/// <param name="Section">The headings it stands under (see <see cref="Block.Section"/>); empty where none.</param>
/// <param name="Span">Where it stands, without surrounding white space.</param>
/// <param name="FirstToken">Index of its first token in <see cref="SegmentedArticle.Tokens"/>.</param>
/// <param name="EndToken">Index behind its last token.</param>
public readonly record struct Sentence(int Paragraph, string Section, TextSpan Span, int FirstToken, int EndToken)
{
    /// <summary>Number of tokens.</summary>
    public int TokenCount => EndToken - FirstToken;
}

/// <summary>
/// An article cut into sentences and tokens. A sentence's id in the output is its index plus 1. Every non-space
/// character of a paragraph is in exactly one token and every token in exactly one sentence. Immutable.
/// </summary>
/// <param name="Article">The text that was cut.</param>
/// <param name="Sentences">The sentences, in text order.</param>
/// <param name="Tokens">The tokens of all sentences, in text order.</param>
public sealed record SegmentedArticle(
    ArticleText Article, IReadOnlyList<Sentence> Sentences, ReadOnlyMemory<Token> Tokens)
{
    /// <summary>The article's text.</summary>
    public string Text => Article.Text;

    /// <summary>The tokens of one sentence.</summary>
    public ReadOnlySpan<Token> TokensOf(Sentence sentence) =>
        Tokens.Span[sentence.FirstToken..sentence.EndToken];
}
