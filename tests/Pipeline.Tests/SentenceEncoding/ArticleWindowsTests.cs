using CsCheck;
using Pipeline.SentenceEncoding;
using Pipeline.Training;

namespace Pipeline.Tests.SentenceEncoding;

public class ArticleWindowsTests
{
    private static readonly WordPieces Pieces = new(["[CLS]", "[SEP]", "[UNK]", "[unused1]", "[unused2]", "[unused3]", "a", "."]);

    [Fact]
    public void Every_sentence_is_in_a_window_that_is_not_too_long_and_its_own_pieces_end_at_its_mark() =>
        Gen.Select(Gen.Int[1, 120].Array[1, 60], Gen.Bool).Sample((lengths, titled) =>
        {
            var rows = lengths.Select((n, i) => (string.Join(' ', Enumerable.Repeat("a", n)) + ".", i % 7 == 0 ? "A a" : "", (i / 3) + 1)).ToList();
            var windows = new ArticleWindows(Pieces).Cut(LabelledArticle.Cut("x", "x", titled ? "A" : null, rows));
            Assert.Equal(Enumerable.Range(0, lengths.Length), windows.SelectMany(w => Enumerable.Range(w.First, w.End - w.First)).Distinct().Order());
            foreach (var window in windows)
            {
                Assert.True(window.Pieces.Length <= ArticleWindows.MostPieces);
                Assert.Equal(window.End - window.First, window.Spans.Length);
                Assert.All(window.Spans, s => Assert.Equal(Pieces.End, window.Pieces[s.Separator]));
                Assert.All(window.Spans, s => Assert.True(s.Start <= s.Separator));
            }
        });

    [Fact]
    public void Headings_paragraphs_and_title_are_marked_where_they_begin()
    {
        var article = LabelledArticle.Cut("x", "x", "A", [("a.", "", 1), ("a.", "", 1), ("a.", "", 2), ("a.", "A", 3), ("a.", "A", 3)]);
        var window = Assert.Single(new ArticleWindows(Pieces).Cut(article));
        var (p, h, t, e) = (Pieces.Paragraph, Pieces.Heading, Pieces.Title, Pieces.End);
        Assert.Equal([0, t, 6, p, 6, 7, e, 6, 7, e, p, 6, 7, e, h, 6, 6, 7, e, 6, 7, e], window.Pieces);
    }
}
