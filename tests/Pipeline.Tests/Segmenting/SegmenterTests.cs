using CsCheck;
using Pipeline.Cleaning;
using Pipeline.Reading;
using Pipeline.Segmenting;

namespace Pipeline.Tests.Segmenting;

public class SegmenterTests
{
    private static readonly Segmenter Segmenter = new();

    private static ArticleText Body(string text, params Block[] blocks) => new()
    {
        Article = new Article { Id = "a", Source = "a", Content = text },
        Text = text,
        Blocks = blocks,
    };

    private static ArticleText Paragraph(string text) =>
        Body(text, new Block(BlockKind.Paragraph, new TextSpan(0, text.Length), ""));

    private static string[] Tokens(SegmentedArticle article) =>
        article.Tokens.ToArray().Select(token => token.In(article.Text).ToString()).ToArray();

    private static string[] Sentences(SegmentedArticle article) =>
        article.Sentences.Select(sentence => sentence.Span.In(article.Text).ToString()).ToArray();

    [Fact]
    public void Headings_have_no_sentences_and_paragraphs_count_from_one()
    {
        const string Text = "Costs\n\nRents rose. Wages fell.\n\nOutlook: Prices may rise.";
        var cut = Segmenter.Segment(Body(
            Text,
            new Block(BlockKind.Heading, new TextSpan(0, 5), ""),
            new Block(BlockKind.Paragraph, new TextSpan(7, 31), "Costs"),
            new Block(BlockKind.RunInHeading, new TextSpan(32, 40), "Costs"),
            new Block(BlockKind.Paragraph, new TextSpan(41, Text.Length), "Costs > Outlook")));

        Assert.Equal(["Rents rose.", "Wages fell.", "Prices may rise."], Sentences(cut));
        Assert.Equal([1, 1, 2], cut.Sentences.Select(sentence => sentence.Paragraph));
        Assert.Equal(["Costs", "Costs", "Costs > Outlook"], cut.Sentences.Select(sentence => sentence.Section));
    }

    [Fact]
    public void Sentences_that_are_already_cut_stay_as_they_are()
    {
        var cut = Segmenter.SegmentSentences(
            [("First. And still first.", "A", 1), ("  second  ", "A", 1), ("", "B", 2), ("Don't.", "B", 2)]);

        Assert.Equal(["First. And still first.", "second", "", "Don't."], Sentences(cut));
        Assert.Equal([1, 1, 2, 2], cut.Sentences.Select(sentence => sentence.Paragraph));
        Assert.Equal([6, 1, 0, 3], cut.Sentences.Select(sentence => sentence.TokenCount));
        Assert.Equal(2, cut.Article.Blocks.Count);
    }

    [Fact]
    public void Every_visible_character_is_in_exactly_one_token_and_every_token_in_one_sentence()
    {
        var text = Gen.OneOf(
            Gen.String,
            Gen.String[Gen.Char["aZ9.,'’-:/@&$%#_()\"“” \n…—😀!?<"], 0, 60],
            Gen.OneOf<string>("U.S.", "don't ", "Mr. ", "www.a.com ", "a@b.org", "…", "\ud83d", "👍🏽", "'s", " ", "'90s", "No. ", "10-12-2024", "://")
                .List[0, 20].Select(string.Concat));
        text.Sample(Holds);
    }

    private static void Holds(string text)
    {
        var cut = Segmenter.Segment(Paragraph(text));
        var covered = new bool[text.Length];
        var last = 0;
        foreach (var token in cut.Tokens.Span)
        {
            Assert.True(token.Start >= last && token.End > token.Start && token.End <= text.Length);
            last = token.End;
            for (var i = token.Start; i < token.End; i++)
            {
                Assert.False(char.IsWhiteSpace(text[i]));
                covered[i] = true;
            }
        }

        for (var i = 0; i < text.Length; i++)
            Assert.True(covered[i] || char.IsWhiteSpace(text[i]));

        var next = 0;
        foreach (var sentence in cut.Sentences)
        {
            Assert.Equal(next, sentence.FirstToken);
            Assert.True(sentence.TokenCount > 0);
            next = sentence.EndToken;
            Assert.Equal(cut.Tokens.Span[sentence.FirstToken].Start, sentence.Span.Start);
            Assert.Equal(cut.Tokens.Span[sentence.EndToken - 1].End, sentence.Span.End);
        }

        Assert.Equal(next, cut.Tokens.Length);
    }

    [Theory]
    [InlineData("The U.S.-led talks don't cost $2.5 million, said Mr. Kim's aide.", "The U.S. - led talks do n't cost $ 2.5 million , said Mr. Kim 's aide .")]
    [InlineData("It cannot be (see No. 10).", "It can not be ( see No. 10 ) .")]
    [InlineData("At 8:30 a.m. on 1/2/2024, 45% left.", "At 8:30 a.m. on 1/2/2024 , 45 % left .")]
    [InlineData("Write to jo.doe@mail.example.org or https://example.com/a,b?c=1.", "Write to jo.doe@mail.example.org or https://example.com/a,b?c=1 .")]
    [InlineData("They said no. Then left.", "They said no . Then left .")]
    public void Cuts_tokens_as_the_treebanks_do(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', Tokens(Segmenter.Segment(Paragraph(text)))));
}
