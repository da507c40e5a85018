using System.Globalization;
using Microsoft.ML.Data;
using Pipeline.Classifying;
using Pipeline.Segmenting;

namespace Pipeline.Training;

/// <summary>What training gave.</summary>
/// <param name="Model">The model, trained on all articles.</param>
/// <param name="OutOfFold">
/// For each article, the calibrated probabilities of its sentences (labels in the model's order) from models that had
/// not seen the article.
/// </param>
/// <param name="Folds">The fold of each article.</param>
/// <param name="SequenceL2">The strength of the sequence layer's penalty that was chosen.</param>
internal sealed record TrainedRoles(RoleModel Model, IReadOnlyList<double[]> OutOfFold, IReadOnlyList<int> Folds, double SequenceL2);

/// <summary>
/// Trains a role model: the first stage and the nets in folds, the sequence layer on the out-of-fold answers, then both
/// once more on everything. The same articles and options give the same model, for any number of threads.
/// </summary>
internal sealed class RoleTrainer(RoleTrainingOptions options)
{
    // The fold of articles that measure nothing.
    private const int Taught = -2;

    // A smaller share of a label teaches nothing and costs a row.
    private const float LeastShare = 0.1f;

    private static readonly double[] Shares = [0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

    /// <summary>Trains.</summary>
    /// <param name="articles">At least two groups of articles with at least two labels.</param>
    /// <param name="taught">
    /// Articles that teach only: those that a stronger model labelled (<see cref="LabelledArticle.Shares"/>), and with an encoder
    /// those that it was trained on. First stage and nets learn from them in every fold; they measure nothing, and the encoder's head, the
    /// sequence layer and the calibration do not see them.
    /// </param>
    /// <param name="told">Gets a line when a step is done, from any thread.</param>
    /// <param name="stop">Stops between steps.</param>
    /// <exception cref="UserFileException">There are too many labels.</exception>
    public TrainedRoles Train(
        IReadOnlyList<LabelledArticle> articles, IReadOnlyList<LabelledArticle>? taught = null, Action<string>? told = null,
        CancellationToken stop = default)
    {
        LabelChecks.MustBeFew(articles);
        List<LabelledArticle> all = [.. articles, .. taught ?? []];
        string[] labels = [.. all.Where(a => a.Shares is null).SelectMany(a => a.Roles).Distinct().Order(StringComparer.Ordinal)];
        var versions = Versions(all);
        var table = FeatureTable.Build([.. versions.Select(v => (v.Number, v.Article))], options.Features, options.Fewest(all.Count), options.RarityPower);
        told?.Invoke($"{table.Columns.Count} rows, {table.Keys.Length} features");
        var starts = Starts(versions);
        var gold = articles.Select(a => a.Roles.Select(r => Array.IndexOf(labels, r)).ToArray()).ToArray();
        var targets = all.Select(a => a.Targets(labels)).ToArray();
        var foldCount = Math.Min(options.Folds, articles.Select(a => a.Group).Distinct().Count());
        int[] folds = [.. Folds.Assign(articles, foldCount), .. Enumerable.Repeat(Taught, all.Count - articles.Count)];

        var logs = new double[versions.Count][];
        FirstStage.Weights? whole = null;
        Parallel.For(0, foldCount + 1, new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = stop }, k =>
        {
            // The whole comes first, for it takes longest.
            var fold = k - 1;
            var rows = Rows(all, versions, starts, table, targets, labels.Length, v => folds[v.Number] != fold);
            var weights = FirstStage.Train(rows, table.Keys.Length, labels.Length, options.L2, options.Iterations);
            if (fold < 0)
            {
                whole = weights;
                return;
            }

            for (var v = 0; v < versions.Count; v++)
            {
                if (folds[versions[v].Number] == fold)
                    logs[v] = Score(weights, table, starts[v], versions[v].Article.Sentences.Count, labels.Length);
            }
        });
        told?.Invoke($"first stage trained in {foldCount} folds and on the whole");
        var nets = options.Nets > 0 ? TrainNets(all, versions, starts, table, targets, folds, foldCount, labels.Length, logs, told, stop) : null;
        if (nets is not null)
            told?.Invoke($"{options.Nets} nets trained in {foldCount} folds and on the whole");

        var head = options.Encoder is { } encoder ? TrainHead(encoder, all, versions, targets, folds, foldCount, labels.Length, logs, stop) : null;
        if (head is not null)
            told?.Invoke(string.Create(CultureInfo.InvariantCulture, $"encoder's head trained; its share is {head.Share}"));
        versions.RemoveAll(v => folds[v.Number] == Taught);
        var examples = Examples(versions, logs, gold, labels.Length);
        var (raw, l2) = CrossFit(examples, folds, foldCount, labels.Length, stop);
        var (outOfFold, calibration) = Calibrate(articles, versions, examples, raw, labels.Length);
        var sequence = TrainSequence(examples, labels.Length, l2);
        told?.Invoke("sequence layer trained and calibrated");

        var model = Compile(labels, table, whole!, new SequenceLayer(labels.Length, sequence, calibration) { Nets = nets }, head, all);
        return new TrainedRoles(model, outOfFold, folds[..articles.Count], l2);
    }

