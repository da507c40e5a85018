using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Pipeline.Entities;
using Pipeline.Evaluating;

namespace Pipeline.Cli;

/// <summary><c>pipeline evaluate entities FILE.conll [--model MODEL] [--map conll]</c></summary>
internal static class EvaluateEntitiesCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A CoNLL file: one token a line, its tag in the last column (IOB1, IOB2 or BILOU); its tokens are taken as they are." };
        var model = new Option<string?>("--model") { Description = "The model; without it the one that comes with the program.", HelpName = "MODEL" };
        var map = new Option<string>("--map") { Description = "conll: score by CoNLL's four types. PERSON is PER, GPE and LOC are LOC, NORP, EVENT, LAW and MISC are MISC. none: as they are.", HelpName = "conll|none", DefaultValueFactory = _ => "none" };
        var gazetteer = new Option<string?>("--gazetteer") { Description = "Names that win over the model: CSV with name, type, canonical, country.", HelpName = "FILE" };
        var predictions = new Option<string?>("--predictions") { Description = "Also write the tokens with the predicted tag (IOB2) as the last column.", HelpName = "FILE" };
        var json = new Option<string?>("--json") { Description = "Also write the figures to this file.", HelpName = "FILE" };
        var command = new Command("entities", "Exact-span precision, recall and F1 per type (CoNLL rules), calibration, speed; canonical and country where the file has the columns token, canonical, country, tag.")
        {
            file, model, map, gazetteer, predictions, json,
        };
        command.SetAction(parsed =>
        {
            var mapping = parsed.GetValue(map);
            if (mapping is not ("conll" or "none")) throw new UsageException($"--map {mapping} is unknown; use --map conll or --map none");
            var own = parsed.GetValue(gazetteer) is { } list ? Gazetteer.Load(list) : null;
            var recognizer = EntityRecognizer.Load(parsed.GetValue(model) ?? Path.Combine(Models.DefaultFolder, Models.Entities), own);
            using var writer = new StringWriter { NewLine = "\n" };
            var target = parsed.GetValue(predictions);
            var report = EntityEvaluation.Evaluate(parsed.GetRequiredValue(file), recognizer, mapping == "conll", target is null ? null : writer);
            Print(report);
            if (target is not null) File.WriteAllText(target, writer.ToString());
            if (parsed.GetValue(json) is { } figures) File.WriteAllText(figures, JsonSerializer.Serialize(report, Indented) + "\n");
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(EntityReport report)
    {
        Say($"{report.Documents} documents, {report.Sentences} sentences, {report.Tokens} tokens");
        Say($"{"",-8}precision   recall       f1     gold    found    right");
        foreach (var t in report.Types.Append(report.All))
            Say($"{t.Type,-8}{t.Precision * 100,9:F2} {t.Recall * 100,8:F2} {t.F1 * 100,8:F2} {t.Gold,8} {t.Found,8} {t.Right,8}");
        Say($"calibration error {report.CalibrationError:F4}");
        if (report.Naming is { } naming)
        {
            Say($"country accuracy {naming.CountryAccuracy * 100:F2} ({naming.CountryRight} of {naming.CountryNames}; {naming.CountrySpurious} given where there is none)");
            Say($"canonical pairwise f1 {naming.CanonicalF1 * 100:F2}, equal to the file's {naming.CanonicalEqual * 100:F2}");
        }

        Say($"{report.TokensPerSecond:F0} tokens/s on one thread");
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
