using System.IO.Compression;
using System.Text.RegularExpressions;
using Pipeline.Reading;

namespace Pipeline.Benchmarks;

/// <summary>
/// The texts that are measured: the news of the public NewsDiscourse data, sentence numbers stripped, where that lies
/// beside the project (or in the folder that PIPELINE_SHARED names); the seeds elsewhere.
/// </summary>
internal static partial class Corpus
{
    public static string Root { get; } = FindRoot();

    public static string Models => Path.Combine(Root, "models");

    /// <summary>The articles in a fixed order.</summary>
    public static IReadOnlyList<Article> Articles { get; } = [.. NewsDiscourse() ?? Seeds()];

    private static IEnumerable<Article>? NewsDiscourse()
    {
        var shared = Environment.GetEnvironmentVariable("PIPELINE_SHARED") ?? Path.Combine(Root, "..", "shared");
        var folder = Path.Combine(shared, "benchmarks", "roles");
        return Directory.Exists(folder)
            ? Directory.GetFiles(folder, "newsdiscourse-*.zip").Order(StringComparer.Ordinal).SelectMany(Read)
            : null;
    }

    private static IEnumerable<Article> Read(string zip)
    {
        using var archive = ZipFile.OpenRead(zip);
        foreach (var entry in archive.Entries.Where(entry => entry.Name.EndsWith(".txt", StringComparison.Ordinal) && !entry.FullName.Contains("__MACOSX", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(entry.Open());
            yield return Article(entry.Name, SentenceNumber().Replace(reader.ReadToEnd(), ""), ArticleFormat.PlainText);
        }
    }

    private static IEnumerable<Article> Seeds()
    {
        var reader = new ArticleReader(new ReadingOptions());
        return new InputWalker(new ReadingOptions()).Walk([Path.Combine(Root, "seeds")], () => Stream.Null)
            .Select(reader.Read).Where(outcome => outcome.Article is not null).Select(outcome => outcome.Article!);
    }

    private static Article Article(string source, string text, ArticleFormat format) =>
        new() { Id = ArticleReader.IdOf(source), Source = source, Content = text, Format = format };

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Pipeline.sln")))
                return folder;
        }

        throw new InvalidOperationException("run the benchmarks inside the project's folder");
    }

    [GeneratedRegex(@"^(?:H|S[0-9]{1,4})[ \t]+", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex SentenceNumber();
}
