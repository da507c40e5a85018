using Pipeline.Entities;
using Pipeline.Training;

namespace Pipeline.Evaluating;

/// <summary>Adds up one evaluation, document by document.</summary>
internal sealed class EntityTally(bool toConll)
{
    private const int Bins = 10;
    private readonly SortedDictionary<string, (int Gold, int Found, int Right)> counts = new(StringComparer.Ordinal);
    private readonly List<(double Confidence, bool Right)> calibration = [];
    private int countryNames, countryRight, countrySpurious, named, sameCanonical;
    private long pairsGold, pairsFound, pairsBoth;
    private bool hasNaming;

    public void Add(ConllDocument document, IReadOnlyList<EntityMention> mentions, TextWriter? predictions)
    {
        var gold = new Dictionary<TokenRange, string>();
        foreach (var sentence in document.Sentences)
        {
            foreach (var name in NameTag.Names(document.Tags.AsSpan(sentence.First, sentence.Length), sentence.First))
                gold[name.Tokens] = toConll ? EntityEvaluation.ToConll(name.Type) : name.Type;
        }

        foreach (var type in gold.Values) Count(type, 1, 0, 0);
        var tags = new string[document.Tokens.Length];
        Array.Fill(tags, "O");
        var right = new List<(EntityMention Mention, TokenRange Tokens)>();
        var next = 0;
        foreach (var mention in mentions)
        {
            while (document.Tokens[next].Start < mention.Span.Start) next++;
            var end = next + 1;
            while (document.Tokens[end - 1].End < mention.Span.End) end++;
            var tokens = new TokenRange(next, end);
            var type = TagSet.NameOf(mention.Type);
            if (toConll) type = EntityEvaluation.ToConll(type);
            var isRight = gold.TryGetValue(tokens, out var goldType) && goldType == type;
            Count(type, 0, 1, isRight ? 1 : 0);
            calibration.Add((mention.Confidence, isRight));
            if (isRight) right.Add((mention, tokens));
            for (var i = next; i < end; i++) tags[i] = (i == next ? "B-" : "I-") + type;
        }

        if (!toConll && document.Rows.Length > 0 && document.Rows[0].Length == 4) AddNaming(document, right);
        if (predictions is not null) Write(predictions, document, tags);
    }

    public List<EntityScore> Types() =>
        [.. counts.Select(c => new EntityScore(c.Key, c.Value.Gold, c.Value.Found, c.Value.Right))];

    /// <summary>Expected calibration error over bins of equally many names.</summary>
    public double CalibrationError()
    {
        if (calibration.Count == 0) return 0;
        var sorted = calibration.OrderBy(c => c.Confidence).ToList();
        var error = 0.0;
        for (var b = 0; b < Bins; b++)
        {
            int first = (int)((long)sorted.Count * b / Bins), end = (int)((long)sorted.Count * (b + 1) / Bins);
            if (end == first) continue;
            double confidence = 0, hits = 0;
            for (var i = first; i < end; i++)
            {
                confidence += sorted[i].Confidence;
                hits += sorted[i].Right ? 1 : 0;
            }

            error += Math.Abs(confidence - hits) / sorted.Count;
        }

        return error;
    }

    public EntityNaming? Naming() => !hasNaming
        ? null
        : new EntityNaming(
            countryNames, countryRight, countrySpurious,
            pairsGold + pairsFound == 0 ? 1 : 2.0 * pairsBoth / (pairsGold + pairsFound), named == 0 ? 0 : (double)sameCanonical / named);

    private void AddNaming(ConllDocument document, List<(EntityMention Mention, TokenRange Tokens)> right)
    {
        hasNaming = true;
        var names = new List<(string Gold, string Found)>();
        foreach (var (mention, tokens) in right)
        {
            var row = document.Rows[tokens.First];
            // The file's canonical has no spaces, the mention's those between tokens; neither counts.
            var canonical = row[1].Replace("_", "", StringComparison.Ordinal);
            var found = mention.Canonical.Replace(" ", "", StringComparison.Ordinal);
            names.Add((canonical, found));
            named++;
            if (string.Equals(canonical, found, StringComparison.Ordinal)) sameCanonical++;
            if (row[2] != "_")
            {
                countryNames++;
                if (string.Equals(row[2], mention.Country, StringComparison.Ordinal)) countryRight++;
            }
            else if (mention.Country is not null)
            {
                countrySpurious++;
            }
        }

        for (var i = 0; i < names.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var gold = names[i].Gold == names[j].Gold;
                var found = names[i].Found == names[j].Found;
                if (gold) pairsGold++;
                if (found) pairsFound++;
                if (gold && found) pairsBoth++;
            }
        }
    }

    private void Count(string type, int gold, int found, int right)
    {
        counts.TryGetValue(type, out var c);
        counts[type] = (c.Gold + gold, c.Found + found, c.Right + right);
    }

    private static void Write(TextWriter writer, ConllDocument document, string[] tags)
    {
        foreach (var sentence in document.Sentences)
        {
            for (var i = sentence.First; i < sentence.End; i++)
            {
                foreach (var cell in document.Rows[i])
                {
                    writer.Write(cell);
                    writer.Write(' ');
                }

                writer.Write(tags[i]);
                writer.Write('\n');
            }

            writer.Write('\n');
        }
    }
}
