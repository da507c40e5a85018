using System.CommandLine;
using CsvHelper;
using Pipeline.Training;
using Pipeline.Writing;

namespace Pipeline.Cli;

/// <summary><c>pipeline review DIR --out review.csv</c></summary>
internal static class ReviewCommand
{
    private static readonly Argument<string> Folder = new("DIR") { Description = "An output folder of pipeline extract." };
    private static readonly Option<string> Out = new("--out") { Required = true, HelpName = "FILE", Description = "The CSV to write; corrected, it is a labels CSV for train roles." };
    private static readonly Option<int> Most = new("--most") { DefaultValueFactory = _ => 200, HelpName = "N", Description = "How many sentences." };

    public static Command Create()
    {
        var command = new Command("review", "Picks the sentences whose correction would teach the role classifier most, for a spreadsheet.") { Folder, Out, Most };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var most = parsed.GetValue(Most);
        if (most < 1)
            throw new UsageException($"--most {most}: choose at least 1");
        var path = parsed.GetRequiredValue(Out);
        if (File.Exists(path))
            throw new UsageException($"--out {path} exists; it may hold corrections, so choose another name");
        var rows = ReviewSelection.Choose(Path.Combine(parsed.GetRequiredValue(Folder), "sentences.csv"), most);
        try
        {
            using var csv = CsvWriter.ToFile(path, new CsvWriterOptions { NewLine = "\n", Injection = CsvInjection.Escape });
            Record(csv, ["article_id", "sentence_id", "section", "before", "text", "after", "role", "confidence", "why"]);
            foreach (var r in rows)
                Record(csv, [r.Article, r.Sentence, r.Section, r.Before, r.Text, r.After, r.Role, r.Confidence, r.Why]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFileException(path, 0, $"the file cannot be written ({e.Message})", e);
        }

        return ExitCode.Done;
    }

    private static void Record(CsvWriter csv, string[] cells)
    {
        foreach (var cell in cells)
            csv.WriteField(FormulaGuard.NeedsExtraApostrophe(cell) ? "'" + cell : cell);
        csv.EndRecord();
    }
}
