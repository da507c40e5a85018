using System.Diagnostics;
using Pipeline.Entities;
using Pipeline.Training;

namespace Pipeline.Evaluating;

/// <summary>Counts of one type by the rules of CoNLL: a name is right where its tokens and its type are exactly right.</summary>
/// <param name="Type">The type, or <c>all</c>.</param>
/// <param name="Gold">Names of the file.</param>
/// <param name="Found">Names found.</param>
/// <param name="Right">Names found that are exactly right.</param>
public sealed record EntityScore(string Type, int Gold, int Found, int Right)
{
    /// <summary>Share of the found names that are right, 0 to 1.</summary>
    public double Precision => Found == 0 ? 0 : (double)Right / Found;

    /// <summary>Share of the gold names that are found, 0 to 1.</summary>
    public double Recall => Gold == 0 ? 0 : (double)Right / Gold;

    /// <summary>Harmonic mean of the two.</summary>
    public double F1 => Gold + Found == 0 ? 0 : 2.0 * Right / (Gold + Found);
}

/// <summary>Figures of canonical names and countries, over the names that are found exactly; for files with the four columns token, canonical, country, tag.</summary>
/// <param name="CountryNames">Names that have a country in the file.</param>
/// <param name="CountryRight">Of these, names with the same country.</param>
/// <param name="CountrySpurious">Names that have none in the file but were given one.</param>
/// <param name="CanonicalF1">F1 over pairs of names of one article: is the canonical the same?</param>
/// <param name="CanonicalEqual">Share of the names whose canonical is the file's, 0 to 1.</param>
public sealed record EntityNaming(
    int CountryNames, int CountryRight, int CountrySpurious, double CanonicalF1, double CanonicalEqual)
{
    /// <summary>Share of the names with a country that got it, 0 to 1.</summary>
    public double CountryAccuracy => CountryNames == 0 ? 0 : (double)CountryRight / CountryNames;
}

/// <summary>The result of an evaluation.</summary>
/// <param name="Documents">Documents of the file.</param>
/// <param name="Sentences">Its sentences.</param>
/// <param name="Tokens">Its tokens.</param>
/// <param name="All">Micro-averaged over the types.</param>
/// <param name="Types">Each type.</param>
/// <param name="CalibrationError">Expected calibration error of the confidence in ten bins of equal size, 0 to 1.</param>
/// <param name="Naming">Canonical names and countries, where the file has them.</param>
/// <param name="TokensPerSecond">Speed on one thread, names and canonical names together, the fastest of several passes.</param>
public sealed record EntityReport(
    int Documents, int Sentences, int Tokens, EntityScore All, IReadOnlyList<EntityScore> Types,
    double CalibrationError, EntityNaming? Naming, double TokensPerSecond);

/// <summary>Scores a recogniser on CoNLL files.</summary>
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

    /// <summary>Tags a file and compares.</summary>
    /// <param name="path">A CoNLL file, the tag in the last column.</param>
    /// <param name="recognizer">What is measured.</param>
    /// <param name="toConll">Whether both sides are brought to CoNLL's four types.</param>
    /// <param name="predictions">Gets the tokens with the predicted IOB2 tag in the last column.</param>
    /// <exception cref="UserFileException">The file is missing or a line is no token.</exception>
    public static EntityReport Evaluate(string path, EntityRecognizer recognizer, bool toConll, TextWriter? predictions = null)
    {
        var documents = ConllFile.Read(path);
        if (documents.Count == 0) throw new UserFileException(path, 0, "the file has no tokens");
        var (found, seconds) = Time(documents, recognizer);
        var tally = new EntityTally(toConll);
        for (var d = 0; d < documents.Count; d++) tally.Add(documents[d], found[d], predictions);
        var types = tally.Types();
        return new EntityReport(
            documents.Count, documents.Sum(d => d.Sentences.Length), documents.Sum(d => d.Tokens.Length),
            new EntityScore("all", types.Sum(t => t.Gold), types.Sum(t => t.Found), types.Sum(t => t.Right)),
            types, tally.CalibrationError(), tally.Naming(), documents.Sum(d => d.Tokens.Length) / Math.Max(seconds, 1e-9));
    }

    // The fastest of the passes within a second: the first ones pay for the compiler, others for the neighbours.
    private static (List<IReadOnlyList<EntityMention>> Found, double Seconds) Time(List<ConllDocument> documents, EntityRecognizer recognizer)
    {
        var whole = Stopwatch.StartNew();
        var best = double.MaxValue;
        List<IReadOnlyList<EntityMention>> found;
        do
        {
            found = new List<IReadOnlyList<EntityMention>>(documents.Count);
            var clock = Stopwatch.StartNew();
            foreach (var document in documents) found.Add(recognizer.Recognize(document.Text, document.Tokens, document.Sentences));
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }
        while (whole.Elapsed.TotalSeconds < 2);
        return (found, best);
    }
}
