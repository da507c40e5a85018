using Pipeline.Dates;
using Pipeline.Evaluating;

namespace Pipeline.Tests.Dates;

public sealed class DateEvaluationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dates").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Counts_spans_types_and_values_as_TempEval_3_does()
    {
        Write("a.tml", """
            <TimeML><DCT><TIMEX3 tid="t0" type="DATE" value="2024-11-12" functionInDocument="CREATION_TIME">November 12, 2024</TIMEX3></DCT>
            <TEXT>They <EVENT>met</EVENT> on <TIMEX3 tid="t1" type="DATE" value="2024-11-11">Monday</TIMEX3> for
            <TIMEX3 tid="t2" type="DATE" value="PT2H">two hours</TIMEX3> and parted in <TIMEX3 tid="t3" type="DATE" value="2023">early June 2023</TIMEX3>.
            Once <TIMEX3 tid="t4" type="DATE" value="PAST_REF">upon a tide</TIMEX3> it snowed in 1999.</TEXT></TimeML>
            """);
        var (scores, errors) = DateEvaluation.Evaluate([_folder], new DateResolver());
        Assert.Equal(new SpanScore(4, 4, 3), scores.Strict);
        Assert.Equal(new SpanScore(4, 4, 3), scores.Relaxed);
        Assert.Equal(new SpanScore(4, 4, 2), scores.Type);
        Assert.Equal(new SpanScore(4, 4, 2), scores.Value);
        Assert.Equal(["missed", "spurious", "type", "value"], errors.Select(error => error.Error).Order());
    }

    [Fact]
    public void Takes_a_leading_article_in_where_the_corpus_does()
    {
        Write("a.tml", """<TimeML><TEXT>In <TIMEX3 tid="t1" type="DATE" value="199">the 1990s</TIMEX3> it rained.</TEXT></TimeML>""");
        var (scores, _) = DateEvaluation.Evaluate([_folder], new DateResolver());
        Assert.True(scores.WithThe);
        Assert.Equal(1, scores.Strict.Correct);
    }

    [Fact]
    public void Reads_no_external_entity()
    {
        var secret = Path.Combine(_folder, "secret.txt");
        File.WriteAllText(secret, "in 1999");
        Write("a.tml", $"""<!DOCTYPE TimeML [<!ENTITY x SYSTEM "file://{secret}">]><TimeML><TEXT>It was &x; here.</TEXT></TimeML>""");
        Assert.Throws<UserFileException>(() => DateEvaluation.Evaluate([_folder], new DateResolver()));
    }

    [Theory]
    [InlineData("<TimeML><TEXT>open", "not well-formed")]
    [InlineData("<TimeML></TimeML>", "no TEXT element")]
    public void Says_what_is_wrong_with_a_file(string content, string problem)
    {
        Write("a.tml", content);
        var error = Assert.Throws<UserFileException>(() => DateEvaluation.Evaluate([_folder], new DateResolver()));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_path_that_is_not_there() =>
        Assert.Throws<UserFileException>(() => DateEvaluation.Evaluate([Path.Combine(_folder, "none")], new DateResolver()));

    [Theory]
    [InlineData("wsj_0026.tml", 4)]
    [InlineData("", 4)]
    [InlineData("x", 1)]
    public void Puts_every_file_into_one_fold(string name, int folds) => Assert.InRange(DateEvaluation.Fold(name, folds), 0, folds - 1);

    [Fact]
    public void Keeps_its_level_on_its_own_held_out_articles()
    {
        var (scores, _) = DateEvaluation.Evaluate([Path.Combine(Repository.Root, "data", "dates", "heldout")], new DateResolver());
        Assert.True(scores.Strict.F1 >= 0.93, $"span F1 {scores.Strict.F1}");
        Assert.True(scores.Value.F1 >= 0.90, $"value F1 {scores.Value.F1}");
    }

    [Theory]
    [InlineData("train")]
    [InlineData("test")]
    public void Resolves_a_history_against_its_own_story(string part)
    {
        var (scores, _) = DateEvaluation.Evaluate([Path.Combine(Repository.Root, "data", "dates", "history", part)], new DateResolver());
        Assert.Equal(5, scores.Documents);
        Assert.True(scores.Value.F1 >= 0.92, $"value F1 {scores.Value.F1}");
    }

    [Fact]
    public void Keeps_its_level_on_the_held_out_public_texts()
    {
        var (scores, _) = DateEvaluation.Evaluate(
            [Repository.Shared("benchmarks/dates/tbaq")], new DateResolver(), name => DateEvaluation.Fold(name, 4) == 0);
        Assert.True(scores.Strict.F1 >= 0.86, $"strict F1 {scores.Strict.F1}");
        Assert.True(scores.Relaxed.F1 >= 0.925, $"relaxed F1 {scores.Relaxed.F1}");
        Assert.True(scores.Value.F1 >= 0.785, $"value F1 {scores.Value.F1}");
    }

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(_folder, name), content);
}
