using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pipeline.Training;

/// <summary>Writes labelled articles as JSON lines, one object an article, as the script that fine-tunes an encoder reads them.</summary>
internal static class ArticleExport
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the articles.</summary>
    /// <param name="path">The file.</param>
    /// <param name="articles">Articles to train on: <c>part</c> is <c>train</c>.</param>
    /// <param name="held">Articles that only measure: <c>part</c> is <c>test</c>.</param>
    /// <exception cref="UserFileException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<LabelledArticle> articles, IReadOnlyList<LabelledArticle> held)
    {
        string[] labels = [.. articles.Concat(held).SelectMany(a => a.Roles).Distinct().Order(StringComparer.Ordinal)];
        try
        {
            using var writer = new StreamWriter(path);
            writer.NewLine = "\n";
            foreach (var (article, part) in articles.Select(a => (a, "train")).Concat(held.Select(a => (a, "test"))))
            {
                var targets = article.Targets(labels);
                writer.WriteLine(JsonSerializer.Serialize(
                    new
                    {
                        id = article.Id,
                        title = article.Article.Article.Title,
                        kind = article.Kind,
                        group = article.Group,
                        weight = article.Weight,
                        part,
                        labels,
                        roles = article.Roles,
                        probs = targets.Chunk(labels.Length),
                        texts = article.Article.Sentences.Select(s => s.Span.In(article.Article.Text).ToString()),
                        sections = article.Article.Sentences.Select(s => s.Section),
                        paragraphs = article.Article.Sentences.Select(s => s.Paragraph),
                    },
                    Plain));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFileException(path, 0, $"the articles cannot be written ({e.Message})", e);
        }
    }
}
