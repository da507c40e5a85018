using Pipeline.Training;

namespace Pipeline.Tests.Training;

public class ReviewSelectionTests
{
    private const string Header = "article_id,sentence_id,section,role,confidence,p_context,p_motivation,text\n";

    [Fact]
    public void Prefers_the_uncertain_and_gives_the_neighbours()
    {
        var rows = Choose(1, "a,1,,context,0.9,0.9,0.1,One.\na,2,,context,0.51,0.51,0.49,Two.\na,3,,motivation,0.8,0.2,0.8,'=Three.\n");
        var row = Assert.Single(rows);
        Assert.Equal(("2", "One.", "Two.", "=Three.", "between context and motivation"), (row.Sentence, row.Before, row.Text, row.After, row.Why));
    }

    [Fact]
    public void Prefers_what_differs_from_its_section() =>
        Assert.Equal("4", Assert.Single(Choose(1, "a,1,H,context,0.8,0.8,0.2,A.\na,2,H,context,0.8,0.8,0.2,B.\na,3,H,context,0.8,0.8,0.2,C.\na,4,H,motivation,0.8,0.2,0.8,D.\n")).Sentence);

    [Fact]
    public void Does_not_take_all_from_one_article()
    {
        var rows = Choose(2, "a,1,,context,0.5,0.5,0.5,A.\na,2,,context,0.5,0.5,0.5,B.\nb,1,,context,0.53,0.53,0.47,C.\n");
        Assert.Equal(["a", "b"], rows.Select(r => r.Article));
    }

    [Theory]
    [InlineData("x,y\n1,2\n")]
    [InlineData("article_id,sentence_id,section,role,confidence,text\na,1,,c,1,A.\n")]
    [InlineData(Header + "a,1,,context,0.5,much,0.5,A.\n")]
    public void A_table_of_another_kind_is_told(string csv) => Assert.Throws<UserFileException>(() => ChooseFrom(csv, 1));

    private static IReadOnlyList<ReviewRow> Choose(int most, string rows) => ChooseFrom(Header + rows, most);

    private static IReadOnlyList<ReviewRow> ChooseFrom(string csv, int most)
    {
        using var folder = new TempFolder();
        var path = System.IO.Path.Combine(folder.Path, "sentences.csv");
        File.WriteAllText(path, csv);
        return ReviewSelection.Choose(path, most);
    }
}
