using System.Globalization;
using System.Text;
using System.Text.Json;
using Pipeline.Tests.Classifying;
using Pipeline.Training;

namespace Pipeline.Tests.Cli;

public class RolesCommandTests
{
    [Theory]
    [InlineData(200, false)]
    [InlineData(201, true)]
    [InlineData(260, true)]
    public void A_column_of_more_than_200_values_is_no_column_of_roles(int count, bool refused)
    {
        LabelledArticle[] articles = [.. Enumerable.Range(0, 2).Select(a => new LabelledArticle(
            LabelledArticle.Cut($"a{a}", "labels.csv", null, [("One.", "", 1)]), [.. Enumerable.Range(0, count).Select(r => $"role{r}")], []))];
        if (refused)
            Assert.Contains("at most 200", Assert.Throws<UserFileException>(() => LabelChecks.MustBeFew(articles)).Message, StringComparison.Ordinal);
        else
            LabelChecks.MustBeFew(articles);
    }

    [Fact]
    public void Trains_measures_and_guards_a_better_model()
    {
        using var folder = new TempFolder();
        string In(string name) => System.IO.Path.Combine(folder.Path, name);
        Write(In("a.csv"), 0, 10, spoiled: false);
        Write(In("b.csv"), 10, 16, spoiled: false);
        Write(In("noise.csv"), 20, 30, spoiled: true);

        var train = Command.Run("train", "roles", In("a.csv"), "--out", In("good.model"), "--folds", "3", "--held-out", In("b.csv"), "--learning-curve", "--quiet");
        Assert.Equal((0, ""), (train.ExitCode, train.Error));
        Assert.Contains("macro-F1", train.Output, StringComparison.Ordinal);
        using var card = JsonDocument.Parse(File.ReadAllText(In("good.model.json")));
        Assert.Equal(64, card.RootElement.GetProperty("data")[0].GetProperty("sha256").GetString()!.Length);
        Assert.True(card.RootElement.GetProperty("cross_validation").GetProperty("macro_f1").GetDouble() > 0.8);
        Assert.True(card.RootElement.GetProperty("held_out").GetProperty("sentences").GetInt32() == 54);
        Assert.True(card.RootElement.GetProperty("learning_curve").GetArrayLength() > 2);
        Assert.True(card.RootElement.GetProperty("held_out_kinds").TryGetProperty("op-ed", out _));
        var text = File.ReadAllText(In("good.model.md"));
        Assert.Contains("SHA-256", text, StringComparison.Ordinal);
        Assert.Contains($"pipeline train roles {In("a.csv")} --held-out {In("b.csv")} --folds 3 --out {In("good.model")}\n", text, StringComparison.Ordinal);

        var evaluate = Command.Run("evaluate", "roles", In("b.csv"), "--model", In("good.model"), "--predictions", In("p.csv"), "--json", In("f.json"), "--compare", In("good.model"));
        Assert.Equal((0, ""), (evaluate.ExitCode, evaluate.Error));
        var lines = File.ReadAllText(In("p.csv")).Split('\n');
        Assert.Equal("article_id,sentence_id,role,predicted,confidence", lines[0]);
        Assert.StartsWith("a10,1,context,context,", lines[1], StringComparison.Ordinal);
        Assert.Equal(56, lines.Length);
        using var figures = JsonDocument.Parse(File.ReadAllText(In("f.json")));
        Assert.Equal(54, figures.RootElement.GetProperty("sentences").GetInt32());
        Assert.Equal(0, figures.RootElement.GetProperty("comparison").GetProperty("macro_f1_difference").GetDouble());
        Assert.True(figures.RootElement.GetProperty("kinds").TryGetProperty("op-ed", out _));

        string[] worse = ["train", "roles", In("noise.csv"), "--out", In("bad.model"), "--folds", "3", "--held-out", In("b.csv"), "--baseline", In("good.model"), "--quiet"];
        var refused = Command.Run(worse);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("--force", refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(In("bad.model")));
        Assert.Equal(0, Command.Run([.. worse, "--force"]).ExitCode);
        Assert.True(File.Exists(In("bad.model")));

        var unfair = Command.Run("train", "roles", In("a.csv"), "--out", In("x.model"), "--baseline", In("good.model"), "--quiet");
        Assert.Equal(1, unfair.ExitCode);
        Assert.Contains("--held-out", unfair.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--folds", "1")]
    [InlineData("--l2", "-1")]
    [InlineData("--threads", "0")]
    [InlineData("--nonsense", "1")]
    [InlineData("--without", "letters")]
    public void Wrong_options_are_told_in_one_line(string option, string value)
    {
        var run = Command.Run("train", "roles", "labels.csv", "--out", "x.model", option, value);
        Assert.Equal(2, run.ExitCode);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void Leaves_out_the_families_that_it_is_told_to_and_remembers_it()
    {
        using var folder = new TempFolder();
        string In(string name) => System.IO.Path.Combine(folder.Path, name);
        Write(In("a.csv"), 0, 10, spoiled: false);
        var run = Command.Run("train", "roles", In("a.csv"), "--out", In("m"), "--folds", "3", "--without", "position", "--without", "characters", "--quiet");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains($"--folds 3 --without characters --without position --out {In("m")}\n", File.ReadAllText(In("m.md")), StringComparison.Ordinal);
        Assert.Equal(0, Command.Run("evaluate", "roles", In("a.csv"), "--model", In("m")).ExitCode);

        string[] all = ["words", "phrases", "characters", "cues", "form", "opening", "position", "heading", "title", "neighbours"];
        var nothing = Command.Run(["train", "roles", In("a.csv"), "--out", In("n"), .. all.SelectMany(f => new[] { "--without", f })]);
        Assert.Equal(2, nothing.ExitCode);
        Assert.Contains("at least one", nothing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_line_is_told_with_file_and_number()
    {
        using var folder = new TempFolder();
        var path = System.IO.Path.Combine(folder.Path, "l.csv");
        File.WriteAllText(path, "article_id,sentence_id,section,text,role\na,1,,One.,context\na,2,,Two.,\n");
        var run = Command.Run("train", "roles", path, "--out", System.IO.Path.Combine(folder.Path, "m"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("l.csv:3: the role is missing", run.Error, StringComparison.Ordinal);
    }

    private static void Write(string path, int from, int to, bool spoiled)
    {
        var csv = new StringBuilder("article_id,sentence_id,section,text,role,kind\n");
        string[] labels = ["context", "implication", "motivation"];
        foreach (var article in Taught.Articles(to).Skip(from))
        {
            for (var s = 0; s < article.Roles.Count; s++)
            {
                var role = spoiled ? labels[(s * 5 + 1) % 3] : article.Roles[s];
                csv.Append(CultureInfo.InvariantCulture, $"{article.Id},{article.SentenceIds[s]},,\"{article.Article.Sentences[s].Span.In(article.Article.Text)}\",{role},op-ed\n");
            }
        }

        File.WriteAllText(path, csv.ToString());
    }
}
