using System.IO.Compression;

namespace Pipeline.Training;

/// <summary>A text of NewsDiscourse.</summary>
/// <param name="Id">Its folder and name.</param>
/// <param name="Title">Its headline.</param>
/// <param name="Sentences">The sentences with their numbers (<c>S1</c>) and paragraphs.</param>
/// <param name="Roles">The roles by sentence number, as far as it has one and is part of the article.</param>
internal sealed record DiscourseText(
    string Id, string? Title, IReadOnlyList<(string Mark, string Text, int Paragraph)> Sentences, IReadOnlyDictionary<string, string> Roles)
    : LentText(Id, Title, Sentences);

/// <summary>
/// NewsDiscourse as published (prafulla77/Discourse_Profiling): a zip with pairs of <c>.txt</c> (H headline, S1 … one line
/// a sentence, blank lines between paragraphs) and brat <c>.ann</c>.
/// </summary>
internal static class DiscourseZip
{
    /// <summary>The articles with the roles of the set. Sentences that are no part of the article (NA) or have no role are left out.</summary>
    public static IEnumerable<LabelledArticle> Articles(Stream stream, string path)
    {
        foreach (var text in Texts(stream))
        {
            var kept = text.Sentences.Where(s => text.Roles.ContainsKey(s.Mark)).ToList();
            if (kept.Count == 0)
                continue;
            yield return new LabelledArticle(
                LabelledArticle.Cut(text.Id, path, text.Title, [.. kept.Select(s => (s.Text, "", s.Paragraph))]),
                [.. kept.Select(s => text.Roles[s.Mark])],
                [.. kept.Select(s => s.Mark)])
            {
                Group = text.Id,
                Path = path,
            };
        }
    }

    /// <summary>The texts, by name.</summary>
    public static IEnumerable<DiscourseText> Texts(Stream stream)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        var entries = zip.Entries
            .Where(e => !e.FullName.Contains("__MACOSX", StringComparison.Ordinal))
            .DistinctBy(e => e.FullName, StringComparer.Ordinal)
            .ToDictionary(e => e.FullName, StringComparer.Ordinal);
        foreach (var name in entries.Keys.Where(n => n.EndsWith(".txt", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            var roles = entries.TryGetValue(name[..^4] + ".ann", out var annotation) ? Roles(annotation) : [];
            var parts = name[..^4].Split('/');
            yield return Read(string.Join('/', parts.TakeLast(2)), Lines(entries[name]), roles);
        }
    }

    private static Dictionary<string, string> Roles(ZipArchiveEntry annotation)
    {
        var roles = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in Lines(annotation))
        {
            var cells = line.Split('\t');
            var role = cells.Length == 3 ? cells[1].Split(' ')[0] : "NA";
            if (role is not ("NA" or "Speech"))
                roles[cells[2].Trim()] = role;
        }

        return roles;
    }

    private static DiscourseText Read(string id, IEnumerable<string> lines, Dictionary<string, string> roles)
    {
        var sentences = new List<(string Mark, string Text, int Paragraph)>();
        var title = (string?)null;
        var paragraph = 0;
        var blank = true;
        foreach (var line in lines)
        {
            var text = line.Trim();
            if (text.Length == 0)
            {
                blank = true;
                continue;
            }

            var space = text.IndexOfAny([' ', '\t']);
            var mark = space < 0 ? text : text[..space];
            var rest = space < 0 ? "" : text[space..].Trim();
            if (rest.Length == 0)
                continue;
            if (mark == "H")
            {
                title = rest;
            }
            else if (mark[0] == 'S' && mark.Length > 1 && mark.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0)
            {
                if (blank)
                    paragraph++;
                blank = false;
                sentences.Add((mark, rest, paragraph));
            }
        }

        return new DiscourseText(id, title, sentences, roles);
    }

    private static IEnumerable<string> Lines(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(entry.Open());
        while (reader.ReadLine() is { } line)
            yield return line;
    }
}
