using AngleSharp.Html.Parser;
using CsCheck;
using Pipeline.Cleaning;
using Pipeline.Cleaning.Html;
using Pipeline.Evaluating;
using Pipeline.Reading;

namespace Pipeline.Tests.Cleaning;

public class CleanerPropertyTests
{
    private static readonly string[] Pieces =
    [
        "<p>", "</p>", "<div>", "</div>", "<b>", "<a href='x'>", "</a>", "<ul><li>", "<table><tr><td>", "</table>", "<!--", "-->",
        "<script>", "</script>", "<title>", "<h2>", "</h2>", "<br>", "&amp;", "&#x0;", "&#xD800;", "<svg/>", "<", ">", "\"", "=", "\0",
        "\n", "\r\n", "\n\n", "# ", "* ", "**", "[a](b)", ": ", "By Rosa ", "12.3.2024", "Advertisement", "Leave a Reply", "…", "”",
        "The river froze again. ", "Fear of a Dry Summer: Ice is late. ", "\uD800", "\uDC00", "😀", "\u2028", "水。", " ",
        "<meta property=og:title content=x>", "<script type=application/ld+json>{\"@type\":\"Article\",\"author\":[{}]}</script>",
    ];

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 60].Select(string.Concat),
        Gen.Char.Array[0, 40].Select(chars => new string(chars)));

    [Fact]
    public void Any_string_gives_ordered_blocks_inside_the_text() =>
        Gen.Select(Text, Gen.Enum<ArticleFormat>(), Gen.Enum<BodyMode>()).Sample(
            (content, format, mode) => Check(new ArticleCleaner(mode).Clean(LineModelTests.Plain(content) with { Format = format })),
            iter: 4000);

    private static void Check(ArticleText text)
    {
        var end = 0;
        foreach (var (kind, span, section) in text.Blocks)
        {
            Assert.True(span.Start >= end && span.End > span.Start && span.End <= text.Text.Length);
            Assert.False(char.IsWhiteSpace(text.Text[span.Start]) || char.IsWhiteSpace(text.Text[span.End - 1]));
            Assert.True(span.Start == 0 || kind == BlockKind.Heading || text.Text[span.Start - 1] is '\n' or ' ');
            Assert.DoesNotContain('\n', span.In(text.Text).ToString());
            Assert.NotNull(section);
            end = span.End;
        }

        Assert.Equal(end, text.Text.Length);
        Assert.DoesNotContain(text.Text, c => char.IsControl(c) && c != '\n');
        System.Text.Encoding.GetEncoding("utf-8", new System.Text.EncoderExceptionFallback(), new System.Text.DecoderExceptionFallback())
            .GetByteCount(text.Text);
    }

    [Theory]
    [InlineData("<div>")]
    [InlineData("<b><p>")]
    [InlineData("<a b=\"")]
    [InlineData("<title>x")]
    [InlineData("<script>")]
    [InlineData("<!-- ")]
    [InlineData("<ul><li>")]
    [InlineData("<table><tr><td>")]
    [InlineData("&")]
    [InlineData("</div>")]
    [InlineData("<x-y>")]
    [InlineData("<")]
    public void A_hostile_page_ends_within_bounds(string piece)
    {
        var page = string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var text = new ArticleCleaner().Clean(LineModelTests.Plain(page) with { Format = ArticleFormat.Html });
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < 200L * page.Length, $"{allocated} bytes");
        Check(text);
    }

    [Theory]
    [InlineData("<p>one<p>two", "one|two")]
    [InlineData("<ul><li>one<li>two</ul>", "one|two")]
    [InlineData("<table><tr><td>a<td>b<tr><td>c</table>", "a b|c")]
    [InlineData("<div>one</span></div>two", "one|two")]
    [InlineData("<p>one <b>two</p>three", "one two|three")]
    [InlineData("<script>if (a < b) '<p>x</p>'</script>one", "one")]
    [InlineData("<!-- <p>x --> one<!doctype x>", "one")]
    [InlineData("<p title='a > b'>one</p>", "one")]
    [InlineData("a &lt; b &amp;&nbsp;c &unknown; &#8220;d&#x201D;", "a < b & c &unknown; “d”")]
    [InlineData("one<br>two", "one|two")]
    [InlineData("<h2>one</h3>two", "one|two")]
    [InlineData("<div style='display:none'>x</div><div hidden>y</div>one", "one")]
    public void Reads_the_visible_lines_of_faulty_markup(string html, string lines)
    {
        var buffer = PageLines.Of(PageParser.Parse(html)).Buffer;
        Assert.Equal(lines, string.Join('|', buffer.Lines.Select(line => buffer[line].ToString())));
    }

    /// <summary>The parser against one that follows the standard, on pages as they are.</summary>
    [Fact]
    public void Reads_the_same_words_as_a_parser_of_the_whole_standard()
    {
        long same = 0, all = 0;
        var parser = new HtmlParser();
        foreach (var (_, html, _) in BodyGold.Pages(Repository.Shared("benchmarks/extraction")).Where((_, i) => i % 4 == 0))
        {
            var document = parser.ParseDocument(html);
            foreach (var element in document.QuerySelectorAll("head,script,style,textarea,title,iframe,noembed,noframes,noscript,template,svg,math,select,button,canvas,object,video,audio,dialog").ToList())
                element.Remove();
            var expected = Squeeze(document.DocumentElement.TextContent);
            var tree = PageParser.Parse(html);
            var actual = Squeeze(tree.TextOf(0, int.MaxValue));
            var common = 0;
            while (common < Math.Min(expected.Length, actual.Length) && expected[common] == actual[common])
                common++;
            same += common;
            all += Math.Max(expected.Length, actual.Length);
        }

        Assert.True(same >= all * 0.95, $"{same} of {all} characters before the first difference");
    }

    private static string Squeeze(string text) => string.Concat(text.Where(char.IsLetterOrDigit));
}
