using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Evaluating;

namespace Pipeline.Training;

/// <summary>A sentence that training draws attention to.</summary>
internal sealed record Remark(string Article, string Sentence, string Path, int Line, string Role, string Predicted, double Confidence, double OwnProbability);

/// <summary>A model trained on a part of the articles, for the learning curve.</summary>
internal sealed record LearningPoint(int Articles, int Sentences, double Macro, double Micro);

/// <summary>One thing left out.</summary>
internal sealed record Ablation(string Without, double Macro, double Micro);

/// <summary>What articles that were kept back show: the figures, the same with every heading blanked, and by kind of article.</summary>
internal sealed record HeldOutFigures(
    RoleScores Scores, Interval Range, RoleScores WithoutHeadings, IReadOnlyList<(string Kind, RoleScores Scores)> Kinds);

/// <summary>Everything that is known about a training run; becomes the model's card. Holds no sentence of the data.</summary>
internal sealed class RoleTrainingReport
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>The command that made the model, as it was given.</summary>
    public required string Command { get; init; }

    public required string Version { get; init; }

    public required IReadOnlyList<LabelledArticle> Articles { get; init; }

    public required RoleTrainingOptions Options { get; init; }

    public required TrainedRoles Trained { get; init; }

    public required IReadOnlyList<RolePrediction> Predictions { get; init; }

    public required RoleScores Scores { get; init; }

    public required Interval Range { get; init; }

    public IReadOnlyList<string> Warnings { get; init; } = [];

    public IReadOnlyList<LearningPoint> LearningCurve { get; set; } = [];

    public IReadOnlyList<Ablation> Ablations { get; set; } = [];

    /// <summary>Held-out articles, if there are any.</summary>
    public HeldOutFigures? HeldOut { get; set; }

    public RoleComparison? Comparison { get; set; }

    public IReadOnlyList<string> Labels => Trained.Model.Labels;

    /// <summary>Wrong out of fold, most confident first.</summary>
    public IEnumerable<Remark> ConfidentErrors() => Remarks().OrderByDescending(r => r.Confidence);

    /// <summary>
    /// Labels that the out-of-fold model finds all but impossible, while the rest of its article is well understood
    /// (after confident learning: Northcutt et al. 2021).
    /// </summary>
    public IEnumerable<Remark> SuspectedLabels()
    {
        var threshold = Enumerable.Range(0, Labels.Count)
            .Select(l => Predictions.Where(p => p.Gold == l && p.Predicted == l).Select(p => p.Confidence).DefaultIfEmpty(1).Average())
            .ToArray();
        return Remarks()
            .Where(r => r.Confidence >= threshold[IndexOf(r.Predicted)] && r.OwnProbability < 0.1)
            .OrderBy(r => r.OwnProbability);
    }

    /// <summary>The card for programs.</summary>
    public string ToJson()
    {
        var card = new JsonObject
        {
            ["version"] = Version,
            ["labels"] = new JsonArray([.. Labels.Select(l => (JsonNode)l)]),
            ["data"] = new JsonArray([.. Files.Select(f => (JsonNode)new JsonObject
            {
                ["file"] = Path.GetFileName(f),
                ["sha256"] = Hash(f),
            })]),
            ["articles"] = Articles.Count,
            ["sentences"] = Articles.Sum(a => a.Roles.Count),
            ["settings"] = new JsonObject
            {
                ["features"] = Options.Features.Families.ToString(),
                ["l2"] = Options.L2,
                ["iterations"] = Options.Iterations,
                ["nets"] = Options.Nets,
                ["sequence"] = Options.Sequence,
                ["sequence_l2"] = Trained.SequenceL2,
                ["folds"] = Options.Folds,
                ["fewest_articles"] = Options.FewestArticles,
                ["rarity_power"] = Options.RarityPower,
                ["degrade"] = Options.Degrade,
                ["temperature"] = RoleFigures.Round(Trained.Model.Sequence.Calibration.Temperature),
                ["rarity"] = RoleFigures.Round(Trained.Model.Sequence.Calibration.Rarity),
                ["kept_features"] = Trained.Model.Keys.Length,
            },
            ["warnings"] = new JsonArray([.. Warnings.Select(w => (JsonNode)w)]),
            ["cross_validation"] = RoleFigures.Json(Scores, Range, Labels),
            ["headings"] = Kinds(Parts().Where(p => p.Kind is "with headings" or "without headings")),
            ["kinds"] = Kinds(RoleFigures.ByKind(Labels, Articles, Predictions)),
            ["confident_errors"] = Json(ConfidentErrors()),
            ["suspected_labels"] = Json(SuspectedLabels()),
        };
        if (HeldOut is { } held)
        {
            card["held_out"] = RoleFigures.Json(held.Scores, held.Range, Labels);
            card["held_out_kinds"] = Kinds(held.Kinds);
            card["held_out_without_headings"] = new JsonObject { ["macro_f1"] = RoleFigures.Round(held.WithoutHeadings.Macro), ["micro_f1"] = RoleFigures.Round(held.WithoutHeadings.Micro) };
        }

        if (Comparison is { } comparison)
            card["baseline"] = RoleFigures.Json(comparison);
        if (LearningCurve.Count > 0)
        {
            card["learning_curve"] = new JsonArray([.. LearningCurve.Select(p => (JsonNode)new JsonObject
            {
                ["articles"] = p.Articles, ["sentences"] = p.Sentences, ["macro_f1"] = RoleFigures.Round(p.Macro), ["micro_f1"] = RoleFigures.Round(p.Micro),
            })]);
        }

        if (Ablations.Count > 0)
        {
            card["ablation"] = new JsonArray([.. Ablations.Select(a => (JsonNode)new JsonObject
            {
                ["without"] = a.Without, ["macro_f1"] = RoleFigures.Round(a.Macro), ["micro_f1"] = RoleFigures.Round(a.Micro),
            })]);
        }

        return card.ToJsonString(Indented) + "\n";
    }

    /// <summary>The card for people.</summary>
    public string ToMarkdown(string name)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Role model {name}\n\nLabels: {string.Join(", ", Labels)}. Made by pipeline {Version} from {Articles.Count} articles, {Articles.Sum(a => a.Roles.Count)} sentences.\n\n");
        text.Append("Train it again with the same files, settings and version and the same bytes come out:\n\n");
        text.Append(CultureInfo.InvariantCulture, $"    {Command}\n\n");
        text.Append("| file | SHA-256 |\n|---|---|\n");
        foreach (var file in Files)
            text.Append(CultureInfo.InvariantCulture, $"| {Path.GetFileName(file)} | {Hash(file)} |\n");
        foreach (var warning in Warnings)
            text.Append(CultureInfo.InvariantCulture, $"\nNote: {warning}.\n");
        text.Append(CultureInfo.InvariantCulture, $"\n## Cross-validation\n\nOut of fold, {Options.Folds} folds, articles of one subject in one fold. The sequence layer and the calibration saw first-stage answers that are out of fold as well.\n\n```\n{RoleFigures.Text(Labels, Scores, Range)}```\n");
        if (HeldOut is { } held)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## Held-out articles\n\n```\n{RoleFigures.Text(Labels, held.Scores, held.Range)}```\n");
            text.Append(CultureInfo.InvariantCulture, $"\nWith every heading blanked: macro-F1 {RoleFigures.Number(held.WithoutHeadings.Macro)}, micro-F1 {RoleFigures.Number(held.WithoutHeadings.Micro)}.\n");
            if (held.Kinds.Count > 0)
                text.Append("\n| kind | articles | sentences | macro-F1 | micro-F1 |\n|---|---|---|---|---|\n");
            foreach (var (kind, scores) in held.Kinds)
                Row(text, kind, scores);
        }

        text.Append("\n## By kind of article (out of fold)\n\n| kind | articles | sentences | macro-F1 | micro-F1 |\n|---|---|---|---|---|\n");
        foreach (var (kind, scores) in Parts())
            Row(text, kind, scores);
        if (Ablations.Count > 0)
        {
            text.Append("\n## What each part gives (out of fold)\n\n| without | macro-F1 | micro-F1 |\n|---|---|---|\n");
            foreach (var a in Ablations)
                text.Append(CultureInfo.InvariantCulture, $"| {a.Without} | {RoleFigures.Number(a.Macro)} | {RoleFigures.Number(a.Micro)} |\n");
        }

        if (LearningCurve.Count > 0)
        {
            text.Append("\n## Learning curve (first fold held out)\n\n| articles | sentences | macro-F1 | micro-F1 |\n|---|---|---|---|\n");
            foreach (var p in LearningCurve)
                text.Append(CultureInfo.InvariantCulture, $"| {p.Articles} | {p.Sentences} | {RoleFigures.Number(p.Macro)} | {RoleFigures.Number(p.Micro)} |\n");
        }

        if (Comparison is { } c)
            text.Append(CultureInfo.InvariantCulture, $"\n## Against the baseline\n\n{RoleFigures.Text(c, "the baseline", "this model")}.\n");
        Table(text, "Wrong with most confidence (out of fold)", ConfidentErrors());
        Table(text, "Labels to look at again", SuspectedLabels());
        return text.ToString();
    }

    private static void Row(StringBuilder text, string kind, RoleScores scores) =>
        text.Append(CultureInfo.InvariantCulture, $"| {kind} | {scores.Articles} | {scores.Sentences} | {RoleFigures.Number(scores.Macro)} | {RoleFigures.Number(scores.Micro)} |\n");

    private static void Table(StringBuilder text, string title, IEnumerable<Remark> remarks)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n| article | sentence | role | predicted | confidence |\n|---|---|---|---|---|\n");
        foreach (var r in remarks.Take(20))
            text.Append(CultureInfo.InvariantCulture, $"| {r.Article} | {r.Sentence} | {r.Role} | {r.Predicted} | {RoleFigures.Number(r.Confidence)} |\n");
    }

    private IEnumerable<(string Kind, RoleScores Scores)> Parts()
    {
        foreach (var part in RoleFigures.ByKind(Labels, Articles, Predictions))
            yield return part;
        foreach (var (name, wanted) in ((string, bool)[])[("with headings", true), ("without headings", false)])
        {
            var part = Predictions.Where(p => Articles[p.Article].HasHeadings == wanted).ToList();
            if (part.Count > 0)
                yield return (name, RoleScores.Of(Labels, part));
        }
    }

    private static JsonObject Kinds(IEnumerable<(string Kind, RoleScores Scores)> kinds) => new(kinds.Select(k => KeyValuePair.Create<string, JsonNode?>(
        k.Kind, new JsonObject { ["sentences"] = k.Scores.Sentences, ["macro_f1"] = RoleFigures.Round(k.Scores.Macro), ["micro_f1"] = RoleFigures.Round(k.Scores.Micro) })));

    private static JsonArray Json(IEnumerable<Remark> remarks) => new([.. remarks.Take(100).Select(r => (JsonNode)new JsonObject
    {
        ["article"] = r.Article,
        ["sentence"] = r.Sentence,
        ["file"] = Path.GetFileName(r.Path),
        ["line"] = r.Line,
        ["role"] = r.Role,
        ["predicted"] = r.Predicted,
        ["confidence"] = RoleFigures.Round(r.Confidence),
    })]);

    private IEnumerable<Remark> Remarks()
    {
        foreach (var p in Predictions)
        {
            if (p.Gold == p.Predicted)
                continue;
            var article = Articles[p.Article];
            yield return new Remark(
                article.Id, article.SentenceIds[p.Sentence], article.Path, article.Lines.Count > 0 ? article.Lines[p.Sentence] : 0,
                Labels[p.Gold], Labels[p.Predicted], p.Confidence, Trained.OutOfFold[p.Article][(p.Sentence * Labels.Count) + p.Gold]);
        }
    }

    private int IndexOf(string label) => ((List<string>)[.. Labels]).IndexOf(label);

    private static string Hash(string file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in LentTexts.Files(file))
            hash.AppendData(File.ReadAllBytes(part));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
