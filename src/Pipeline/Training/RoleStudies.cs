using Pipeline.Classifying;
using Pipeline.Evaluating;

namespace Pipeline.Training;

/// <summary>What more labels would give, and what each part of the classifier gives.</summary>
internal static class RoleStudies
{
    private static readonly int[] Percent = [12, 25, 50, 75, 100];

    /// <summary>Trains on growing parts of the articles and tests on the first fold.</summary>
    public static IReadOnlyList<LearningPoint> LearningCurve(
        RoleTrainingOptions options, IReadOnlyList<LabelledArticle> articles, IReadOnlyList<LabelledArticle> taught, IReadOnlyList<int> folds, Action<string>? told, CancellationToken stop)
    {
        var test = articles.Where((_, a) => folds[a] == 0).ToList();
        var groups = articles.Where((_, a) => folds[a] != 0).GroupBy(a => a.Group, StringComparer.Ordinal).OrderBy(g => g.First().Fingerprint()).ToList();
        var labels = RoleEvaluator.CommonLabels([], articles);
        var points = new List<LearningPoint>();
        foreach (var percent in Percent)
        {
            var part = groups.Take(Math.Max(2, groups.Count * percent / 100)).SelectMany(g => g).ToList();
            if (part.SelectMany(a => a.Roles).Distinct().Take(2).Count() < 2)
                continue;
            var model = new RoleTrainer(options).Train(part, taught, null, stop).Model;
            var scores = RoleScores.Of(labels, RoleEvaluator.Predict(new RoleClassifier(model, options.Encoder), test, labels));
            points.Add(new LearningPoint(part.Count, part.Sum(a => a.Roles.Count), scores.Macro, scores.Micro));
            told?.Invoke($"learning curve: {part.Count} articles, macro-F1 {RoleFigures.Number(scores.Macro)}");
        }

        return points;
    }

    /// <summary>Cross-validates with each family of features left out, and without the sequence layer.</summary>
    public static IReadOnlyList<Ablation> Ablate(
        RoleTrainingOptions options, IReadOnlyList<LabelledArticle> articles, IReadOnlyList<LabelledArticle> taught, Action<string>? told, CancellationToken stop)
    {
        var ablations = new List<Ablation>();
        Try("nothing (all parts)", options);
        foreach (var (name, family) in FeatureSettings.Names)
        {
            if ((options.Features.Families & family) != 0)
                Try(name, options with { Features = new FeatureSettings(options.Features.Families & ~family) });
        }

        Try("the nets", options with { Nets = 0 });
        Try("the sequence layer", options with { Sequence = false });
        Try("degraded copies", options with { Degrade = false });
        return ablations;

        void Try(string name, RoleTrainingOptions changed)
        {
            var trained = new RoleTrainer(changed).Train(articles, taught, null, stop);
            var labels = trained.Model.Labels;
            var scores = RoleScores.Of(labels, RoleEvaluator.FromProbabilities(trained.OutOfFold, labels, articles, labels));
            ablations.Add(new Ablation(name, scores.Macro, scores.Micro));
            told?.Invoke($"without {name}: macro-F1 {RoleFigures.Number(scores.Macro)}");
        }
    }
}
