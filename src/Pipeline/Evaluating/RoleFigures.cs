using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Training;

namespace Pipeline.Evaluating;

/// <summary>Figures of roles as text, as Markdown and as JSON.</summary>
internal static class RoleFigures
{
    /// <summary>Fractions with four decimals, whatever the culture.</summary>
    public static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>Everything about a set of predictions, for people.</summary>
    public static string Text(IReadOnlyList<string> labels, RoleScores scores, Interval macro)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"articles   {scores.Articles}\n");
        text.Append(CultureInfo.InvariantCulture, $"sentences  {scores.Sentences}\n");
        text.Append(CultureInfo.InvariantCulture, $"macro-F1   {Number(scores.Macro)}  (95% of resampled articles: {Number(macro.Low)} to {Number(macro.High)})\n");
        text.Append(CultureInfo.InvariantCulture, $"micro-F1   {Number(scores.Micro)}\n");
        text.Append(CultureInfo.InvariantCulture, $"ECE        {Number(scores.CalibrationError)}\n\n");
        var width = Math.Max(8, labels.Max(l => l.Length));
        text.Append(CultureInfo.InvariantCulture, $"{"label".PadRight(width)}  precision  recall  F1      sentences\n");
        foreach (var s in scores.Labels)
            text.Append(CultureInfo.InvariantCulture, $"{s.Label.PadRight(width)}  {Number(s.Precision)}     {Number(s.Recall)}  {Number(s.F1)}  {s.Support}\n");
        text.Append(CultureInfo.InvariantCulture, $"\nconfusion (rows: gold, columns: predicted)\n{"".PadRight(width)}");
        foreach (var label in labels)
            text.Append("  ").Append(label.PadLeft(6));
        text.Append('\n');
        for (var g = 0; g < labels.Count; g++)
        {
            text.Append(labels[g].PadRight(width));
            for (var p = 0; p < labels.Count; p++)
                text.Append("  ").Append(scores.Confusion[g][p].ToString(CultureInfo.InvariantCulture).PadLeft(Math.Max(6, labels[p].Length)));
            text.Append('\n');
        }

        text.Append("\nreliability: confidence promised and kept\n");
        foreach (var bin in scores.Reliability)
            text.Append(CultureInfo.InvariantCulture, $"{bin.From:0.0}-{bin.To:0.0}  {Number(bin.Confidence)}  {Number(bin.Accuracy)}  {bin.Count}\n");
        return text.ToString();
    }

    /// <summary>The same for programs.</summary>
    public static JsonObject Json(RoleScores scores, Interval macro, IReadOnlyList<string> labels) => new()
    {
        ["articles"] = scores.Articles,
        ["sentences"] = scores.Sentences,
        ["macro_f1"] = Round(scores.Macro),
        ["macro_f1_low"] = Round(macro.Low),
        ["macro_f1_high"] = Round(macro.High),
        ["micro_f1"] = Round(scores.Micro),
        ["ece"] = Round(scores.CalibrationError),
        ["labels"] = new JsonArray([.. scores.Labels.Select(l => (JsonNode)new JsonObject
        {
            ["label"] = l.Label,
            ["precision"] = Round(l.Precision),
            ["recall"] = Round(l.Recall),
            ["f1"] = Round(l.F1),
            ["support"] = l.Support,
        })]),
        ["confusion"] = new JsonObject(labels.Select((gold, g) => KeyValuePair.Create<string, JsonNode?>(
            gold, new JsonObject(labels.Select((predicted, p) => KeyValuePair.Create<string, JsonNode?>(predicted, scores.Confusion[g][p])))))),
        ["reliability"] = new JsonArray([.. scores.Reliability.Select(b => (JsonNode)new JsonObject
        {
            ["from"] = Round(b.From),
            ["to"] = Round(b.To),
            ["sentences"] = b.Count,
            ["confidence"] = Round(b.Confidence),
            ["accuracy"] = Round(b.Accuracy),
        })]),
    };

    public static JsonObject Json(RoleComparison c) => new()
    {
        ["macro_f1_difference"] = Round(c.Difference),
        ["difference_low"] = Round(c.Range.Low),
        ["difference_high"] = Round(c.Range.High),
        ["share_of_resamples_better"] = Round(c.SecondBetter),
        ["only_first_right"] = c.OnlyFirstRight,
        ["only_second_right"] = c.OnlySecondRight,
        ["mcnemar_p"] = Round(c.McNemar),
    };

    /// <summary>A comparison in one line.</summary>
    public static string Text(RoleComparison c, string first, string second) => string.Create(
        CultureInfo.InvariantCulture,
        $"{second} against {first}: macro-F1 {c.Difference:+0.0000;-0.0000;0.0000} (95%: {c.Range.Low:+0.0000;-0.0000;0.0000} to {c.Range.High:+0.0000;-0.0000;0.0000}), better in {c.SecondBetter:P0} of resamples; right alone: {c.OnlyFirstRight} against {c.OnlySecondRight}, McNemar p = {c.McNemar:0.0000}");

    /// <summary>Figures by the <c>kind</c> of article; empty where the labels have none.</summary>
    public static IReadOnlyList<(string Kind, RoleScores Scores)> ByKind(
        IReadOnlyList<string> labels, IReadOnlyList<LabelledArticle> articles, IReadOnlyList<RolePrediction> predictions) =>
        [.. predictions
            .Where(p => articles[p.Article].Kind.Length > 0)
            .GroupBy(p => articles[p.Article].Kind, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => (g.Key, RoleScores.Of(labels, [.. g])))];

    public static double Round(double value) => Math.Round(value, 4);
}
