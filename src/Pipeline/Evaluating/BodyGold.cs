using System.IO.Compression;
using System.Text.Json;
using Pipeline.Cleaning;
using Pipeline.Reading;

namespace Pipeline.Evaluating;

/// <summary>
/// A folder as the article extraction benchmark lays it out: <c>ground-truth.json</c>, an object of
/// <c>{"ID": {"articleBody": "…", "url": "…"}}</c>, and the pages <c>html/ID.html.gz</c> (or <c>html/ID.html</c>).
/// </summary>
public static class BodyGold
{
    /// <summary>Cleans every page of the folder and compares its body with the gold body, in the file's order.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="cleaner">The cleaner to measure.</param>
    /// <param name="done">Called with the number of pages done and of all pages.</param>
    /// <exception cref="UserFileException">A file is missing or is not as described.</exception>
    public static IReadOnlyList<(string Id, BodyMatch Match)> Compare(
        string folder, ArticleCleaner cleaner, Action<int, int>? done = null)
    {
        ArgumentNullException.ThrowIfNull(cleaner);
        var matches = new List<(string, BodyMatch)>();
        var gold = ReadBodies(Path.Combine(folder, "ground-truth.json"));
        foreach (var (id, body, url) in gold)
        {
            var text = cleaner.Clean(new Article
            {
                Id = id,
                Source = id,
                Content = ReadPage(Path.Combine(folder, "html", id)),
                Format = ArticleFormat.Html,
                Url = url,
            }).Text;
            matches.Add((id, BodyMatch.Compare(body, text)));
            done?.Invoke(matches.Count, gold.Count);
        }

        return matches;
    }

    /// <summary>The pages of the folder with their gold bodies.</summary>
    internal static IEnumerable<(string Id, string Html, string Body)> Pages(string folder)
    {
        foreach (var (id, body, _) in ReadBodies(Path.Combine(folder, "ground-truth.json")))
            yield return (id, ReadPage(Path.Combine(folder, "html", id)), body);
    }

    private static List<(string Id, string Body, string? Url)> ReadBodies(string path)
    {
        if (!File.Exists(path))
            throw new UserFileException(path, 0, "not found; expected the benchmark's file of gold bodies beside the folder html");
        var bodies = new List<(string, string, string?)>();
        try
        {
            using var stream = File.OpenRead(path);
            using var document = JsonDocument.Parse(stream);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new UserFileException(path, 1, "expected an object whose keys are page ids");
            foreach (var page in document.RootElement.EnumerateObject())
            {
                if (page.Value.ValueKind != JsonValueKind.Object || !page.Value.TryGetProperty("articleBody", out var body)
                    || body.ValueKind != JsonValueKind.String)
                    throw new UserFileException(path, 0, $"{page.Name}: expected an object with a text \"articleBody\"");
                var url = page.Value.TryGetProperty("url", out var address) && address.ValueKind == JsonValueKind.String
                    ? address.GetString()
                    : null;
                bodies.Add((page.Name, body.GetString()!, url));
            }
        }
        catch (JsonException e)
        {
            throw new UserFileException(path, (int)(e.LineNumber ?? 0) + 1, $"not valid JSON: {e.Message}", e);
        }

        return bodies.Count > 0 ? bodies : throw new UserFileException(path, 0, "holds no page; expected at least one");
    }

    private static string ReadPage(string path)
    {
        if (File.Exists(path + ".html"))
            return File.ReadAllText(path + ".html");
        if (!File.Exists(path + ".html.gz"))
            throw new UserFileException(path + ".html.gz", 0, "not found; ground-truth.json names the page");
        try
        {
            using var reader = new StreamReader(new GZipStream(File.OpenRead(path + ".html.gz"), CompressionMode.Decompress));
            return reader.ReadToEnd();
        }
        catch (InvalidDataException e)
        {
            throw new UserFileException(path + ".html.gz", 0, "not a gzip file", e);
        }
    }
}
