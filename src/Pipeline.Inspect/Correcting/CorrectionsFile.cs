using System.Globalization;
using CsvHelper;
using Pipeline.Writing;

namespace Pipeline.Inspect.Correcting;

/// <summary>
/// <c>corrections.csv</c>: lines are only ever added, each written through to the disk before it counts. A line that a crash
/// cut off is dropped when the file is opened again. Not thread-safe.
/// </summary>
internal static class CorrectionsFile
{
    public const string Name = "corrections.csv";

    private static readonly string[] Columns =
        ["article_id", "sentence_id", "section", "text", "role", "kind", "start", "end", "old", "new", "undoes", "who", "when", "id"];

    /// <summary>Reads the corrections, in the order in which they were made.</summary>
    /// <exception cref="UserFileException">A line is not as this program writes it.</exception>
    public static List<Correction> Read(string path)
    {
        var corrections = new List<Correction>();
        if (!File.Exists(path))
            return corrections;
        DropTornLine(path);
        if (new FileInfo(path).Length == 0)
            return corrections;
        using var reader = TableConverter.Reader(path);
        reader.ReadHeader();
        if (!reader.Headers.SequenceEqual(Columns))
            throw new UserFileException(path, 1, $"expected the columns {string.Join(", ", Columns)}; move the file away, and corrections begin anew");
        while (reader.Read())
        {
            string Cell(int column) => FormulaGuard.Undo(reader.GetString(column));
            if (reader.FieldCount != Columns.Length
                || !Enum.TryParse<CorrectionKind>(Cell(5), ignoreCase: true, out var kind)
                || !int.TryParse(Cell(1), NumberStyles.None, CultureInfo.InvariantCulture, out var sentence)
                || !DateTimeOffset.TryParse(Cell(12), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var when))
                throw new UserFileException(path, corrections.Count + 2, "this is no correction; take the line away, or move the file away");
            corrections.Add(new Correction(
                corrections.Count + 1, kind, Cell(0), sentence, Cell(2), Cell(3), Cell(4), Number(Cell(6)), Number(Cell(7)),
                Cell(8), Cell(9), Number(Cell(10)), Cell(11), when));
        }

        return corrections;
    }

    /// <summary>Adds a line; when this returns, it is on the disk.</summary>
    public static void Append(string path, Correction correction)
    {
        using var table = new CsvTable();
        using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
        if (stream.Length == 0)
        {
            foreach (var column in Columns)
                table.Text(column);
            table.EndRow();
        }

        table.Text(correction.Article);
        table.Integer(correction.Sentence);
        table.Text(correction.Section);
        table.Text(correction.Text);
        table.Text(correction.Role);
        table.Text(NameOf(correction.Kind));
        table.Text(Number(correction.Start));
        table.Text(Number(correction.End));
        table.Text(correction.Old);
        table.Text(correction.New);
        table.Text(Number(correction.Undoes));
        table.Text(correction.Who);
        table.Text(correction.When.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        table.Integer(correction.Id);
        table.EndRow();
        stream.Write(table.Take());
        stream.Flush(flushToDisk: true);
    }

    public static string NameOf(CorrectionKind kind) => kind switch
    {
        CorrectionKind.Role => "role",
        CorrectionKind.Retype => "retype",
        CorrectionKind.Delete => "delete",
        CorrectionKind.Undo => "undo",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static int? Number(string cell) => int.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static void DropTornLine(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var whole = 0;
        var quoted = false;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '"')
                quoted = !quoted;
            else if (bytes[i] == '\n' && !quoted)
                whole = i + 1;
        }

        if (whole < bytes.Length)
            stream.SetLength(whole);
    }
}
