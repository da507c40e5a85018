using Pipeline.Cleaning;
using Pipeline.Reading;

namespace Pipeline.Tests.Cleaning;

public class ArticleCleanerTextTests
{
    private const string First = "The ministers of the four river states met in Osh on Tuesday and agreed on nothing.";
    private const string Second = "They will meet again in the spring, when the snow melts and the quarrel over water begins anew.";
    private const string Third = "Nobody expects the canal to be finished before the end of the decade, engineers say.";

    [Fact]
    public void Keeps_exactly_the_body_of_the_article_that_it_was_built_for()
    {
        var folder = Repository.Shared("seeds");
        var text = Clean(File.ReadAllText(Directory.GetFiles(folder, "*.txt").Order(StringComparer.Ordinal).First()));
        Assert.StartsWith("Why is China concerned", text.Title, StringComparison.Ordinal);
        Assert.StartsWith("On November 11, 2024", text.Text, StringComparison.Ordinal);
        Assert.EndsWith("regional standing.", text.Text, StringComparison.Ordinal);
        Assert.Equal(
            ["Diverse Contexts:", "China’s Motivations:", "Potential Implications:"],
            text.Blocks.Where(b => b.Kind == BlockKind.Heading).Select(b => b.Span.In(text.Text).ToString()));
        Assert.Equal(13, text.Blocks.Count(b => b.Kind == BlockKind.RunInHeading));
        Assert.Contains(text.Blocks, b => b.Section == "China’s Motivations > Increased Arms Race in the Region");
        Assert.Equal("Potential Implications", text.Blocks[^1].Section);
        Assert.Equal("en", text.Language);
    }

    public static TheoryData<string, string, string?> Titles => new()
    {
        { "Water and quarrel", $"Water and quarrel\n\n{First}\n\n{Second}", "Water and quarrel" },
        { "one line a paragraph", $"Who owns the river?\n{First}\n{Second}", "Who owns the river?" },
        { "behind a rubric and before a byline", $"ANALYSIS\n\nWho owns the river?\n\nBy Rosa Imanova\n\n{First}\n\n{Second}", "Who owns the river?" },
        { "Markdown's first heading", $"# Who owns the river?\n\n{First}\n\n{Second}", "Who owns the river?" },
        { "a sentence of the body is none", $"{First}\n\n{Second}", null },
        { "nothing follows", "Water and quarrel", null },
        { "a heading with a colon is none", $"The background:\n\n{First}\n\n{Second}", null },
    };

