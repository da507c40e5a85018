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
    [InlineData("She won’t go; I’d’ve gone.", "She wo n’t go ; I ’d ’ve gone .")]
    [InlineData("The anti-ship missile and the so-called e-mail", "The anti-ship missile and the so - called e-mail")]
    [InlineData("O'Brien's '90s hits at 5 o'clock", "O'Brien 's '90s hits at 5 o'clock")]
    [InlineData("Both sides—Moscow and Kyiv—agreed…", "Both sides — Moscow and Kyiv — agreed …")]
    [InlineData("A 5km run, 30kg, 1,234.5 tons and US$3bn", "A 5 km run , 30 kg , 1,234.5 tons and US$ 3 bn")]
    [InlineData("Call 555-123-4567 on 2024-11-08; pages 10-12 [3,4]", "Call 555-123-4567 on 2024-11-08 ; pages 10 - 12 [ 3 , 4 ]")]
    [InlineData("#StopTheWar @un_news :-) !!! <3", "#StopTheWar @un_news :-) !!! <3")]
    [InlineData("AT&T, Johnson & Johnson, R&D", "AT&T , Johnson & Johnson , R&D")]
    [InlineData("He holds a Ph.D. from M.I.T. in the U.K.", "He holds a Ph.D. from M.I.T. in the U.K.")]
    [InlineData("Shares of Citi (C.N) and Paribas (BNPP.PA) fell.", "Shares of Citi ( C.N ) and Paribas ( BNPP.PA ) fell .")]
    [InlineData("George W. Bush ate vitamin C. It helped.", "George W. Bush ate vitamin C . It helped .")]
    [InlineData("He sat under the sun. It rose at 6.", "He sat under the sun . It rose at 6 .")]
    [InlineData("the workers' and boys' 'rights' issue", "the workers ' and boys ' ' rights ' issue")]
    [InlineData("It ended.Then rain fell.", "It ended . Then rain fell .")]
    [InlineData("well-known, pre-war", "well - known , pre-war")]
    public void Cuts_tokens_as_the_treebanks_do(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', Tokens(Segmenter.Segment(Paragraph(text)))));

    [Theory]
    [InlineData("He met U.S. President Joe Biden.|They talked.")]
    [InlineData("It fell to No. 10 in the list.|Then it rose.")]
    [InlineData("He left on Jan. 5 with Mr. Kim and Gen. Park.|She stayed.")]
    [InlineData("The bank opened at 5 p.m. Friday.|It closed at 6 p.m. Monday.")]
    [InlineData("Apple Inc. said it would pay.|Dell Inc. did not.")]
    [InlineData("“We have no plans,” Mr. Kim said.|“None.”|He left.")]
    [InlineData("\"It is over.\"|She wept.")]
    [InlineData("“Why now?” Minister Park asked.|Nobody answered.")]
    [InlineData("The vote (it was close.) passed.|Members cheered.")]
    [InlineData("NAIROBI (Reuters) - The rains came late this year.|Crops failed.")]
    [InlineData("ANKARA, Turkey — The ministers met on Monday.|They agreed.")]
    [InlineData("The firm grew 4.5% in 2023.|It lost $2.5 billion in 2024.")]
    [InlineData("Judge Nicholas G. Garaufis ruled on Monday.|The mayor appealed.")]
    [InlineData("She works for the U.S. Labor Department in Ohio.|He does not.")]
    [InlineData("He moved to the U.S. in 1999.|She followed.")]
    [InlineData("They want peace, bread, etc. and land.|Few have it.")]
    [InlineData("Did he go?|Yes!|No one knows.")]
    [InlineData("Trade grew: exports to the European Union rose.|Imports fell.")]
    [InlineData("(He left at noon.)|The others stayed.")]
    [InlineData("St. Louis won.|Mt. Everest did not.")]
    public void Ends_sentences_where_a_reader_would(string marked)
    {
        var expected = marked.Split('|');
        Assert.Equal(expected, Sentences(Segmenter.Segment(Paragraph(string.Join(' ', expected)))));
    }

    [Theory]
    [InlineData(".")]
    [InlineData("\"")]
    [InlineData("(")]
    [InlineData("a")]
    [InlineData("1-")]
    [InlineData("aa.bb")]
    [InlineData("a. ")]
    [InlineData("' ")]
    public void Long_repetitions_are_cut_without_loss(string unit) => Holds(string.Concat(Enumerable.Repeat(unit, 20_000)));

    [Fact]
    public void Cuts_alike_under_a_culture_with_other_rules()
    {
        var text = "IT'S 1,5 IN ISTANBUL. I DIDN'T GO TO NO. 10.";
        var before = Thread.CurrentThread.CurrentCulture;
        var expected = Tokens(new Segmenter().Segment(Paragraph(text)));
        try
        {
            Thread.CurrentThread.CurrentCulture = System.Globalization.CultureInfo.GetCultureInfo("tr-TR");
            Assert.Equal(expected, Tokens(new Segmenter().Segment(Paragraph(text))));
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = before;
        }
    }
}
