using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsvHelper;
using Pipeline.Evaluating;
using Pipeline.Training;
using Pipeline.Writing;

namespace Pipeline.Cli;

/// <summary><c>pipeline evaluate roles LABELS.csv [--model MODEL]</c></summary>
internal static class EvaluateRolesCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly Argument<string[]> Labels = new("LABELS")
    {
        Arity = ArgumentArity.OneOrMore,
        Description = "Labels CSV, or a public set, as train roles reads them.",
    };

    private static readonly Option<string?> Model = new("--model") { Description = "The model; the one that comes with the program if left out.", HelpName = "MODEL" };
    private static readonly Option<bool> Accurate = new("--accurate") { Description = "The program's stronger model, which extract --accurate uses." };
    private static readonly Option<string?> Other = new("--compare") { Description = "A second model, compared on the same sentences.", HelpName = "MODEL2" };
    private static readonly Option<string?> PredictionsFile = new("--predictions") { Description = "Also write each sentence's label and prediction to this CSV.", HelpName = "FILE" };
    private static readonly Option<string?> JsonFile = new("--json") { Description = "Also write the figures to this file.", HelpName = "FILE" };
    private static readonly Option<bool> NoHeadings = new("--no-headings") { Description = "Blank the headings first." };

    public static Command Create()
    {
        var command = new Command("roles", "Role labels: precision, recall and F1 of each, macro, micro, confusion, calibration.");
        command.Arguments.Add(Labels);
        foreach (var option in (Option[])[Model, Accurate, Other, PredictionsFile, JsonFile, NoHeadings])
            command.Options.Add(option);
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var path = parsed.GetValue(Model) ?? ModelFile.Find(Models.DefaultFolder, parsed.GetValue(Accurate) ? Models.AccurateRoles : Models.Roles);
        var classifier = Models.LoadRoles(path);
        var other = parsed.GetValue(Other) is { } second ? Models.LoadRoles(second) : null;
        var articles = LabelFormats.Read(parsed.GetRequiredValue(Labels));
        var blank = parsed.GetValue(NoHeadings);
        var labels = RoleEvaluator.CommonLabels(classifier.Labels.Concat(other?.Labels ?? []), articles);
        foreach (var unknown in articles.SelectMany(a => a.Roles).Distinct().Except(classifier.Labels).Order(StringComparer.Ordinal))
            Console.Error.WriteLine($"note: the model does not know the role {unknown}; its sentences count as wrong");

        var predictions = RoleEvaluator.Predict(classifier, articles, labels, blank);
        var scores = RoleScores.Of(labels, predictions);
        var range = Resampling.OfMacro(labels.Count, predictions);
        var kinds = RoleFigures.ByKind(labels, articles, predictions);
        Console.Write(RoleFigures.Text(labels, scores, range));
        if (kinds.Count > 0)
        {
            Console.WriteLine("\nby kind");
            foreach (var (kind, of) in kinds)
                Console.WriteLine($"{kind,-24} macro-F1 {RoleFigures.Number(of.Macro)}  micro-F1 {RoleFigures.Number(of.Micro)}  sentences {of.Sentences}");
        }

        var comparison = other is null ? null : Resampling.Compare(labels.Count, predictions, RoleEvaluator.Predict(other, articles, labels, blank));
        if (comparison is not null)
            Console.WriteLine($"\n{RoleFigures.Text(comparison, path, parsed.GetValue(Other)!)}");

        if (parsed.GetValue(PredictionsFile) is { } file)
            Save(file, () => Write(file, articles, labels, predictions));
        if (parsed.GetValue(JsonFile) is { } json)
            Save(json, () => File.WriteAllText(json, Figures(path, labels, scores, range, kinds, comparison).ToJsonString(Indented) + "\n"));
        return ExitCode.Done;
    }

    private static JsonObject Figures(
        string path, IReadOnlyList<string> labels, RoleScores scores, Interval range, IReadOnlyList<(string Kind, RoleScores Scores)> kinds, RoleComparison? comparison)
    {
        var json = RoleFigures.Json(scores, range, labels);
        json["model"] = ModelFile.Describe(path).Sha256;
        if (kinds.Count > 0)
        {
            json["kinds"] = new JsonObject(kinds.Select(k => KeyValuePair.Create<string, JsonNode?>(
                k.Kind, RoleFigures.Json(k.Scores, new Interval(k.Scores.Macro, k.Scores.Macro), labels))));
        }

        if (comparison is not null)
            json["comparison"] = RoleFigures.Json(comparison);
        return json;
    }

    private static void Write(string file, List<LabelledArticle> articles, IReadOnlyList<string> labels, List<RolePrediction> predictions)
    {
        using var csv = CsvWriter.ToFile(file, new CsvWriterOptions { NewLine = "\n", Injection = CsvInjection.Escape });
        foreach (var column in (string[])["article_id", "sentence_id", "role", "predicted", "confidence"])
            csv.WriteField(column);
        csv.EndRecord();
        foreach (var p in predictions)
        {
            Text(articles[p.Article].Id);
            Text(articles[p.Article].SentenceIds[p.Sentence]);
            Text(labels[p.Gold]);
            Text(labels[p.Predicted]);
            csv.WriteField(RoleFigures.Number(p.Confidence));
            csv.EndRecord();
        }

        void Text(string value) => csv.WriteField(FormulaGuard.NeedsExtraApostrophe(value) ? "'" + value : value);
    }

    private static void Save(string file, Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFileException(file, 0, $"the file cannot be written ({e.Message})", e);
        }
    }
}
