using System.Globalization;
using CsvHelper;
using Pipeline.Writing;

namespace Pipeline.Training;

/// <summary>Reads a labels CSV: the columns of the contract, and if present paragraph, title, kind, subject, split, weight, second and third.</summary>
internal static class LabelsFile
{
    /// <summary>How tables of labels are read, those of a run too.</summary>
    internal static readonly CsvReaderOptions Options = new()
    {
        Separator = ',',
        TrackLineNumbers = true,
        MalformedData = CsvMalformedDataHandling.Throw,
    };

    private static readonly string[] Required = ["article_id", "sentence_id", "section", "text", "role"];
    private static readonly string[] RequiredBesideTexts = ["article_id", "sentence_id", "role"];

    /// <summary>Whether a file has no column of texts, which a text source must then lend.</summary>
    public static bool LacksText(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            using var csv = CsvReader.Create(reader, Options, leaveOpen: true);
            csv.ReadHeader();
            return csv.Headers.Count > 0 && !csv.Headers.Select(h => h.Trim()).Contains("text");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CsvFormatException)
        {
            return false;
        }
    }

    /// <summary>Reads the articles of several files; ids must not repeat between them.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="texts">Texts by article id, for files without a text column.</param>
    /// <exception cref="UserFileException">A file cannot be read or a line is wrong.</exception>
    public static List<LabelledArticle> Read(IEnumerable<string> paths, IReadOnlyDictionary<string, LentText>? texts = null)
    {
        var articles = new List<LabelledArticle>();
        var seen = new Dictionary<string, (string Path, int Line)>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            try
            {
                using var reader = new StreamReader(path, new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true));
                articles.AddRange(Read(reader, path, seen, texts));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                throw new UserFileException(path, 0, $"the labels cannot be read ({e.Message})", e);
            }
            catch (CsvFormatException e)
            {
                throw new UserFileException(path, (int)e.LineNumber, $"this is no CSV ({e.Message}); quote the whole cell and double the quotation marks inside it", e);
            }
            catch (System.Text.DecoderFallbackException e)
            {
                throw new UserFileException(path, 0, "the labels are not UTF-8; save the file as CSV UTF-8", e);
            }
        }

        return articles;
    }

    internal static List<LabelledArticle> Read(TextReader reader, string path, Dictionary<string, (string Path, int Line)> seen,
        IReadOnlyDictionary<string, LentText>? texts = null)
    {
        using var csv = CsvReader.Create(reader, Options, leaveOpen: true);
        csv.ReadHeader();
        if (csv.Headers.Count == 0)
            throw new UserFileException(path, 0, $"the file is empty; expected a header row with {string.Join(", ", Required)}");
        var lent = texts is not null && !csv.Headers.Select(h => h.Trim()).Contains("text") ? texts : null;
        var columns = Header(csv, path, lent is null ? Required : RequiredBesideTexts);
        var articles = new List<LabelledArticle>();
        var rows = new List<Row>();
        while (csv.Read())
        {
            var row = ReadRow(csv, columns, path, lent);
            if (rows.Count > 0 && row.Article != rows[0].Article)
                Finish();
            if (rows.Count == 0)
            {
                if (!seen.TryAdd(row.Article, (path, row.Line)))
                {
                    var (firstPath, firstLine) = seen[row.Article];
                    var where = firstPath == path ? $"line {firstLine}" : $"{firstPath}:{firstLine}";
                    throw new UserFileException(path, row.Line, $"article \"{row.Article}\" began at {where} already; put all rows of an article together and give each article an id of its own");
                }
            }

            rows.Add(row);
        }

        if (rows.Count > 0)
            Finish();
        if (articles.Count == 0)
            throw new UserFileException(path, 0, "there are no rows below the header");
        return articles;

        void Finish()
        {
            articles.Add(Build(rows, path));
            rows.Clear();
        }
    }

    private static Dictionary<string, int> Header(CsvReader csv, string path, string[] required)
    {
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < csv.Headers.Count; i++)
            columns.TryAdd(csv.Headers[i].Trim(), i);
        var missing = required.Where(c => !columns.ContainsKey(c)).ToList();
        if (missing.Count > 0)
        {
            throw new UserFileException(path, 1, $"missing column{(missing.Count > 1 ? "s" : "")} {string.Join(", ", missing)}; "
                + $"expected {string.Join(", ", required)}, found {string.Join(", ", columns.Keys)}"
                + (missing.Contains("text") ? " (labels without text need the file with the texts beside them)" : ""));
        }

        return columns;
    }

    private static Row ReadRow(
        CsvReader csv, Dictionary<string, int> columns, string path, IReadOnlyDictionary<string, LentText>? texts)
    {
        var line = (int)csv.LineNumber;
        var needed = Required.Max(c => columns.GetValueOrDefault(c));
        if (csv.FieldCount <= needed)
            throw new UserFileException(path, line, $"{csv.FieldCount} cells, expected {columns.Count}");
        var row = new Row(line, Cell("article_id"), Cell("sentence_id"), Cell("section"), Cell("text"), Cell("role"),
            Cell("paragraph"), Cell("title"), Cell("kind"), Cell("subject"), Cell("split"), Cell("weight"), Cell("end"), Cell("second"), Cell("third"));
        if (texts is not null)
            row = Lend(row, texts, path);
        if (row.Article.Length == 0)
            throw new UserFileException(path, line, "the article_id is empty");
        if (row.Sentence.Length == 0)
            throw new UserFileException(path, line, "the sentence_id is empty");
        if (row.Text.Length == 0)
            throw new UserFileException(path, line, "the text is empty; fill it or delete the row");
        if (row.Role.Length == 0)
            throw new UserFileException(path, line, "the role is missing; fill it or delete the row");
        return row;

        string Cell(string column) =>
            columns.TryGetValue(column, out var index) && index < csv.FieldCount ? FormulaGuard.Undo(csv.GetString(index)).Trim() : "";
    }

    private static Row Lend(Row row, IReadOnlyDictionary<string, LentText> texts, string path)
    {
        if (!texts.TryGetValue(row.Article, out var text))
            throw new UserFileException(path, row.Line, $"there is no text of article \"{row.Article}\" in the files beside the labels");
        if (text.Uncut is not null)
            return LendStretch(row, text, path);
        var found = text.Sentences.FirstOrDefault(s => s.Mark == "S" + row.Sentence || s.Mark == row.Sentence);
        if (found.Text is null)
            throw new UserFileException(path, row.Line, $"article \"{row.Article}\" has no sentence {row.Sentence}");
        return row with
        {
            Text = found.Text,
            Paragraph = found.Paragraph > 0 ? found.Paragraph.ToString(CultureInfo.InvariantCulture) : "",
            Title = text.Title ?? "",
            Kind = row.Kind.Length > 0 ? row.Kind : "real news",
        };
    }

    /// <summary>The sentence runs from its id to <c>end</c>, and each heading that it stands under from one number to another, joined by a hyphen.</summary>
    private static Row LendStretch(Row row, LentText text, string path)
    {
        return row with
        {
            Text = Stretch(row.Sentence, row.End),
            Section = string.Join(" > ", row.Section.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(heading =>
                heading.Split('-') is [var start, var end] ? Stretch(start, end) : Stretch(heading, ""))),
            Title = text.Title ?? "",
        };

        string Stretch(string start, string end) =>
            int.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            && int.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out var to)
            && text.Stretch(from, to) is { } stretch
                ? stretch
                : throw new UserFileException(path, row.Line, $"article \"{row.Article}\" has no text from \"{start}\" to \"{end}\"; expected two places in it, counted in code points");
    }

    private static LabelledArticle Build(List<Row> rows, string path)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (!ids.TryAdd(row.Sentence, row.Line))
                throw new UserFileException(path, row.Line, $"sentence {row.Sentence} of article \"{row.Article}\" stands on line {ids[row.Sentence]} already; ids must differ");
        }

        var first = rows[0];
        var cuts = new (string Text, string Section, int Paragraph)[rows.Count];
        for (var i = 0; i < cuts.Length; i++)
        {
            var paragraph = 0;
            if (rows[i].Paragraph.Length > 0 && (!int.TryParse(rows[i].Paragraph, NumberStyles.None, CultureInfo.InvariantCulture, out paragraph) || paragraph < 1))
                throw new UserFileException(path, rows[i].Line, $"the paragraph is \"{rows[i].Paragraph}\"; expected a number from 1, or nothing");
            cuts[i] = (rows[i].Text, rows[i].Section, paragraph);
        }

        var weight = 1f;
        if (first.Weight.Length > 0
            && !(float.TryParse(first.Weight, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out weight) && weight is > 0 and <= 10))
            throw new UserFileException(path, first.Line, $"the weight is \"{first.Weight}\"; expected a number above 0, at most 10, or nothing for 1");
        return new LabelledArticle(
            LabelledArticle.Cut(first.Article, path, first.Title.Length > 0 ? first.Title : null, cuts),
            [.. rows.Select(r => r.Role)],
            [.. rows.Select(r => r.Sentence)])
        {
            OtherRoles = [.. Others(rows)],
            Kind = first.Kind,
            Weight = weight,
            Group = first.Subject.Length > 0 ? first.Subject : first.Article,
            HeldOut = first.Split is "test" or "held-out",
            Path = path,
            Lines = [.. rows.Select(r => r.Line)],
        };
    }

    /// <summary>An empty cell agrees with the role; a column that is empty throughout is no annotator, unless the one behind it is not.</summary>
    private static IEnumerable<IReadOnlyList<string>> Others(List<Row> rows)
    {
        var third = rows.Exists(r => r.Third.Length > 0);
        if (third || rows.Exists(r => r.Second.Length > 0))
            yield return [.. rows.Select(r => r.Second.Length > 0 ? r.Second : r.Role)];
        if (third)
            yield return [.. rows.Select(r => r.Third.Length > 0 ? r.Third : r.Role)];
    }

    private sealed record Row(
        int Line, string Article, string Sentence, string Section, string Text, string Role, string Paragraph, string Title,
        string Kind, string Subject, string Split, string Weight, string End, string Second, string Third);
}
