using System.CommandLine;
using System.Globalization;
using System.Reflection;
using Pipeline.Classifying;
using Pipeline.Evaluating;
using Pipeline.Training;

namespace Pipeline.Cli;

/// <summary><c>pipeline train roles LABELS.csv... --out MODEL</c></summary>
internal static class TrainRolesCommand
{
    private static readonly Argument<string[]> Labels = new("LABELS")
    {
        Arity = ArgumentArity.OneOrMore,
        Description = "Labels CSV (article_id, sentence_id, section, text, role; also used if present: paragraph, title, kind, subject, "
            + "split, weight: how much the article counts). Rows whose split is held-out or test only measure. Also read as published: CSAbstruct .jsonl, NICTA-PIBOSO .txt, "
            + "NewsDiscourse .zip; beside a labels CSV without text, the .zip, a folder of TimeML .tml or a CoNLL-2003 .train lends its texts.",
    };

    private static readonly Option<string> Out = new("--out")
    {
        Required = true,
        Description = "The model file to write; its card goes beside it, with .md and .json added.",
        HelpName = "MODEL",
    };

    private static readonly Option<string[]> HeldOut = new("--held-out")
    {
        Description = "Labels that only measure: the figures of the card, and the comparison with --baseline.",
        HelpName = "LABELS",
        AllowMultipleArgumentsPerToken = false,
    };

    private static readonly Option<string[]> TaughtBy = new("--taught")
    {
        Description = "Output folder of extract (best with --accurate) as CSV: the model also learns from the probabilities of its sentences. "
            + "They measure nothing.",
        HelpName = "DIR",
        AllowMultipleArgumentsPerToken = false,
    };

    private static readonly Option<string?> Export = new("--export")
    {
        Description = "Only write the labelled articles to this file as JSON lines, for fine-tuning an encoder (src/Pipeline.Encoder/Training/README.md).",
        HelpName = "FILE.jsonl",
    };

    private static readonly Option<float> TaughtWeight = new("--taught-weight") { Description = "How much an article of --taught counts.", DefaultValueFactory = _ => 0.3f, HelpName = "X" };

    private static readonly Option<bool> Accurate = new("--accurate")
    {
        Description = "Train a model for extract --accurate: it also reads by the encoder that comes with the program. Articles that the encoder was trained on teach, but measure nothing.",
    };

    private static readonly Option<string?> Baseline = new("--baseline")
    {
        Description = "The model to beat on articles that neither has seen; if it is better, nothing is written.",
        HelpName = "MODEL",
    };

    private static readonly Option<bool> Force = new("--force") { Description = "Write the model even if the baseline is better." };
    private static readonly Option<bool> Curve = new("--learning-curve") { Description = "Also train on parts of the labels: what would more labels give?" };
    private static readonly Option<bool> Ablation = new("--ablation") { Description = "Also train without each family of features: what does each give?" };
    private static readonly Option<int> FoldCount = new("--folds") { Description = "Folds of the cross-validation, 2 to 20.", DefaultValueFactory = _ => 5, HelpName = "K" };
    private static readonly Option<float> L2 = new("--l2") { Description = "Strength of the penalty on weights.", DefaultValueFactory = _ => new RoleTrainingOptions().L2, HelpName = "X" };

    private static readonly Option<string[]> Without = new Option<string[]>("--without")
    {
        Description = "Families of features to leave out (see --ablation for what each gives): fewer make classifying faster.",
        HelpName = "FAMILY",
        AllowMultipleArgumentsPerToken = true,
    }.AcceptOnlyFromAmong([.. FeatureSettings.Names.Keys]);

    private static readonly Option<int> Threads = new("--threads") { Description = "Folds trained at a time; the model does not depend on it.", DefaultValueFactory = _ => Environment.ProcessorCount, HelpName = "N" };
    private static readonly Option<bool> Quiet = new("--quiet") { Description = "No progress." };

