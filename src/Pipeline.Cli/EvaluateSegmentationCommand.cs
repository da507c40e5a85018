using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Pipeline.Evaluating;
using Pipeline.Segmenting;

namespace Pipeline.Cli;

/// <summary><c>pipeline evaluate segmentation FILE.conllu</c></summary>
internal static class EvaluateSegmentationCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A treebank in CoNLL-U; its text is restored from the forms and # newpar." };
        var json = new Option<string?>("--json") { Description = "Also write the figures to this file.", HelpName = "FILE" };
        var model = new Option<string?>("--model") { Description = "A part-of-speech model; its tags are scored too.", HelpName = "MODEL" };
        var command = new Command("segmentation", "Tokens and sentences from raw paragraphs: precision, recall, F1 (CoNLL 2018 rules).")
        {
            file,
            json,
            model,
        };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(file), parsed.GetValue(json), parsed.GetValue(model)));
        return command;
    }

    private static int Run(string file, string? json, string? model)
    {
        var scores = SegmentationEvaluation.Evaluate(file, new Segmenter(), model is null ? null : PosTagger.Load(model));
        var rows = new List<(string Name, SpanScore Score)>
        {
            ("tokens", scores.Tokens),
            ("words", scores.Words),
            ("sentences", scores.Sentences),
        };
        if (scores.Tags is { } tags)
            rows.Add(("upos", tags));

        Console.WriteLine("            precision   recall       f1     gold    found  correct");
        foreach (var (name, score) in rows)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-10} {score.Precision * 100,10:F2} {score.Recall * 100,8:F2} {score.F1 * 100,8:F2} {score.Gold,8} {score.System,8} {score.Correct,8}"));
        }

        if (json is not null)
            Write(json, JsonSerializer.Serialize(rows.ToDictionary(row => row.Name, row => row.Score), Indented) + "\n");
        return ExitCode.Done;
    }

    private static void Write(string path, string content)
    {
        try
        {
            File.WriteAllText(path, content);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFileException(path, 0, $"cannot be written: {e.Message}", e);
        }
    }
}
