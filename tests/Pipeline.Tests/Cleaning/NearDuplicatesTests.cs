using Pipeline.Cleaning;
using Pipeline.Evaluating;
using Pipeline.Reading;

namespace Pipeline.Tests.Cleaning;

public class NearDuplicatesTests
{
    private static string Words(int seed, int count = 300)
    {
        var random = new Random(seed);
        return string.Join(' ', Enumerable.Range(0, count).Select(_ => $"w{random.Next(5000)}"));
    }

    [Fact]
    public void Finds_the_first_article_with_the_same_text()
    {
        var seen = new NearDuplicates();
        Assert.Null(Find(seen, 1, "Short."));
        Assert.Null(Find(seen, 2, "Other."));
        Assert.Equal(1UL, Find(seen, 3, "Short."));
        Assert.Equal(1UL, Find(seen, 4, "Short."));
    }

    [Fact]
    public void Finds_a_wire_copy_with_small_edits_and_names_the_original()
    {
        var words = Words(1).Split(' ');
        words[40] = "edited";
        words[200] = "edited";
        var seen = new NearDuplicates();
        Assert.Null(Find(seen, 1, Words(1)));
        Assert.Equal(1UL, Find(seen, 2, string.Join(' ', words)));
        Assert.Equal(1UL, Find(seen, 3, string.Join(' ', words).ToUpperInvariant()));
        Assert.Equal(1UL, Find(seen, 4, string.Join(' ', words)));
    }

    [Fact]
    public void Leaves_different_articles_alone()
    {
        var seen = new NearDuplicates();
        for (var i = 0; i < 300; i++)
            Assert.Null(Find(seen, (ulong)i, Words(i)));
        Assert.Null(Find(seen, 301, Words(1, 150) + " " + Words(999, 450)));
        Assert.Null(Find(seen, 302, ""));
        Assert.Null(Find(seen, 303, ""));
    }

    [Fact]
    public void Forgets_near_copies_beyond_its_window_but_never_equal_texts()
    {
        var seen = new NearDuplicates();
        for (var i = 0; i < 70_000; i++)
            Assert.Null(Find(seen, (ulong)i, Words(i, 20)));
        Assert.Equal(3UL, Find(seen, 70_000, Words(3, 20)));
        Assert.Equal(69_000UL, Find(seen, 70_001, Words(69_000, 20).ToUpperInvariant()));
        Assert.Equal(10_000UL, Find(seen, 70_002, Words(10_000, 20).ToUpperInvariant()));
        Assert.Null(Find(seen, 70_003, Words(3, 20).ToUpperInvariant() + "!"));
    }

    [Fact]
    public void Signs_a_text_with_its_hash()
    {
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", ArticleSignature.Of("abc").Sha256);
        Assert.Equal(1, ArticleSignature.Of(Words(3)).SimilarityTo(ArticleSignature.Of(Words(3)).Minima));
    }

    private static ulong? Find(NearDuplicates seen, ulong article, string text) => seen.Find(article, ArticleSignature.Of(text));
}

public class HtmlArticleTests
{
    private const string Page = """
        <html lang="en-GB"><head><title>Who owns the river? | The Post</title>
        <link rel="canonical" href="https://post.example/river">
        <script type="application/ld+json">{"@type":"NewsArticle","headline":"Who owns the river?","datePublished":"2024-03-12T09:41:00Z","author":[{"name":"Rosa Imanova"}]}</script>
        </head><body><nav><ul><li><a href="/">Home</a></li><li><a href="/w">World</a></li></ul></nav>
        <div class="cookie-consent"><p>We use cookies to give you the best experience on our website, and so do our partners.</p></div>
        <article><h1>Who owns the river?</h1><p class="byline">By Rosa Imanova</p>
        <figure><img src="x.jpg"><figcaption>The dam at low water in the last week of March, seen from the bridge.</figcaption></figure>
        <p>The ministers of the four river states met in Osh on Tuesday, and they agreed on nothing at all.</p>
        <h2>Upstream</h2>
        <p>They will meet again in the spring, when the snow melts and the quarrel over water begins anew.</p>
        <div class="related-links"><h3>Related</h3><ul><li><a href="/b">The bridge at Termez was never meant to last</a></li></ul></div>
        <blockquote><p>Nobody expects the canal to be finished before the end of the decade, whatever they say.</p></blockquote>
        <ul><li>The first dam holds eleven cubic kilometres of water, which is not much.</li></ul>
        <p><strong>The price:</strong> Farmers will pay for every litre from the first day of the next year on.</p>
        <table><tr><th>Year</th><th>Flow</th></tr><tr><td>2023</td><td>41</td></tr></table>
        </article><section class="comments"><h3>Comments</h3><p>I have never read such a thing about our river in my whole life, and I am old.</p></section>
        <footer><p>The Post is published every day but Sunday by the Post Company of the valley.</p></footer></body></html>
        """;

