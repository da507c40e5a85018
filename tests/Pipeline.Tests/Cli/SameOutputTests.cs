using System.Security.Cryptography;
using System.Text.Json;
using Pipeline.Training;

namespace Pipeline.Tests.Cli;

/// <summary>
/// The output of the seeds and of two thousand texts of public news, by the hashes in <c>same-output.tsv</c>: a change that is
/// meant to make the program faster leaves every byte alone. One that changes models, rules or columns changes the file.
/// </summary>
public class SameOutputTests
{
    private static readonly string[] Tables = ["articles", "sentences", "entities", "dates", "tokens", "errors"];

    [Fact]
    public void Of_the_seeds() => MustBeAsBefore("seeds", Repository.Seeds);

    [Fact]
    public void Of_two_thousand_news_texts()
    {
        string[] sets =
        [
            Repository.Shared("benchmarks/roles/newsdiscourse-train.zip"), Repository.Shared("benchmarks/roles/newsdiscourse-validation.zip"),
            Repository.Shared("benchmarks/dates/tbaq"), Repository.Shared("benchmarks/entities/conll2003/eng.train"),
        ];
        var texts = LentTexts.Read(sets).Values.OrderBy(t => t.Id, StringComparer.Ordinal).ToList();
        using var folder = new TempFolder();
        var lines = texts.Select(t => JsonSerializer.Serialize(new
        {
            id = t.Id,
            title = t.Title,
            date = "2019-06-03",
            text = string.Join("\n\n", t.Sentences.GroupBy(s => s.Paragraph).Select(p => string.Join(' ', p.Select(s => s.Text)))),
        }));

        // The shortest stand twice, so that copies are met as well.
        var again = texts.OrderBy(t => t.Sentences.Count).ThenBy(t => t.Id, StringComparer.Ordinal).Take(Math.Max(0, 2000 - texts.Count))
            .Select((t, i) => JsonSerializer.Serialize(new { id = $"again-{i}", text = string.Join(' ', t.Sentences.Select(s => s.Text)) }));
        MustBeAsBefore("news", folder.Write("news.jsonl", string.Join('\n', lines.Concat(again))));
    }

    private static void MustBeAsBefore(string name, string input)
    {
        using var folder = new TempFolder();
        var run = Command.Run("extract", input, "--out", folder["out"], "--tokens", "--explain", "--quiet");
        Assert.True(run.ExitCode == 0, run.Error);
        var found = Tables.Select(t => $"{name}\t{t}\t{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(folder[$"out/{t}.csv"])))}").ToList();
        var expected = File.ReadAllLines(Path.Combine(Repository.Root, "tests", "Pipeline.Tests", "Cli", "same-output.tsv"))
            .Where(l => l.StartsWith(name + "\t", StringComparison.Ordinal)).ToList();
        Assert.True(
            expected.SequenceEqual(found),
            "the output is not that of before; if models, rules or columns were meant to change, put these lines into same-output.tsv:\n" + string.Join('\n', found));
    }
}
