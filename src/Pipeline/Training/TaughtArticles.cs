using System.Globalization;
using CsvHelper;
using Pipeline.Writing;

namespace Pipeline.Training;

/// <summary>
/// Reads the output of a run as teaching material: for each sentence the probabilities that a stronger model gave (Hinton, Vinyals,
/// Dean 2015).
/// </summary>
internal static class TaughtArticles
{
    private const string ShareColumn = "p_";

    /// <summary>Reads the articles of several output folders.</summary>
    /// <param name="folders">Folders that <c>extract</c> wrote as CSV.</param>
    /// <param name="weight">How much each article counts.</param>
    /// <exception cref="UserFileException">A folder has no such tables, or a table is malformed.</exception>
    public static List<LabelledArticle> Read(IEnumerable<string> folders, float weight)
    {
        var articles = new List<LabelledArticle>();
        foreach (var folder in folders)
        {
            var titles = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var row in Rows(Path.Combine(folder, "articles.csv"), ["article_id", "title"]))
                titles[row["article_id"]] = row["title"];
            var path = Path.Combine(folder, "sentences.csv");
            var rows = new List<Dictionary<string, string>>();
            foreach (var row in Rows(path, ["article_id", "sentence_id", "paragraph", "section", "role", "text"]))
            {
                if (rows.Count > 0 && rows[0]["article_id"] != row["article_id"])
                    Finish();
                rows.Add(row);
            }

            if (rows.Count > 0)
                Finish();

            void Finish()
            {
                articles.Add(Article(path, rows, titles.GetValueOrDefault(rows[0]["article_id"]), weight));
                rows.Clear();
            }
        }

        return articles;
    }

    private static LabelledArticle Article(string path, List<Dictionary<string, string>> rows, string? title, float weight)
    {
        var id = rows[0]["article_id"];
        try
        {
            var cuts = rows.Select(r => (
                string.Join(' ', r["text"].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)),
                r["section"],
                int.Parse(r["paragraph"], NumberStyles.None, CultureInfo.InvariantCulture))).ToList();
            var shares = rows[0].Keys.Where(c => c.StartsWith(ShareColumn, StringComparison.Ordinal)).ToDictionary(
                c => c[ShareColumn.Length..],
                c => rows.Select(r => float.Parse(r[c], NumberStyles.Float, CultureInfo.InvariantCulture)).ToArray(),
                StringComparer.Ordinal);
            return new LabelledArticle(
                LabelledArticle.Cut(id, path, string.IsNullOrEmpty(title) ? null : title, cuts),
                [.. rows.Select(r => r["role"])],
                [.. rows.Select(r => r["sentence_id"])])
            {
                Shares = shares,
                Weight = weight,
                Group = id,
                Path = path,
            };
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new UserFileException(path, 0, $"article \"{id}\": {e.Message} --taught takes a folder that extract wrote as CSV", e);
        }
    }

    private static IEnumerable<Dictionary<string, string>> Rows(string path, string[] needed)
    {
        StreamReader reader;
        try
        {
            reader = new StreamReader(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFileException(path, 0, $"the table cannot be read ({e.Message}); --taught takes a folder that extract wrote as CSV", e);
        }

        using var csv = CsvReader.Create(reader, LabelsFile.Options);
        csv.ReadHeader();
        if (needed.Except(csv.Headers).FirstOrDefault() is { } missing)
            throw new UserFileException(path, 1, $"there is no column {missing}; --taught takes a folder that extract wrote as CSV");
        while (csv.Read())
        {
            var row = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var i = 0; i < csv.Headers.Count; i++)
                row[csv.Headers[i]] = i < csv.FieldCount ? FormulaGuard.Undo(csv.GetString(i)) : "";
            yield return row;
        }
    }
}