    private List<Version> Versions(List<LabelledArticle> articles)
    {
        var versions = new List<Version>();
        for (var a = 0; a < articles.Count; a++)
        {
            var article = articles[a];
            var paragraphs = article.Article.Sentences.Any(s => s.Paragraph > 0);
            var worse = options.Degrade && article.Shares is null && (article.HasHeadings || paragraphs);
            versions.Add(new Version(a, article.Article, (worse ? 1 - options.DegradedShare : 1) * article.Weight));
            if (!worse)
                continue;
            // Which of the two goes is drawn from the article's own wording.
            var draw = (article.Fingerprint() >> 20) % 3;
            var noHeadings = article.HasHeadings && draw != 0;
            var noParagraphs = paragraphs && (draw != 1 || !article.HasHeadings);
            versions.Add(new Version(a, article.Without(noHeadings, noParagraphs), options.DegradedShare * article.Weight));
        }

        return versions;
    }

    private static int[] Starts(List<Version> versions)
    {
        var starts = new int[versions.Count];
        for (var v = 1; v < starts.Length; v++)
            starts[v] = starts[v - 1] + versions[v - 1].Article.Sentences.Count;
        return starts;
    }

    /// <summary>Trains the nets and mixes their out-of-fold answers into the first stage's.</summary>
    private ContextNet TrainNets(
        List<LabelledArticle> articles, List<Version> versions, int[] starts, FeatureTable table, float[][] targets, int[] folds,
        int foldCount, int labels, double[][] logs, Action<string>? told, CancellationToken stop)
    {
        var scan = new ArticleScan();
        var examples = versions.Select((v, i) => ContextNetTrainer.See(
            v.Article, starts[i], targets[v.Number], labels, v.Weight, articles[v.Number].SentenceWeights, scan)).ToArray();
        var (rowOf, rows) = ContextNetTrainer.Choose(table, options.FewestOfNets(articles.Count));
        var members = new ContextNetTrainer.Member[options.Nets];
        var answers = new double[options.Nets][][];
        for (var m = 0; m < answers.Length; m++)
            answers[m] = new double[versions.Count][];
        var done = 0;
        Parallel.For(0, (foldCount + 1) * options.Nets, new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = stop }, k =>
        {
            var (fold, member) = ((k / options.Nets) - 1, k % options.Nets);
            var seen = examples.Where((_, v) => folds[versions[v].Number] != fold).ToList();
            var trained = ContextNetTrainer.Train(table, rowOf, rows, seen, labels, (uint)member + 1, stop);
            told?.Invoke($"net {Interlocked.Increment(ref done)} of {(foldCount + 1) * options.Nets} trained");
            if (fold < 0)
            {
                members[member] = trained;
                return;
            }

            var pass = new NetPass();
            for (var v = 0; v < versions.Count; v++)
            {
                if (folds[versions[v].Number] != fold)
                    continue;
                answers[member][v] = new double[logs[v].Length];
                ContextNetTrainer.AddAnswers(trained, table, rowOf, examples[v], pass, labels, 1.0 / options.Nets, answers[member][v]);
            }
        });
        for (var v = 0; v < versions.Count; v++)
        {
            if (folds[versions[v].Number] == Taught)
                continue;
            var sum = new double[logs[v].Length];
            foreach (var answer in answers)
            {
                for (var i = 0; i < sum.Length; i++)
                    sum[i] += answer[v][i];
            }

            ContextNet.Blend(sum, labels, logs[v]);
        }

