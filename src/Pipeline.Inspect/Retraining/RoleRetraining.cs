using Pipeline.Classifying;
using Pipeline.Evaluating;
using Pipeline.Inspect.Correcting;
using Pipeline.Inspect.Data;
using Pipeline.Training;
using Pipeline.Writing;

namespace Pipeline.Inspect.Retraining;

/// <summary>The old and the new model on the same labels; old is null where there is no old model.</summary>
/// <param name="On">Which labels.</param>
/// <param name="Labels">The labels, in the order of the figures.</param>
/// <param name="Old">The old model's figures.</param>
/// <param name="New">The new model's figures.</param>
internal sealed record Comparison(string On, IReadOnlyList<string> Labels, RoleScores? Old, RoleScores New);

/// <summary>A sentence of the output whose role the new model changes.</summary>
internal sealed record RoleChange(string Article, int Sentence, string Text, string Old, string New, double Confidence);

/// <summary>What a training gave; nothing of it is in use before it is promoted.</summary>
internal sealed record Retrained(
    string CandidatePath, int Articles, int Corrected, IReadOnlyList<Comparison> Comparisons, int Looked, int ChangeCount, IReadOnlyList<RoleChange> Changes);

/// <summary>
/// Trains the role model with the corrections added, one training at a time, beside the page. The only place of the page that
/// knows the trainer. Safe to share between threads.
/// </summary>
internal sealed class RoleRetraining(InspectOptions options, OutputStore store, CorrectionDesk desk, TimeProvider time) : IDisposable
{
    private const int MostSentences = 20_000;
    private const int MostChanges = 200;

    private readonly Lock gate = new();
    private readonly List<string> steps = [];
    private string? work;
    private CancellationTokenSource? running;

    /// <summary>Told after each step, from any thread.</summary>
    public event Action? Changed;

    public bool Running => running is not null;

    /// <summary>What has been done so far, a line a step.</summary>
    public IReadOnlyList<string> Steps
    {
        get
        {
            lock (gate)
                return [.. steps];
        }
    }

    /// <summary>Why the last training failed.</summary>
    public string? Problem { get; private set; }

    /// <summary>The last training's result, until it is promoted or thrown away.</summary>
    public Retrained? Result { get; private set; }

    public ModelShelf Shelf { get; } = new(options.Models, time);

    /// <summary>Labels that corrections are added to.</summary>
    public IReadOnlyList<string> BaseLabels => options.Labels;

    /// <summary>Begins, unless a training runs already.</summary>
    public Task StartAsync()
    {
        lock (gate)
        {
            if (running is not null)
                return Task.CompletedTask;
            running = new CancellationTokenSource();
            steps.Clear();
            Problem = null;
            Result = null;
        }

        var stop = running.Token;
        return Task.Run(() =>
        {
            try
            {
                Result = Train(stop);
            }
            catch (UserFileException e)
            {
                Problem = e.Message;
            }
            catch (OperationCanceledException)
            {
                Problem = "Stopped.";
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException or ArgumentException)
            {
                Problem = e.Message;
            }
            finally
            {
                running?.Dispose();
                running = null;
                Changed?.Invoke();
            }
        });
    }

    public void Stop() => running?.Cancel();

    /// <summary>Puts the new model in the old one's place; the old one goes onto the shelf.</summary>
    public void Promote()
    {
        if (Result is not { } result)
            return;
        Shelf.Promote(result.CandidatePath);
        Result = null;
        Say("The new model is in use for the next 'pipeline extract'; the old one is kept below.");
    }

    public void Dispose()
    {
        if (work is not null && Directory.Exists(work))
            Directory.Delete(work, recursive: true);
    }

