using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Pipeline.Evaluating;
using Pipeline.Segmenting;

namespace Pipeline.Training;

/// <summary>A text that labels without texts speak of.</summary>
/// <param name="Id">The article's id in the labels.</param>
/// <param name="Title">Its headline, if the source has one.</param>
/// <param name="Sentences">The sentences: the id in the labels, the words, the paragraph's number or 0.</param>
/// <param name="Uncut">The whole text, where the labels say themselves where their sentences start and end.</param>
internal record LentText(string Id, string? Title, IReadOnlyList<(string Mark, string Text, int Paragraph)> Sentences, string? Uncut = null)
{
    /// <summary>A stretch of the uncut text with its white space as single spaces; null where it lies outside or is empty.</summary>
    /// <param name="start">In code points, inclusive.</param>
    /// <param name="end">In code points, exclusive.</param>
    public string? Stretch(int start, int end)
    {
        if (Uncut is null || start < 0 || end <= start)
            return null;
        var (from, to) = (Position(start), Position(end));
        var words = from < 0 || to < 0 ? [] : Uncut[from..to].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 0 ? string.Join(' ', words) : null;
    }

    private int Position(int codePoint)
    {
        var at = 0;
        for (; codePoint > 0 && at < Uncut!.Length; codePoint--)
            at += char.IsHighSurrogate(Uncut[at]) && at + 1 < Uncut.Length && char.IsLowSurrogate(Uncut[at + 1]) ? 2 : 1;
        return codePoint > 0 ? -1 : at;
    }
}

/// <summary>
/// Public sets that lend their texts to labels of ours, so that the labels can be given away without the texts: a
/// NewsDiscourse <c>.zip</c>, a folder of TimeML files (<c>.tml</c>), a CoNLL-2003 file (<c>.train</c>, <c>.conll</c>), packed JSON
/// lines of articles with <c>id</c>, <c>title</c> and <c>text</c> (<c>.jsonl.gz</c>).
/// </summary>
internal static class LentTexts
{
    /// <summary>Whether a path names such a set.</summary>
    public static bool IsSource(string path) => Directory.Exists(path) || Ending(path) is ".zip" or ".train" or ".conll" or ".gz";

    /// <summary>Reads the texts of several sets.</summary>
    /// <exception cref="UserFileException">A set cannot be read.</exception>
    public static Dictionary<string, LentText> Read(IEnumerable<string> paths)
    {
        var texts = new Dictionary<string, LentText>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            try
            {
                foreach (var text in Read(path))
                    texts.TryAdd(text.Id, text);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                throw new UserFileException(path, 0, $"the texts cannot be read ({e.Message})", e);
            }
        }

        return texts;
    }

    /// <summary>The files of a set, a folder's in ordinal order of their names.</summary>
    public static IReadOnlyList<string> Files(string path) => Directory.Exists(path)
        ? [.. Directory.EnumerateFiles(path, "*.tml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
        : [path];

    private static IEnumerable<LentText> Read(string path)
    {
        if (Directory.Exists(path))
            return TimeMl(path);
        return Ending(path) switch
        {
            ".zip" => Discourse(path),
            ".gz" => Articles(path),
            _ => Conll(path),
        };
    }

    /// <summary>Articles as they were scraped; labels say by code points where a sentence stands.</summary>
    private static IEnumerable<LentText> Articles(string path)
    {
        using var lines = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        for (var number = 1; lines.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            LentText text;
            try
            {
                using var json = JsonDocument.Parse(line);
                var record = json.RootElement;
                text = new LentText(
                    record.GetProperty("id").GetString()!, record.TryGetProperty("title", out var title) ? title.GetString() : null, [],
                    record.GetProperty("text").GetString()!);
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                throw new UserFileException(path, number, $"this is no article ({e.Message}); expected a JSON object with id, title and text", e);
            }

            yield return text;
        }
    }

    private static IEnumerable<LentText> Discourse(string path)
    {
        using var stream = File.OpenRead(path);
        foreach (var text in DiscourseZip.Texts(stream))
            yield return text;
    }

    /// <summary>Sentences are named by where they start in the text of the TEXT element, so that no other cut is taken for theirs.</summary>
    private static IEnumerable<LentText> TimeMl(string folder)
    {
        var files = Files(folder);
        if (files.Count == 0)
            throw new UserFileException(folder, 0, "no .tml files below this folder; expected TimeML documents that lend their texts");
        var segmenter = new Segmenter();
        foreach (var file in files)
        {
            var cut = segmenter.Segment(TimeMlFile.Read(file).ToArticle());
            var sentences = cut.Sentences.Select(s => (
                s.Span.Start.ToString(CultureInfo.InvariantCulture),
                string.Join(' ', s.Span.In(cut.Text).ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)),
                s.Paragraph));
            yield return new LentText(Path.GetFileNameWithoutExtension(file), null, [.. sentences]);
        }
    }

    /// <summary>Sentences are numbered from 1; the tokens stand apart as in the file.</summary>
    private static IEnumerable<LentText> Conll(string path)
    {
        foreach (var document in ConllFile.Read(path))
        {
            var sentences = document.Sentences.Select((s, i) => (
                (i + 1).ToString(CultureInfo.InvariantCulture),
                document.Text[document.Tokens[s.First].Start..document.Tokens[s.End - 1].End],
                0));
            yield return new LentText(Path.GetFileName(path) + "/" + document.Id, null, [.. sentences]);
        }
    }

    /// <summary>The ending of a file's name by which it is told, in lower case.</summary>
    public static string Ending(string path) => Path.GetExtension(path).ToLowerInvariant();
}
