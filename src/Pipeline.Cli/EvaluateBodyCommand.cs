using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Pipeline.Cleaning;
using Pipeline.Evaluating;

namespace Pipeline.Cli;

/// <summary><c>pipeline evaluate body FOLDER</c></summary>
internal static class EvaluateBodyCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static Command Create()
    {
        var folder = new Argument<string>("FOLDER")
        {
            Description = "A folder with ground-truth.json and html/*.html.gz, as the article extraction benchmark has it.",
        };
        var json = new Option<string?>("--json") { Description = "Also write the figures, and those of each page, to this file.", HelpName = "FILE" };
        var quiet = new Option<bool>("--quiet") { Description = "No progress." };
        var command = new Command("body", "Article bodies found in HTML pages: precision, recall, F1 of runs of four words.")
        {
            folder,
            json,
            quiet,
        };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(folder), parsed.GetValue(json), parsed.GetValue(quiet)));
        return command;
    }

    private static int Run(string folder, string? json, bool quiet)
    {
        if (!Directory.Exists(folder))
            throw new UsageException($"{folder}: no such folder; name one that holds ground-truth.json and html/");
        int? all = null;
        var pages = new Terminal(quiet).Follow("pages", () => all, tell => BodyGold.Compare(folder, new ArticleCleaner(), (done, count) =>
        {
            all = count;
            tell(done, string.Create(CultureInfo.InvariantCulture, $"{done} pages"));
        }));
        var result = BodyEvaluation.Of([.. pages.Select(page => page.Match)]);
        Console.WriteLine($"pages      {result.Pages}");
        Print("precision", result.Precision, result.HalfWidth.Precision);
        Print("recall", result.Recall, result.HalfWidth.Recall);
        Print("f1", result.F1, result.HalfWidth.F1);
        Print("accuracy", result.Accuracy, result.HalfWidth.Accuracy);

        if (json is not null)
        {
            var figures = new
            {
                result.Pages,
                result.Precision,
                result.Recall,
                result.F1,
                result.Accuracy,
                HalfWidth = new { result.HalfWidth.Precision, result.HalfWidth.Recall, result.HalfWidth.F1, result.HalfWidth.Accuracy },
                ByPage = pages.Select(page => new { page.Id, page.Match.Precision, page.Match.Recall }),
            };
            File.WriteAllText(json, JsonSerializer.Serialize(figures, Indented) + "\n");
        }

        return ExitCode.Done;
    }

    private static void Print(string name, double value, double halfWidth) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-10} {value:F4} ± {halfWidth:F3}"));
}
