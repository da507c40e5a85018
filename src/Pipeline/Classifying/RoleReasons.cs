using System.Globalization;
using System.Text;

namespace Pipeline.Classifying;

/// <summary>Tells in words why a sentence got its role: what spoke for it against the runner-up.</summary>
internal static class RoleReasons
{
    private const int Most = 4;

    /// <summary>The strongest features for the chosen label against the runner-up, and what the neighbours added.</summary>
    public static string Tell(RoleModel model, ArticleScan scan, int sentence, int chosen, ReadOnlySpan<double> probabilities)
    {
        var other = -1;
        for (var l = 0; l < probabilities.Length; l++)
        {
            if (l != chosen && (other < 0 || probabilities[l] > probabilities[other]))
                other = l;
        }

        var evidence = new Dictionary<string, double>(StringComparer.Ordinal);
        var sink = new ReasonSink(model, scan, chosen, other, evidence);
        new SentenceFeatures(scan, model.Features).Emit(sentence, ref sink);
        var bias = model.Biases[chosen] - model.Biases[other];
        var alone = bias + evidence.Values.Sum();
        var strongest = evidence
            .Where(e => e.Value > 0.02)
            .OrderByDescending(e => e.Value)
            .ThenBy(e => e.Key, StringComparer.Ordinal)
            .Take(Most)
            .Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Key} (+{e.Value:0.0#})"))
            .ToList();
        if (alone < 0)
            strongest.Add("the roles of the sentences around it");
        var text = new StringBuilder($"{model.Labels[chosen]} rather than {model.Labels[other]}");
        text.Append(strongest.Count > 0 ? ": " : ": how common it is");
        return text.AppendJoin(", ", strongest).ToString();
    }

    private readonly struct ReasonSink(RoleModel model, ArticleScan scan, int chosen, int other, Dictionary<string, double> evidence)
        : IFeatureSink
    {
        public void Add(FeatureFamilies family, uint key, float value, FeatureSource source)
        {
            var weights = model.WeightsOf(key);
            if (weights.IsEmpty)
                return;
            var name = Name(source);
            evidence[name] = evidence.GetValueOrDefault(name) + (value * (weights[chosen] - weights[other]));
        }

        private string Name(FeatureSource source) => source.Kind switch
        {
            FeatureSourceKind.Tokens => $"“{Words(source)}”",
            FeatureSourceKind.TokensBefore => $"“{Words(source)}” in the sentence before",
            FeatureSourceKind.TokensAfter => $"“{Words(source)}” in the sentence after",
            FeatureSourceKind.Cue => $"{Class(source)} cue",
            FeatureSourceKind.CueBefore => $"{Class(source)} cue in the sentence before",
            FeatureSourceKind.CueAfter => $"{Class(source)} cue in the sentence after",
            FeatureSourceKind.HeadingCue or FeatureSourceKind.HeadingWord => "the heading",
            FeatureSourceKind.Place => "its place in the article",
            FeatureSourceKind.Shape => "its form",
            _ => "words shared with heading, title or lead",
        };

        private static string Class(FeatureSource source) =>
            CueLexicon.Default.Classes[source.Index].Replace('-', ' ');

        private string Words(FeatureSource source)
        {
            var tokens = scan.TokenMemory.Span;
            var start = tokens[source.Index].Start;
            return scan.Text[start..tokens[source.Index + source.Count - 1].End];
        }
    }
}
