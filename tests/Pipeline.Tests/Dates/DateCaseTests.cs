namespace Pipeline.Tests.Dates;

public class DateCaseTests
{
    [Fact]
    public void Resolves_every_case_exactly()
    {
        var expressions = 0;
        var wrong = new List<string>();
        foreach (var line in Lines("cases.tsv"))
        {
            var cells = line.Split('\t');
            var found = DateCase.Written(cells[1], DateCase.Day(cells[0]));
            expressions += cells[2].Split("; ").Length;
            if (found != cells[2])
                wrong.Add($"{cells[1]}\n  expected {cells[2]}\n  found    {found}");
        }

        Assert.Empty(wrong);
        Assert.True(expressions >= 1200, $"{expressions} expressions");
    }

    [Fact]
    public void Finds_no_date_in_names_and_numbers()
    {
        var lines = Lines("not-dates.tsv").ToList();
        Assert.True(lines.Count >= 500, $"{lines.Count} sentences");
        foreach (var line in lines)
        {
            var cells = line.Split('\t');
            Assert.Equal((cells[1], ""), (cells[1], DateCase.Written(cells[1], DateCase.Day(cells[0]))));
        }
    }

    [Fact]
    public void Finds_hardly_a_date_in_a_thousand_sentences_of_the_news_without_one()
    {
        var sentences = Lines("names-and-numbers.tsv").Select(line => line.Split('\t')[1]).ToList();
        Assert.True(sentences.Count >= 1000, $"{sentences.Count} sentences");
        var found = sentences.Select(sentence => DateCase.Written(sentence, DateCase.ExampleDate)).Where(dates => dates.Length > 0).ToList();
        Assert.True(found.Count <= 3, string.Join('\n', found));
    }

    [Fact]
    public void Resolves_every_kind_and_leaves_what_only_looks_like_it()
    {
        var lines = Lines("kinds.tsv").Select(line => line.Split('\t')).ToList();
        Assert.True(lines.Count >= 300, $"{lines.Count} cases");
        Assert.True(lines.Count(cells => cells[3] == "-") * 3 >= lines.Count, "a third are look-alikes");
        Assert.True(lines.Select(cells => cells[4]).Distinct().Count() >= 40, "kinds");
        var wrong = lines
            .Select(cells => (Kind: cells[4], Sentence: cells[1], Expected: cells[2], Found: DateCase.Written(cells[1], DateCase.Day(cells[0]))))
            .Where(test => test.Found != test.Expected).ToList();
        Assert.Empty(wrong);
    }

    private static IEnumerable<string> Lines(string file) =>
        File.ReadLines(Path.Combine(Repository.Root, "data", "dates", file)).Where(line => line.Length > 0 && line[0] != '#');
}