    public static Command Create()
    {
        var command = new Command("roles", "Trains the role classifier, for any set of labels; reports cross-validated figures and writes a card.");
        command.Arguments.Add(Labels);
        foreach (var option in (Option[])[Out, HeldOut, Accurate, TaughtBy, TaughtWeight, Export, Baseline, Force, Curve, Ablation, FoldCount, L2, Without, Threads, Quiet])
            command.Options.Add(option);
        command.SetAction((parsed, stop) => Task.FromResult(Run(parsed, stop)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        var terminal = new Terminal(parsed.GetValue(Quiet));
        var files = parsed.GetRequiredValue(Labels);
        var path = parsed.GetRequiredValue(Out);
        var options = Options(parsed);
        var baseline = parsed.GetValue(Baseline) is { } old ? Models.LoadRoles(old) : null;
        CheckFolder(path);
        if (parsed.GetValue(Accurate))
            options = options with { Encoder = Models.LoadEncoder(Path.GetDirectoryName(Path.GetFullPath(path))!) };

        var heldFiles = parsed.GetValue(HeldOut) ?? [];
        var read = LabelFormats.Read(files);
        var articles = read.Where(a => !a.HeldOut).ToList();
        var held = read.Where(a => a.HeldOut).Concat(heldFiles.Length > 0 ? LabelFormats.Read(heldFiles, files) : []).ToList();
        if (articles.Count == 0)
            throw new UserFileException(files[0], 0, "every row is held out; nothing is left to train on");
        if (parsed.GetValue(Export) is { } export)
        {
            ArticleExport.Write(export, articles, held);
            terminal.Say($"wrote {articles.Count + held.Count} articles to {export}");
            return ExitCode.Done;
        }

        var warnings = LabelChecks.Check(articles);
        foreach (var warning in warnings)
            terminal.Say($"note: {warning}");
        var taught = TaughtArticles.Read(parsed.GetValue(TaughtBy) ?? [], parsed.GetValue(TaughtWeight));
        var known = articles.Select(a => a.Fingerprint()).ToHashSet();
        if (held.RemoveAll(a => known.Contains(a.Fingerprint())) is > 0 and var both)
            terminal.Say($"note: {both} held-out articles are in the training labels too and are left out of the held-out figures");

        known.UnionWith(held.Select(a => a.Fingerprint()));
        taught.RemoveAll(a => known.Contains(a.Fingerprint()));
        if (options.Encoder is { } encoder)
            articles = Unseen(articles, encoder, files[0], taught, terminal);
        var trained = new RoleTrainer(options).Train(articles, taught, terminal.Say, stop);
        var report = Report(Remembered(files, heldFiles, parsed.GetValue(TaughtBy) ?? [], parsed.GetValue(TaughtWeight), path, options), files, articles, options, trained, warnings);
        if (held.Count > 0)
            report.HeldOut = Measure(trained.Model, options.Encoder, held);
        if (baseline is not null)
            report.Comparison = Compare(baseline, parsed.GetValue(Baseline)!, report, held);
        if (parsed.GetValue(Curve))
            report.LearningCurve = RoleStudies.LearningCurve(options, articles, taught, trained.Folds, terminal.Say, stop);
        if (parsed.GetValue(Ablation))
            report.Ablations = RoleStudies.Ablate(options, articles, taught, terminal.Say, stop);
        Print(report);

        if (report.Comparison is { Difference: < 0 } && !parsed.GetValue(Force))
        {
            Console.Error.WriteLine($"pipeline: the baseline {parsed.GetValue(Baseline)} is better (see above), so {path} is not written; --force writes it all the same");
            return ExitCode.Failed;
        }

        Write(path, trained.Model, report);
        terminal.Say($"wrote {path}, {path}.md and {path}.json");
        return ExitCode.Done;
    }

    /// <summary>Moves the articles that the encoder was trained on to those that teach only.</summary>
    private static List<LabelledArticle> Unseen(
        List<LabelledArticle> articles, ISentenceEncoder encoder, string path, List<LabelledArticle> taught, Terminal terminal)
    {
        var bySeen = articles.ToLookup(a => encoder.SeenArticles.BinarySearch(a.Fingerprint()) >= 0);
        var unseen = bySeen[false].ToList();
        if (unseen.Count == articles.Count)
            return unseen;
        if (unseen.Select(a => a.Group).Distinct(StringComparer.Ordinal).Count() < 2)
            throw new UserFileException(path, 0, "the encoder was trained on all of these articles but one, so nothing can measure the model; add articles of your own");
        terminal.Say($"note: {articles.Count - unseen.Count} articles taught the encoder; they teach this model and measure nothing");
        taught.AddRange(bySeen[true]);
        return unseen;
    }

    private static RoleTrainingOptions Options(ParseResult parsed)
    {
        var folds = parsed.GetValue(FoldCount);
        if (folds is < 2 or > 20)
            throw new UsageException($"--folds {folds}: choose 2 to 20");
        var l2 = parsed.GetValue(L2);
        if (!(l2 >= 0 && l2 <= 1000))
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--l2 {l2}: choose 0 to 1000"));
        var threads = parsed.GetValue(Threads);
        if (threads < 1)
            throw new UsageException($"--threads {threads}: choose at least 1");
        var families = (parsed.GetValue(Without) ?? []).Aggregate(FeatureFamilies.All, (all, name) => all & ~FeatureSettings.Names[name]);
        if (families == FeatureFamilies.None)
            throw new UsageException("--without: leave at least one family in");
        return new RoleTrainingOptions { Folds = folds, L2 = l2, Threads = threads, Features = new FeatureSettings(families) };
    }

    private static void CheckFolder(string path)
    {
        if (Directory.Exists(path))
            throw new UsageException($"--out {path}: this is a folder; name a file");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new UsageException($"--out {path}: there is no folder {folder}; create it first");
    }

    /// <summary>What makes the same model again; the threads and the studies do not matter to it.</summary>
    private static string Remembered(
        string[] files, string[] heldFiles, string[] taughtBy, float taughtWeight, string path, RoleTrainingOptions options)
    {
        var usual = new RoleTrainingOptions();
        return string.Join(' ', [
            "pipeline train roles", .. options.Encoder is null ? (string[])[] : ["--accurate"], .. files.Select(Quoted), .. heldFiles.Select(h => "--held-out " + Quoted(h)),
            .. taughtBy.Select(t => "--taught " + Quoted(t)),
            .. taughtBy.Length > 0 ? [string.Create(CultureInfo.InvariantCulture, $"--taught-weight {taughtWeight}")] : (string[])[],
            .. options.Folds == usual.Folds ? (string[])[] : [string.Create(CultureInfo.InvariantCulture, $"--folds {options.Folds}")],
            .. options.L2 == usual.L2 ? (string[])[] : [string.Create(CultureInfo.InvariantCulture, $"--l2 {options.L2}")],
            .. FeatureSettings.Names.Where(f => (options.Features.Families & f.Value) == 0).Select(f => "--without " + f.Key),
            "--out " + Quoted(path)]);

        static string Quoted(string file) => file.Contains(' ', StringComparison.Ordinal) ? $"\"{file}\"" : file;
    }

    private static RoleTrainingReport Report(
        string command, string[] files, List<LabelledArticle> articles, RoleTrainingOptions options, TrainedRoles trained, IReadOnlyList<string> warnings)
    {
        var labels = trained.Model.Labels;
        var predictions = RoleEvaluator.FromProbabilities(trained.OutOfFold, labels, articles, labels);
        return new RoleTrainingReport
        {
            Command = command,
            Files = files,
            Version = typeof(RoleTrainer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "?",
            Articles = articles,
            Options = options,
            Trained = trained,
            Predictions = predictions,
            Scores = RoleScores.Of(labels, predictions),
            Range = Resampling.OfMacro(labels.Count, predictions),
            Warnings = warnings,
        };
    }

    private static HeldOutFigures Measure(RoleModel model, ISentenceEncoder? encoder, List<LabelledArticle> held)
    {
        var classifier = new RoleClassifier(model, encoder);
        var labels = RoleEvaluator.CommonLabels(model.Labels, held);
        if (labels.Count > model.Labels.Count)
        {
            var unknown = labels.Except(model.Labels).First();
            throw new UserFileException(held.First(a => a.Roles.Contains(unknown)).Path, 0, $"the held-out labels have the role \"{unknown}\", the training labels have none");
        }

        var predictions = RoleEvaluator.Predict(classifier, held, labels);
        return new HeldOutFigures(
            RoleScores.Of(labels, predictions),
            Resampling.OfMacro(labels.Count, predictions),
            RoleScores.Of(labels, RoleEvaluator.Predict(classifier, held, labels, withoutHeadings: true)),
            RoleFigures.ByKind(labels, held, predictions));
    }

    /// <summary>On held-out articles, else out of fold on those that the baseline was not trained on.</summary>
    private static RoleComparison Compare(RoleClassifier baseline, string name, RoleTrainingReport report, List<LabelledArticle> held)
    {
        var seen = baseline.Model.SeenArticles.ToHashSet();
        var labels = RoleEvaluator.CommonLabels(report.Labels.Concat(baseline.Labels), report.Articles.Concat(held));
        List<LabelledArticle> fresh;
        List<RolePrediction> candidate;
        if (held.Count > 0)
        {
            fresh = [.. held.Where(a => !seen.Contains(a.Fingerprint()))];
            candidate = RoleEvaluator.Predict(new RoleClassifier(report.Trained.Model, report.Options.Encoder), fresh, labels);
        }
        else
        {
            var numbers = Enumerable.Range(0, report.Articles.Count).Where(a => !seen.Contains(report.Articles[a].Fingerprint())).ToList();
            fresh = [.. numbers.Select(a => report.Articles[a])];
            candidate = RoleEvaluator.FromProbabilities([.. numbers.Select(a => report.Trained.OutOfFold[a])], report.Labels, fresh, labels);
        }

        if (fresh.Count == 0)
            throw new UserFileException(name, 0, "the baseline was trained on every article at hand, so nothing can test it fairly; give labels that neither has seen with --held-out");
        return Resampling.Compare(labels.Count, RoleEvaluator.Predict(baseline, fresh, labels), candidate);
    }

    private static void Print(RoleTrainingReport report)
    {
        Console.WriteLine($"Cross-validation, out of fold ({report.Options.Folds} folds by article and subject)\n");
        Console.WriteLine(RoleFigures.Text(report.Labels, report.Scores, report.Range));
        foreach (var (kind, scores) in RoleFigures.ByKind(report.Labels, report.Articles, report.Predictions))
            Console.WriteLine($"{kind,-24} macro-F1 {RoleFigures.Number(scores.Macro)}  micro-F1 {RoleFigures.Number(scores.Micro)}  sentences {scores.Sentences}");
        if (report.HeldOut is { } held)
        {
            Console.WriteLine("\nHeld-out articles\n");
            Console.WriteLine(RoleFigures.Text(report.Labels, held.Scores, held.Range));
            Console.WriteLine($"headings blanked: macro-F1 {RoleFigures.Number(held.WithoutHeadings.Macro)}");
        }

        Print("Wrong with most confidence", report, report.ConfidentErrors());
        Print("Labels to look at again", report, report.SuspectedLabels());
        if (report.Comparison is { } comparison)
            Console.WriteLine($"\n{RoleFigures.Text(comparison, "the baseline", "this model")}");
    }

    private static void Print(string title, RoleTrainingReport report, IEnumerable<Remark> remarks)
    {
        var texts = report.Articles.ToDictionary(a => a.Id, StringComparer.Ordinal);
        Console.WriteLine($"\n{title}");
        foreach (var r in remarks.Take(10))
        {
            var article = texts[r.Article];
            var at = article.SentenceIds.ToList().IndexOf(r.Sentence);
            var text = article.Article.Sentences[at].Span.In(article.Article.Text).ToString();
            Console.WriteLine($"{r.Path}:{r.Line}: {r.Article} {r.Sentence}: {r.Role}, predicted {r.Predicted} {RoleFigures.Number(r.Confidence)}: {(text.Length > 90 ? text[..90] + "…" : text)}");
        }
    }

    private static void Write(string path, RoleModel model, RoleTrainingReport report)
    {
        try
        {
            File.WriteAllText(path + ".md", report.ToMarkdown(Path.GetFileName(path)));
            File.WriteAllText(path + ".json", report.ToJson());
            RoleModelFile.Write(path, model);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFileException(path, 0, $"the model cannot be written ({e.Message})", e);
        }
    }
}