        return ContextNetTrainer.Join(members, table, rowOf, labels);
    }

    /// <summary>
    /// Trains a linear classifier over the encoder's numbers, on articles that taught the encoder nothing, in folds and on the whole, chooses its share by the likelihood of the
    /// labels out of fold, and mixes its out-of-fold answers into the others.
    /// </summary>
    private EncoderHead TrainHead(
        ISentenceEncoder encoder, List<LabelledArticle> articles, List<Version> versions, float[][] targets, int[] folds,
        int foldCount, int labels, double[][] logs, CancellationToken stop)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = stop };
        var vectors = new float[versions.Count][];
        Parallel.For(0, versions.Count, parallel, v => vectors[v] = folds[versions[v].Number] == Taught ? [] : encoder.Encode(versions[v].Article));
        var heads = new EncoderHead[foldCount + 1];
        Parallel.For(0, foldCount + 1, parallel, k =>
        {
            var rows = new List<FirstStage.Row>();
            for (var v = 0; v < versions.Count; v++)
            {
                var version = versions[v];
                for (var s = 0; s < vectors[v].Length / encoder.Width && folds[version.Number] != k - 1; s++)
                {
                    var features = new VBuffer<float>(encoder.Width, vectors[v][(s * encoder.Width)..((s + 1) * encoder.Width)]);
                    for (var l = 0; l < labels; l++)
                    {
                        if (targets[version.Number][(s * labels) + l] is var share && share >= LeastShare)
                            rows.Add(new FirstStage.Row { Label = (uint)l, Weight = version.Weight * share, Features = features });
                    }
                }
            }

            var weights = FirstStage.Train(rows, encoder.Width, labels, options.HeadL2, options.Iterations);
            heads[k] = new EncoderHead(encoder.Sha256, weights.ByColumn, weights.Biases, 0);
        });

        var answers = new double[versions.Count][];
        var losses = new double[Shares.Length];
        Span<double> mixed = stackalloc double[labels];
        for (var v = 0; v < versions.Count; v++)
        {
            var fold = folds[versions[v].Number];
            if (fold == Taught)
                continue;
            answers[v] = new double[logs[v].Length];
            for (var s = 0; s < logs[v].Length; s += labels)
            {
                heads[fold + 1].Answer(vectors[v].AsSpan(s / labels * encoder.Width, encoder.Width), answers[v].AsSpan(s, labels));
                for (var c = 0; c < losses.Length; c++)
                {
                    logs[v].AsSpan(s, labels).CopyTo(mixed);
                    EncoderHead.Mix(answers[v].AsSpan(s, labels), Shares[c], mixed);
                    for (var l = 0; l < labels; l++)
                        losses[c] -= versions[v].Weight * targets[versions[v].Number][s + l] * mixed[l];
                }
            }
        }

        var best = Shares[Array.IndexOf(losses, losses.Min())];
        for (var v = 0; v < versions.Count; v++)
        {
            for (var s = 0; s < (answers[v]?.Length ?? 0); s += labels)
                EncoderHead.Mix(answers[v].AsSpan(s, labels), best, logs[v].AsSpan(s, labels));
        }

        return heads[0] with { Share = best };
    }

    private static List<FirstStage.Row> Rows(
        List<LabelledArticle> articles, List<Version> versions, int[] starts, FeatureTable table, float[][] targets, int labels,
        Func<Version, bool> wanted)
    {
        var rows = new List<FirstStage.Row>();
        for (var v = 0; v < versions.Count; v++)
        {
            var version = versions[v];
            if (!wanted(version))
                continue;
            for (var s = 0; s < version.Article.Sentences.Count; s++)
            {
                var row = starts[v] + s;
                var weight = version.Weight * (articles[version.Number].SentenceWeights is { Count: > 0 } weights ? weights[s] : 1);
                for (var l = 0; l < labels; l++)
                {
                    var share = targets[version.Number][(s * labels) + l];
                    if (share < LeastShare)
                        continue;
                    rows.Add(new FirstStage.Row
                    {
                        Label = (uint)l,
                        Weight = weight * share,
                        Features = new VBuffer<float>(table.Keys.Length, table.Columns[row].Length, table.Values[row], table.Columns[row]),
                    });
                }
            }
        }

        return rows;
    }

    private static double[] Score(FirstStage.Weights weights, FeatureTable table, int start, int count, int labels)
    {
        var logs = new double[count * labels];
        var scores = new float[labels];
        for (var s = 0; s < count; s++)
        {
            weights.Biases.CopyTo(scores, 0);
            var columns = table.Columns[start + s];
            var values = table.Values[start + s];
            for (var i = 0; i < columns.Length; i++)
            {
                for (var l = 0; l < labels; l++)
                    scores[l] += values[i] * weights.ByColumn[(columns[i] * labels) + l];
            }

            Softmax.Logs(scores, logs.AsSpan(s * labels, labels));
        }

        return logs;
    }

    private static List<(Version Version, SequenceTrainer.Example Example)> Examples(
        List<Version> versions, double[][] logs, int[][] gold, int labels)
    {
        var scan = new ArticleScan();
        var examples = new List<(Version, SequenceTrainer.Example)>();
        for (var v = 0; v < versions.Count; v++)
        {
            scan.Load(versions[v].Article, CueLexicon.Default);
            var (features, steps) = SequenceLayer.See(logs[v], labels, scan);
            examples.Add((versions[v], new SequenceTrainer.Example(features, steps, gold[versions[v].Number], versions[v].Weight)));
        }

        return examples;
    }

    private double[] TrainSequence(IEnumerable<(Version Version, SequenceTrainer.Example Example)> examples, int labels, double l2) =>
        options.Sequence
            ? SequenceTrainer.Train([.. examples.Select(e => e.Example)], labels, l2)
            : SequenceTrainer.Neutral(labels);

    /// <summary>The answers of sequence layers that did not see the article, with the penalty under which they are best.</summary>
    private (double[][] Raw, double L2) CrossFit(
        List<(Version Version, SequenceTrainer.Example Example)> examples, int[] folds, int foldCount, int labels, CancellationToken stop)
    {
        var choices = options.Sequence ? options.SequenceL2 : [options.SequenceL2[0]];
        var raws = new double[choices.Count][][];
        for (var c = 0; c < raws.Length; c++)
            raws[c] = new double[examples.Count][];
        Parallel.For(0, foldCount * choices.Count, new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = stop }, k =>
        {
            var (choice, fold) = (k / foldCount, k % foldCount);
            var weights = TrainSequence(examples.Where(e => folds[e.Version.Number] != fold), labels, choices[choice]);
            var layer = new SequenceLayer(labels, weights, RoleCalibration.None(labels));
            for (var v = 0; v < examples.Count; v++)
            {
                var (version, example) = examples[v];
                if (folds[version.Number] != fold)
                    continue;
                raws[choice][v] = new double[example.Labels.Length * labels];
                layer.Decode(example.Features, example.Steps, raws[choice][v]);
            }
        });
        var losses = Array.ConvertAll(raws, raw =>
        {
            var weighted = Weighted(raw, examples);
            return Calibration.Loss(weighted, labels, Calibration.Temperature(weighted, labels));
        });
        var best = Array.IndexOf(losses, losses.Min());
        return (raws[best], choices[best]);
    }

    private static List<(double[] Probabilities, int[] Gold, double Weight)> Weighted(
        double[][] raw, List<(Version Version, SequenceTrainer.Example Example)> examples) =>
        [.. raw.Select((p, v) => (p, examples[v].Example.Labels, (double)examples[v].Version.Weight))];

    private (double[][] OutOfFold, RoleCalibration Calibration) Calibrate(
        IReadOnlyList<LabelledArticle> articles, List<Version> versions, List<(Version Version, SequenceTrainer.Example Example)> examples,
        double[][] raw, int labels)
    {
        var temperature = Calibration.Temperature(Weighted(raw, examples), labels);
        var priors = new double[labels];
        var all = examples.Sum(e => e.Example.Labels.Length);
        foreach (var (_, example) in examples)
        {
            foreach (var label in example.Labels)
                priors[label] += 1.0 / all;
        }

        var outOfFold = new double[articles.Count][];
        for (var v = versions.Count - 1; v >= 0; v--)
            outOfFold[versions[v].Number] = raw[v];
        var gold = new int[articles.Count][];
        for (var v = 0; v < versions.Count; v++)
            gold[versions[v].Number] = examples[v].Example.Labels;
        var rarity = options.RaiseRare ? Calibration.Rarity([.. outOfFold.Zip(gold, articles.Select(a => a.Path))], labels, temperature, priors) : 0;
        var calibration = new RoleCalibration(temperature, rarity, priors);
        foreach (var probabilities in outOfFold)
            calibration.Apply(probabilities);
        return (outOfFold, calibration);
    }

    /// <summary>Leaves out features that say nothing.</summary>
    private RoleModel Compile(
        string[] labels, FeatureTable table, FirstStage.Weights weights, SequenceLayer sequence, EncoderHead? head,
        List<LabelledArticle> articles)
    {
        const float Nothing = 2e-4f;
        var count = labels.Length;
        var plain = table.ForPlainValues(weights.ByColumn);
        var keys = new List<uint>();
        var kept = new List<float>();
        for (var c = 0; c < table.Keys.Length; c++)
        {
            var row = plain.AsSpan(c * count, count);
            if (!row.ContainsAnyExceptInRange(-Nothing, Nothing))
                continue;
            keys.Add(table.Keys[c]);
            kept.AddRange(row);
        }

        ulong[] seen = [.. articles.Where(a => a.Shares is null).Select(a => a.Fingerprint()).Distinct().Order()];
        return new RoleModel(labels, options.Features, [.. keys], [.. kept], weights.Biases, sequence, seen) { Head = head };
    }

    private readonly record struct Version(int Number, SegmentedArticle Article, float Weight);
}
