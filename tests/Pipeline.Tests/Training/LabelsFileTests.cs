using Pipeline.Training;

namespace Pipeline.Tests.Training;

public class LabelsFileTests
{
    private const string Header = "article_id,sentence_id,section,text,role\n";

    [Theory]
    [InlineData("", 0, "empty")]
    [InlineData(Header, 0, "no rows")]
    [InlineData("article_id,sentence_id,section,role\na,1,,context\n", 1, "missing column text")]
    [InlineData("article_id,text\na,b\n", 1, "missing columns sentence_id, section, role")]
    [InlineData(Header + "a,1,,One.,context\na,2,,,context\n", 3, "text is empty")]
    [InlineData(Header + "a,1,,   ,context\n", 2, "text is empty")]
    [InlineData(Header + "a,1,,One.,context\na,2,,Two.,\n", 3, "role is missing")]
    [InlineData(Header + ",1,,One.,context\n", 2, "article_id is empty")]
    [InlineData(Header + "a,,,One.,context\n", 2, "sentence_id is empty")]
    [InlineData(Header + "a,1,,One.,context\na,1,,Two.,context\n", 3, "line 2 already")]
    [InlineData(Header + "a,1,,One.,context\nb,1,,Two.,context\na,2,,Three.,context\n", 4, "line 2 already")]
    [InlineData(Header + "a,1,,\"One\ntwo.\",context\na,2,,,context\n", 4, "text is empty")]
    [InlineData(Header + "a,1,,One.\n", 2, "4 cells")]
    [InlineData(Header + "a,1,,\"One\"x,context\n", 2, "no CSV")]
    [InlineData("article_id,sentence_id,section,text,role,paragraph\na,1,,One.,context,x\n", 2, "paragraph")]
    [InlineData("article_id,sentence_id,section,text,role,weight\na,1,,One.,context,0\n", 2, "weight")]
    [InlineData("article_id,sentence_id,section,text,role,weight\na,1,,One.,context,\nb,1,,One.,context,x\n", 3, "weight")]
    [InlineData("article_id,sentence_id,section,text,role,weight\na,1,,One.,context,NaN\n", 2, "weight")]
    [InlineData("article_id,sentence_id,section,text,role,weight\na,1,,One.,context,-1\n", 2, "weight")]
    public void Says_what_is_wrong_and_on_which_line(string csv, int line, string said)
    {
        using var folder = new TempFolder();
        var path = System.IO.Path.Combine(folder.Path, "labels.csv");
        File.WriteAllText(path, csv);
        var error = Assert.Throws<UserFileException>(() => LabelsFile.Read([path]));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Equal((path, line), (error.Path, error.Line));
    }

    [Fact]
    public void Reads_a_corrected_sentences_table_whatever_other_columns_it_has()
    {
        var articles = Read("sentence_id,role,article_id,start,paragraph,section,text,p_context\n"
            + "1,context,a,0,1,Why > Fears,'=1+1 is a sum.,0.5\n2,motivation,a,9,2,,\"It said \"\"no\"\".\",0.5\n1,context,b,0,1,,''-x stays so.,0.5\n");
        Assert.Equal(["a", "b"], articles.Select(a => a.Id));
        Assert.Equal(["context", "motivation"], articles[0].Roles);
        Assert.Equal(["=1+1 is a sum.", "It said \"no\"."], articles[0].Article.Sentences.Select(s => s.Span.In(articles[0].Article.Text).ToString()));
        Assert.Equal(["Why > Fears", ""], articles[0].Article.Sentences.Select(s => s.Section));
        Assert.Equal([2, 3], articles[0].Lines);
        Assert.Equal("'-x stays so.", articles[1].Article.Text);
    }

    [Fact]
    public void An_article_counts_as_much_as_its_first_row_says_and_else_once() =>
        Assert.Equal([0.3f, 1f, 2f], Read("article_id,sentence_id,section,text,role,weight\na,1,,One.,context,0.3\na,2,,Two.,context,\nb,1,,One.,context,\nc,1,,One.,context,2\n")
            .Select(a => a.Weight));

    [Fact]
    public void An_article_in_two_files_is_an_error()
    {
        using var folder = new TempFolder();
        string[] paths = [System.IO.Path.Combine(folder.Path, "1.csv"), System.IO.Path.Combine(folder.Path, "2.csv")];
        foreach (var path in paths)
            File.WriteAllText(path, Header + "a,1,,One.,context\n");
        Assert.Contains("1.csv:2", Assert.Throws<UserFileException>(() => LabelsFile.Read(paths)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("context:30 contxt:1 motivation:30", "misspelling of \"context\"")]
    [InlineData("context:30 Context:12 motivation:30", "misspelling of \"context\"")]
    [InlineData("context:30 motivation:30 implication:2", null)]
    [InlineData("context:30", "at least two different")]
    [InlineData("a:30 b:2", null)]
    [InlineData("method:30 methods:9", null)]
    public void Tells_a_misspelt_role_from_a_rare_one(string counts, string? said)
    {
        var rows = counts.Split(' ').SelectMany(c => Enumerable.Repeat(c.Split(':')[0], int.Parse(c.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture)));
        var articles = Read(Header + string.Concat(rows.Select((role, i) => $"a{i % 7},{i},,Sentence {i}.,{role}\n").OrderBy(r => r[..2], StringComparer.Ordinal)));
        if (said is null)
            Assert.All(LabelChecks.Check(articles), w => Assert.Contains("role", w, StringComparison.Ordinal));
        else
            Assert.Contains(said, Assert.Throws<UserFileException>(() => LabelChecks.Check(articles)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rare_role_is_told() =>
        Assert.Contains(LabelChecks.Check(Read(Header + "a,1,,One.,context\nb,1,,Two.,effect\n")), w => w.Contains("only 1 sentences", StringComparison.Ordinal));

    private static List<LabelledArticle> Read(string csv) =>
        LabelsFile.Read(new StringReader(csv), "labels.csv", new Dictionary<string, (string Path, int Line)>(StringComparer.Ordinal));
}
