using Pipeline.Classifying;
using Pipeline.Training;

namespace Pipeline.Evaluating;

/// <summary>Runs a role model over labelled articles.</summary>
internal static class RoleEvaluator
{
    /// <summary>The labels of model and gold together, in ordinal order.</summary>
    public static IReadOnlyList<string> CommonLabels(IEnumerable<string> first, IEnumerable<LabelledArticle> articles) =>
        [.. first.Concat(articles.SelectMany(a => a.Roles)).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Predicts every sentence.</summary>
    /// <param name="classifier">The model.</param>
    /// <param name="articles">The articles.</param>
    /// <param name="labels">See <see cref="CommonLabels"/>.</param>
    /// <param name="withoutHeadings">Whether to blank the headings.</param>
    public static List<RolePrediction> Predict(
        RoleClassifier classifier, IReadOnlyList<LabelledArticle> articles, IReadOnlyList<string> labels, bool withoutHeadings = false)
    {
        var number = labels.Select((label, l) => (label, l)).ToDictionary(p => p.label, p => p.l, StringComparer.Ordinal);
        var predictions = new List<RolePrediction>();
        for (var a = 0; a < articles.Count; a++)
        {
            var roles = classifier.Classify(withoutHeadings ? articles[a].Without(headings: true, paragraphs: false) : articles[a].Article);
            for (var s = 0; s < roles.Count; s++)
                predictions.Add(new RolePrediction(a, s, number[articles[a].Roles[s]], number[roles[s].Role], roles[s].Confidence));
        }

        return predictions;
    }

    /// <summary>Puts probabilities in the model's label order into the same form.</summary>
    public static List<RolePrediction> FromProbabilities(
        IReadOnlyList<double[]> probabilities, IReadOnlyList<string> modelLabels, IReadOnlyList<LabelledArticle> articles, IReadOnlyList<string> labels)
    {
        var number = labels.Select((label, l) => (label, l)).ToDictionary(p => p.label, p => p.l, StringComparer.Ordinal);
        var predictions = new List<RolePrediction>();
        for (var a = 0; a < articles.Count; a++)
        {
            for (var s = 0; s < articles[a].Roles.Count; s++)
            {
                var row = probabilities[a].AsSpan(s * modelLabels.Count, modelLabels.Count);
                var best = RoleClassifier.Best(row);
                predictions.Add(new RolePrediction(a, s, number[articles[a].Roles[s]], number[modelLabels[best]], row[best]));
            }
        }

        return predictions;
    }
}
