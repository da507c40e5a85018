using System.Diagnostics;
using Pipeline.Entities;
using Pipeline.Training;

namespace Pipeline.Evaluating;

/// <summary>Counts of one type by the rules of CoNLL: a name is right where its tokens and its type are exactly right.</summary>
public sealed record EntityScore(string Type, int Gold, int Found, int Right)
{
    /// <summary>Share of the found names that are right, 0 to 1.</summary>
    public double Precision => Found == 0 ? 0 : (double)Right / Found;

    /// <summary>Share of the gold names that are found, 0 to 1.</summary>
    public double Recall => Gold == 0 ? 0 : (double)Right / Gold;

    /// <summary>Harmonic mean of the two.</summary>
    public double F1 => Gold + Found == 0 ? 0 : 2.0 * Right / (Gold + Found);
}

/// <summary>The result of an evaluation.</summary>
public sealed record EntityReport(
    int Documents, int Sentences, int Tokens, EntityScore All, IReadOnlyList<EntityScore> Types, double TokensPerSecond);

/// <summary>Scores an entity model on CoNLL files.</summary>
public static class EntityEvaluation
{
    /// <summary>CoNLL's name for a type of the guide: GPE and LOC are LOC; NORP, EVENT, LAW and MISC are MISC.</summary>
    public static string ToConll(string type) => type switch
    {
        "PERSON" or "PER" => "PER",
        "ORG" => "ORG",
        "GPE" or "LOC" => "LOC",
        _ => "MISC",
    };

    internal static EntityReport Evaluate(IReadOnlyList<ConllDocument> documents, EntityModel model, bool toConll, TextWriter? predictions)
    {
        var tagger = new EntityTagger(model);
        var found = new List<TaggedName>();
        var counts = new SortedDictionary<string, (int Gold, int Found, int Right)>(StringComparer.Ordinal);
        var clock = Stopwatch.StartNew();
        var all = new List<List<TaggedName>>();
        foreach (var document in documents)
        {
            found = [];
            tagger.Tag(document.Text, document.Tokens, document.Sentences, found);
            all.Add(found);
        }

        var seconds = clock.Elapsed.TotalSeconds;
        var tokens = 0;
        var sentences = 0;
        for (var d = 0; d < documents.Count; d++)
        {
            var document = documents[d];
            tokens += document.Tokens.Length;
            sentences += document.Sentences.Length;
            var gold = new HashSet<(TokenRange, string)>();
            foreach (var sentence in document.Sentences)
            {
                foreach (var name in NameTag.Names(document.Tags.AsSpan(sentence.First, sentence.Length), sentence.First))
                    gold.Add((name.Tokens, toConll ? ToConll(name.Type) : name.Type));
            }

            foreach (var (_, type) in gold) Count(counts, type, 1, 0, 0);
            foreach (var name in all[d])
            {
                var type = TagSet.NameOf((EntityType)name.Type);
                if (toConll) type = ToConll(type);
                Count(counts, type, 0, 1, gold.Contains((name.Tokens, type)) ? 1 : 0);
            }

            if (predictions is not null) Write(predictions, document, all[d], toConll);
        }

        var types = counts.Select(c => new EntityScore(c.Key, c.Value.Gold, c.Value.Found, c.Value.Right)).ToList();
        return new EntityReport(
            documents.Count, sentences, tokens,
            new EntityScore("all", types.Sum(t => t.Gold), types.Sum(t => t.Found), types.Sum(t => t.Right)),
            types, tokens / Math.Max(seconds, 1e-9));
    }

    private static void Count(SortedDictionary<string, (int Gold, int Found, int Right)> counts, string type, int gold, int found, int right)
    {
        counts.TryGetValue(type, out var c);
        counts[type] = (c.Gold + gold, c.Found + found, c.Right + right);
    }

    private static void Write(TextWriter writer, ConllDocument document, List<TaggedName> names, bool toConll)
    {
        var tags = new string[document.Tokens.Length];
        Array.Fill(tags, "O");
        foreach (var name in names)
        {
            var type = TagSet.NameOf((EntityType)name.Type);
            if (toConll) type = ToConll(type);
            for (var i = name.Tokens.First; i < name.Tokens.End; i++) tags[i] = (i == name.Tokens.First ? "B-" : "I-") + type;
        }

        foreach (var sentence in document.Sentences)
        {
            for (var i = sentence.First; i < sentence.End; i++)
            {
                writer.Write(string.Join(' ', document.Rows[i]));
                writer.Write(' ');
                writer.Write(tags[i]);
                writer.Write('\n');
            }

            writer.Write('\n');
        }
    }
}