    private static ArticleText Clean(string html, BodyMode mode = BodyMode.Auto) =>
        new ArticleCleaner(mode).Clean(LineModelTests.Plain(html) with { Format = ArticleFormat.Html });

    [Fact]
    public void Finds_body_and_metadata_of_a_page()
    {
        var text = Clean(Page);
        Assert.Equal(
            """
            The ministers of the four river states met in Osh on Tuesday, and they agreed on nothing at all.

            Upstream

            They will meet again in the spring, when the snow melts and the quarrel over water begins anew.

            Nobody expects the canal to be finished before the end of the decade, whatever they say.

            The first dam holds eleven cubic kilometres of water, which is not much.

            The price: Farmers will pay for every litre from the first day of the next year on.

            Year Flow

            2023 41
            """.ReplaceLineEndings("\n"), text.Text);
        Assert.Equal("Who owns the river?", text.Title);
        Assert.Equal("Rosa Imanova", text.Author);
        Assert.Equal((new DateOnly(2024, 3, 12), DateSource.Metadata), (text.Date!.Value, text.DateFrom));
        Assert.Equal("https://post.example/river", text.Url);
        Assert.Equal("en-GB", text.Language);
        Assert.Contains(text.Blocks, b => b.Section == "Upstream > The price");
    }

    [Fact]
    public void Keeps_all_visible_text_where_it_is_told_to()
    {
        var text = Clean(Page, BodyMode.All).Text;
        Assert.Contains("Home", text, StringComparison.Ordinal);
        Assert.Contains("whole life", text, StringComparison.Ordinal);
        Assert.DoesNotContain("NewsArticle", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_s_own_fields_stand_before_the_page_s()
    {
        var text = new ArticleCleaner().Clean(LineModelTests.Plain(Page) with
        {
            Format = ArticleFormat.Html,
            Title = "T",
            Author = "A",
            Url = "u",
            Language = "fr",
            Date = new DateOnly(2020, 1, 1),
        });
        Assert.Equal(("T", "A", "u", "fr", new DateOnly(2020, 1, 1)), (text.Title, text.Author, text.Url, text.Language, text.Date!.Value));
    }

    [Fact]
    public void Extracts_the_benchmark_s_bodies()
    {
        var pages = BodyGold.Compare(Repository.Shared("benchmarks/extraction"), new ArticleCleaner());
        var result = BodyEvaluation.Of([.. pages.Select(page => page.Match)]);
        Assert.True(result.F1 >= 0.965, $"F1 {result.F1:F4}");
    }

    [Theory]
    [InlineData("a b c d", "a b c d", 1, 1)]
    [InlineData("a b c d", "a, b; c. d!", 1, 1)]
    [InlineData("a b c d e", "a b c d", 1, 0.5)]
    [InlineData("a b c d", "a b c d e", 0.5, 1)]
    [InlineData("a b", "", 0, 0)]
    [InlineData("", "", 1, 1)]
    public void Scores_runs_of_four_words(string gold, string extracted, double precision, double recall)
    {
        var match = BodyMatch.Compare(gold, extracted);
        Assert.Equal((precision, recall), (match.Precision, match.Recall));
    }
}