    [Theory]
    [MemberData(nameof(Titles))]
    public void Takes_the_first_line_for_the_title_only_if_it_is_no_sentence(string name, string content, string? title)
    {
        _ = name;
        var text = Clean(content);
        Assert.Equal(title, text.Title);
        if (title is not null)
            Assert.DoesNotContain(title, text.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Advertisement")]
    [InlineData("Read also: The bridge at Termez")]
    [InlineData("By Rosa Imanova")]
    [InlineData("12 March 2024")]
    [InlineData("Share on Facebook   Share on X   Print")]
    [InlineData("Photo: the dam at low water")]
    [InlineData("Please subscribe to our channel on Telegram")]
    public void Drops_a_line_of_noise_between_paragraphs(string noise) =>
        Assert.Equal($"{First}\n\n{Second}\n\n{Third}", Clean($"{First}\n\n{Second}\n\n{noise}\n\n{Third}").Text);

    [Theory]
    [InlineData("By noon the square was empty.")]
    [InlineData("“No,” he said.")]
    [InlineData("Share prices fell.")]
    [InlineData("Comments on the draft were sharp, and the minister withdrew it.")]
    [InlineData("Read the letter aloud, the judge ordered.")]
    [InlineData("May 5 was the day on which it all began.")]
    [InlineData("The writer was sentenced to nine years in a penal colony.")]
    public void Keeps_a_sentence_that_only_looks_like_noise(string sentence) =>
        Assert.Equal($"{First}\n\n{Second}\n\n{sentence}\n\n{Third}", Clean($"{First}\n\n{Second}\n\n{sentence}\n\n{Third}").Text);

    [Fact]
    public void Drops_a_tail_of_author_counter_and_comment_form()
    {
        var text = Clean($"{First}\n\n{Second}\n\n{Third}\n\nPlease subscribe to our page\n\nIMANOVA Rosa\nIMANOVA Rosa\n\n"
            + "I hold a degree in hydrology and have a passion for maps.\n\nArticles: 120\n\nLeave a Reply\n\n"
            + "Your email address will not be published. Required fields are marked *");
        Assert.Equal($"{First}\n\n{Second}\n\n{Third}", text.Text);
    }

    [Fact]
    public void Joins_lines_wrapped_at_a_width()
    {
        const string Wrapped = """
            The ministers of the four river states met in Osh on Tuesday and agreed
            on nothing. They will meet again in the spring, when the snow melts and
            the quarrel over water begins anew, as it has for thirty years.

            Nobody expects the canal to be finished before the end of the decade,
            engineers say, and the money for the second dam has not been found in
            any of the capitals.
            """;
        var text = Clean(Wrapped);
        Assert.Equal(2, text.Blocks.Count);
        Assert.Contains("agreed on nothing. They will meet", text.Text, StringComparison.Ordinal);
        Assert.Contains("melts and the quarrel", text.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_one_paragraph_a_line_without_empty_lines_between()
    {
        var text = Clean($"{First}\n{Second}\n{Third}");
        Assert.Equal(3, text.Blocks.Count);
        Assert.Equal($"{First}\n\n{Second}\n\n{Third}", text.Text);
    }

    public static TheoryData<string, string> RunIns => new()
    {
        { $"Fear of a Dry Summer: {First}", "Fear of a Dry Summer:" },
        { $"Kazakhstan: Rent and Standing: {First}", "Kazakhstan: Rent and Standing:" },
        { $"Rosa Imanova: I saw nothing of the kind, and neither did the others.", "" },
        { $"One thing is clear: {First}", "" },
        { $"He gave three reasons: the first was money.", "" },
    };

    [Theory]
    [MemberData(nameof(RunIns))]
    public void Parts_a_run_in_heading_from_its_paragraph(string paragraph, string heading)
    {
        var text = Clean($"{Second}\n\n{paragraph}\n\n{Third}");
        var found = text.Blocks.Where(b => b.Kind == BlockKind.RunInHeading).Select(b => b.Span.In(text.Text).ToString());
        Assert.Equal(heading.Length == 0 ? [] : [heading], found);
    }

    [Fact]
    public void Nests_sections_by_the_level_of_Markdown_headings()
    {
        var text = Clean($"# The river\n\n{First}\n\n## Upstream\n\n{Second}\n\n### The dam\n\n{Third}\n\n## Downstream\n\n{First}", ArticleFormat.Markdown);
        Assert.Equal(
            ["", "", "Upstream", "Upstream", "Upstream > The dam", "", "Downstream"],
            text.Blocks.Select(b => b.Section));
    }

    [Fact]
    public void Reads_Markdown_marks_as_marks()
    {
        var text = Clean($"---\ntitle: \"The river\"\ndate: 2024-03-12\nauthor: Rosa Imanova\n---\n\nThe **four** ministers met in [Osh](https://osh.example) and agreed on _nothing_ at all.\n\n![map](map.png)\n\n* {Second}", ArticleFormat.Markdown);
        Assert.Equal($"The four ministers met in Osh and agreed on nothing at all.\n\n{Second}", text.Text);
        Assert.Equal(("The river", "Rosa Imanova", new DateOnly(2024, 3, 12)), (text.Title, text.Author, text.Date!.Value));
    }

    [Fact]
    public void Keeps_all_text_where_it_is_told_to()
    {
        var content = $"Who owns the river?\n\nBy Rosa Imanova\n\n{First}\n\nAdvertisement\n\n{Second}\n\nLeave a Reply";
        var text = new ArticleCleaner(BodyMode.All).Clean(LineModelTests.Plain(content));
        Assert.Equal(content, text.Text);
    }

    [Theory]
    [InlineData("a\u0000b\u0007c", "abc")]
    [InlineData("a\u200Bb\u00ADc\u202Ed", "abcd")]
    [InlineData("a\u00A0\t b", "a b")]
    [InlineData("می\u200Cخواهم", "می\u200Cخواهم")]
    [InlineData("𝔘nd 👩\u200D🚀", "𝔘nd 👩\u200D🚀")]
    public void Normalises_characters_the_same_everywhere(string source, string expected) =>
        Assert.Equal(expected, new ArticleCleaner(BodyMode.All).Clean(LineModelTests.Plain(source)).Text);

    [Fact]
    public void Replaces_half_a_character() =>
        Assert.Equal("a\uFFFDb", new ArticleCleaner(BodyMode.All).Clean(LineModelTests.Plain("a" + (char)0xD800 + "b")).Text);

    private static ArticleText Clean(string content, ArticleFormat format = ArticleFormat.PlainText) =>
        new ArticleCleaner().Clean(LineModelTests.Plain(content) with { Format = format });
}
