using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Pipeline.Dates;
using Pipeline.Evaluating;
using Pipeline.Writing;

namespace Pipeline.Cli;

/// <summary><c>pipeline evaluate dates PATH...</c></summary>
internal static class EvaluateDatesCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH") { Description = "TimeML files, or folders of .tml files.", Arity = ArgumentArity.OneOrMore };
        var errors = new Option<string?>("--errors") { Description = "Write every error to this CSV file.", HelpName = "FILE" };
        var json = new Option<string?>("--json") { Description = "Also write the figures to this file.", HelpName = "FILE" };
        var fold = new Option<string?>("--fold") { Description = "Only files whose name's FNV-1a hash is K modulo N; 0/4 of TimeBank and AQUAINT is held out.", HelpName = "K/N" };
        var without = new Option<string?>("--without-fold") { Description = "Only the files that --fold would leave out.", HelpName = "K/N" };
        var command = new Command("dates", "Dates against TimeML: strict and relaxed span, type, value (TempEval-3 rules).")
        {
            paths, errors, json, fold, without,
        };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(paths), parsed.GetValue(errors), parsed.GetValue(json),
            Part("--fold", parsed.GetValue(fold)), Part("--without-fold", parsed.GetValue(without))));
        return command;
    }

    private static int Run(string[] paths, string? errorFile, string? json, (int K, int N)? fold, (int K, int N)? without)
    {
        var (scores, errors) = DateEvaluation.Evaluate(
            paths, new DateResolver(),
            name => (fold is not { } f || DateEvaluation.Fold(name, f.N) == f.K) && (without is not { } w || DateEvaluation.Fold(name, w.N) != w.K));
        (string Name, SpanScore Score)[] rows =
            [("strict", scores.Strict), ("relaxed", scores.Relaxed), ("type", scores.Type), ("value", scores.Value)];
        Console.WriteLine("            precision   recall       f1     gold    found  correct");
        foreach (var (name, score) in rows)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-10} {score.Precision * 100,10:F2} {score.Recall * 100,8:F2} {score.F1 * 100,8:F2} {score.Gold,8} {score.System,8} {score.Correct,8}"));
        }

        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{scores.Documents} documents; spans compared {(scores.WithThe ? "with" : "without")} a leading \"the\", as the documents mark them"));
        if (errorFile is not null)
        {
            using var table = new CsvTable();
            Row(table, "document", "error", "gold", "gold_type", "gold_value", "found", "found_type", "found_value", "rule", "context");
            foreach (var e in errors)
                Row(table, e.Document, e.Error, e.Gold, e.GoldType, e.GoldValue, e.Found, e.FoundType, e.FoundValue, e.Rule, e.Context);
            File.WriteAllBytes(errorFile, table.Take());
        }

        if (json is not null)
        {
            var figures = rows.ToDictionary(row => row.Name, row => (object)row.Score);
            figures["documents"] = scores.Documents;
            figures["leading_the"] = scores.WithThe;
            File.WriteAllText(json, JsonSerializer.Serialize(figures, Indented) + "\n");
        }

        return ExitCode.Done;
    }

    private static void Row(CsvTable table, params ReadOnlySpan<string> cells)
    {
        foreach (var cell in cells)
            table.Text(cell);
        table.EndRow();
    }

    private static (int K, int N)? Part(string option, string? value)
    {
        if (value is null)
            return null;
        var parts = value.Split('/');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var k)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var n) && k < n
            ? (k, n) : throw new UsageException($"{option} {value}: expected K/N with K below N, such as 0/4");
    }
}
