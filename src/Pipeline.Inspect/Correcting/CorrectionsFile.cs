using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CsvHelper;
using Pipeline.Writing;

namespace Pipeline.Inspect.Correcting;

/// <summary>
/// <c>corrections.csv</c>: lines are only ever added, each written through to the disk before it counts, by one process at a time
/// (<see cref="FolderLock"/>). A last line that a crash cut off does not count; whoever writes next takes it out of the file and keeps it
/// beside it. Reading changes nothing. Not thread-safe.
/// </summary>
internal static partial class CorrectionsFile
{
    public const string Name = "corrections.csv";

    /// <summary>Put behind the file's name for the lines that a crash cut off.</summary>
    public const string TornEnding = ".torn";

    private static readonly string[] Columns =
        ["article_id", "sentence_id", "section", "text", "role", "kind", "start", "end", "old", "new", "undoes", "who", "when", "id"];

    /// <summary>Reads the corrections, in the order in which they were made.</summary>
    /// <exception cref="UserFileException">A line is not as this program writes it.</exception>
    public static List<Correction> Read(string path) => Read(path, out _);

    /// <summary>The same, with the length of the file up to the end of its last whole line.</summary>
    public static List<Correction> Read(string path, out long length)
    {
        length = 0;
        var corrections = new List<Correction>();
        if (!File.Exists(path))
            return corrections;
        var bytes = ReadAll(path);
        length = WholeLines(path, bytes);
        if (length == 0)
            return corrections;
        using var reader = CsvReader.Create(new MemoryStream(bytes, 0, (int)length), TableConverter.ReaderOptions);
        reader.ReadHeader();
        if (!reader.Headers.SequenceEqual(Columns))
            throw new UserFileException(path, 1, $"expected the columns {string.Join(", ", Columns)}; move the file away, and corrections begin anew");
        while (reader.Read())
        {
            string Cell(int column) => FormulaGuard.Undo(reader.GetString(column));
            if (reader.FieldCount != Columns.Length
                || !Enum.TryParse<CorrectionKind>(Cell(5), ignoreCase: true, out var kind)
                || !int.TryParse(Cell(1), NumberStyles.None, CultureInfo.InvariantCulture, out var sentence)
                || !DateTimeOffset.TryParse(Cell(12), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var when)
                || Number(Cell(13)) is not { } id)
                throw new UserFileException(path, corrections.Count + 2, "this is no correction; take the line away, or move the file away");
            corrections.Add(new Correction(
                id, kind, Cell(0), sentence, Cell(2), Cell(3), Cell(4), Number(Cell(6)), Number(Cell(7)),
                Cell(8), Cell(9), Number(Cell(10)), Cell(11), when));
        }

        MakeDistinct(corrections);
        return corrections;
    }

    /// <summary>Takes a line that a crash cut off out of the file and keeps it; the caller has the folder's lock.</summary>
    public static void DropTornLine(string path)
    {
        if (!File.Exists(path))
            return;
        var bytes = ReadAll(path);
        var length = WholeLines(path, bytes);
        if (length == bytes.Length)
            return;
        using (var kept = new FileStream(path + TornEnding, FileMode.Append, FileAccess.Write, FileShare.Read))
        {
            kept.Write(bytes.AsSpan(length));
            kept.WriteByte((byte)'\n');
            kept.Flush(flushToDisk: true);
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.Read);
        stream.SetLength(length);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>
    /// Adds a line; when this returns, it is on the disk, and when it throws, the file is as it was. The caller has the folder's lock.
    /// </summary>
    /// <exception cref="UserFileException">The line could not be written.</exception>
    public static void Append(string path, Correction correction)
    {
        using var table = new CsvTable();
        long? before = null;
        try
        {
            DropTornLine(path);
            using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, 1);
            before = stream.Length;
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
            FaultPoint.Reach("write " + Name);
            stream.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Restore(path, before);
            throw new UserFileException(path, 0, $"the correction could not be written and does not count ({e.Message.ReplaceLineEndings(" ")})", e);
        }
    }

    private static void Restore(string path, long? length)
    {
        if (length is null)
            return;
        try
        {
            if (length == 0)
            {
                File.Delete(path);
                return;
            }

            using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.Read);
            stream.SetLength(length.Value);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What is left of the line is a torn one, which does not count either.
        }
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

    private static byte[] ReadAll(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    /// <summary>
    /// Earlier versions let two pages give the same ids: the later line gets a new one, and an undo means the last line before it of that
    /// id, or else of its sentence or entity, that is not taken back already.
    /// </summary>
    private static void MakeDistinct(List<Correction> corrections)
    {
        var next = corrections.Count == 0 ? 1 : corrections.Max(c => c.Id) + 1;
        var taken = new HashSet<int>();
        var undone = new HashSet<int>();
        var written = corrections.ConvertAll(c => c.Id);
        for (var i = 0; i < corrections.Count; i++)
        {
            if (!taken.Add(corrections[i].Id))
            {
                corrections[i] = corrections[i] with { Id = next++ };
                taken.Add(corrections[i].Id);
            }

            if (corrections[i] is not { Kind: CorrectionKind.Undo } undo)
                continue;
            bool Is(int at, bool ofId) => corrections[at] is var c && c.Kind != CorrectionKind.Undo && (!ofId || written[at] == undo.Undoes)
                && (c.Article, c.Sentence, c.Start) == (undo.Article, undo.Sentence, undo.Start) && !undone.Contains(c.Id);
            var before = Enumerable.Range(0, i).Reverse();
            var meant = before.Where(at => Is(at, ofId: true)).Concat(before.Where(at => Is(at, ofId: false))).Select(at => (int?)corrections[at].Id).FirstOrDefault();
            corrections[i] = undo with { Undoes = meant };
            if (meant is { } id)
                undone.Add(id);
        }
    }

    /// <summary>
    /// Where the last whole line ends (RFC 4180: a quote opens a cell only as its first character). What is behind it is the beginning of one
    /// line, or the file was changed by hand.
    /// </summary>
    private static int WholeLines(string path, ReadOnlySpan<byte> bytes)
    {
        var (whole, line, lineOfWhole) = (0, 1, 1);
        var (quoted, atStart) = (false, true);
        for (var i = 0; i < bytes.Length; i++)
        {
            var c = bytes[i];
            line += c == '\n' ? 1 : 0;
            if (quoted)
            {
                if (c != '"')
                    continue;
                if (i + 1 < bytes.Length && bytes[i + 1] == '"')
                    i++;
                else if (i + 1 == bytes.Length || bytes[i + 1] is (byte)',' or (byte)'\n' or (byte)'\r')
                    quoted = false;
                else
                    throw Damaged(lineOfWhole);
                continue;
            }

            if (c == '"' && atStart)
                quoted = true;
            atStart = c is (byte)',' or (byte)'\n';
            if (c == '\n')
                (whole, lineOfWhole) = (i + 1, line);
        }

        // A cell that is never closed swallows all lines behind it: those of this program end with their time and number.
        var rest = bytes[whole..];
        if (rest.IndexOf((byte)'\n') is >= 0 and var first && WrittenLine().IsMatch(Encoding.UTF8.GetString(rest[(first + 1)..])))
            throw Damaged(lineOfWhole);
        return whole;

        UserFileException Damaged(int at) => new(path, at, "a quote stands where none belongs, so that lines run into one another; mend the line, or move the file away");
    }

    [GeneratedRegex(@"[0-9]Z,[0-9]+\r?\n", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex WrittenLine();
}