    private Retrained Train(CancellationToken stop)
    {
        // A folder that only this user may look into.
        work ??= Directory.CreateTempSubdirectory("pipeline-inspect-").FullName;
        var corrected = Corrected(Path.Combine(work, "corrected.csv"));
        var ids = corrected.Select(a => a.Id).ToHashSet(StringComparer.Ordinal);
        var articles = LabelFormats.Read(options.Labels).Where(a => !a.HeldOut && !ids.Contains(a.Id)).Concat(corrected).ToList();
        if (articles.Select(a => a.Group).Distinct(StringComparer.Ordinal).Count() < 2 || articles.SelectMany(a => a.Roles).Distinct().Count() < 2)
            throw new UserFileException(options.Folder, 0, "training needs at least two articles and two roles; correct more, or add labels with --labels");
        Say($"{articles.Count} articles, {corrected.Count} of them corrected here");
        var trained = new RoleTrainer(new RoleTrainingOptions()).Train(articles, null, Say, stop);
        var candidate = Path.Combine(work, "roles.model");
        RoleModelFile.Write(candidate, trained.Model);
        var fresh = RoleClassifier.Load(candidate);
        var old = File.Exists(Shelf.Current) ? RoleClassifier.Load(Shelf.Current) : null;
        stop.ThrowIfCancellationRequested();

        var comparisons = new List<Comparison>();
        if (options.Gold is { } gold)
            comparisons.Add(Compare($"held-out labels ({Path.GetFileName(gold)}), which neither model was trained on", old, fresh, LabelFormats.Read([gold])));
        if (corrected.Count > 0)
            comparisons.Add(OutOfFold(trained, old, articles, corrected.Count));
        Say("compared");
        var (looked, changes) = Changes(fresh, stop);
        Say($"{looked} sentences of this output read again");
        return new Retrained(candidate, articles.Count, corrected.Count, comparisons, looked, changes.Count, [.. changes.OrderByDescending(c => c.Confidence).Take(MostChanges)]);
    }

    private List<LabelledArticle> Corrected(string path)
    {
        if (!desk.Live().Any(c => c.Kind == CorrectionKind.Role))
            return [];
        using (var table = new CsvTable())
        using (var stream = File.Create(path))
        {
            foreach (var part in CorrectedLabels.Write(store, desk, table))
                stream.Write(part);
        }

        return LabelsFile.Read([path]);
    }

    private static Comparison Compare(string on, RoleClassifier? old, RoleClassifier fresh, List<LabelledArticle> articles)
    {
        var labels = RoleEvaluator.CommonLabels(fresh.Labels.Concat(old?.Labels ?? []), articles);
        return new Comparison(
            on, labels,
            old is null ? null : RoleScores.Of(labels, RoleEvaluator.Predict(old, articles, labels)),
            RoleScores.Of(labels, RoleEvaluator.Predict(fresh, articles, labels)));
    }

    private static Comparison OutOfFold(TrainedRoles trained, RoleClassifier? old, List<LabelledArticle> articles, int count)
    {
        // The corrected articles stand last.
        var last = articles.GetRange(articles.Count - count, count);
        var labels = RoleEvaluator.CommonLabels(trained.Model.Labels.Concat(old?.Labels ?? []), last);
        var probabilities = trained.OutOfFold.Skip(articles.Count - count).ToList();
        var seen = old is null ? 0 : last.Count(article => old.Model.SeenArticles.Contains(article.Fingerprint()));
        return new Comparison(
            "the corrected articles (the new model cross-validated: each article by a model that had not seen it"
            + (seen > 0 ? $"; the old model was trained on {seen} of them, which flatters it)" : ")"), labels,
            old is null ? null : RoleScores.Of(labels, RoleEvaluator.Predict(old, last, labels)),
            RoleScores.Of(labels, RoleEvaluator.FromProbabilities(probabilities, trained.Model.Labels, last, labels)));
    }

    private (int Looked, List<RoleChange> Changes) Changes(RoleClassifier fresh, CancellationToken stop)
    {
        var changes = new List<RoleChange>();
        var looked = 0;
        foreach (var article in store.Query("SELECT article_id, title, sentences FROM articles ORDER BY n"))
        {
            stop.ThrowIfCancellationRequested();
            if (looked > 0 && looked + article.Whole("sentences") > MostSentences)
                break;
            var id = article.Text("article_id");
            var rows = store.Query("SELECT sentence_id, paragraph, section, text, role FROM sentences WHERE article_id = $a ORDER BY sentence_id", new Dictionary<string, object> { ["a"] = id });
            var cut = LabelledArticle.Cut(
                id, options.Folder, article.Text("title") is { Length: > 0 } title ? title : null,
                [.. rows.Select(row => (row.Text("text"), row.Text("section"), (int)row.Whole("paragraph")))]);
            var roles = fresh.Classify(cut);
            for (var s = 0; s < roles.Count && s < rows.Count; s++)
            {
                if (roles[s].Role != rows[s].Text("role"))
                    changes.Add(new RoleChange(id, (int)rows[s].Whole("sentence_id"), rows[s].Text("text"), rows[s].Text("role"), roles[s].Role, roles[s].Confidence));
            }

            looked += rows.Count;
        }

        return (looked, changes);
    }

    private void Say(string step)
    {
        lock (gate)
            steps.Add(step);
        Changed?.Invoke();
    }
}
