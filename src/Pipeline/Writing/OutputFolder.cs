using System.Text.Json;
using System.Text.Json.Serialization;
using Pipeline.Reading;

namespace Pipeline.Writing;

/// <summary>What stands in an output folder before a run.</summary>
public enum OutputState
{
    /// <summary>Nothing: the folder is missing or empty.</summary>
    Empty,

    /// <summary>An interrupted run that can go on.</summary>
    Interrupted,

    /// <summary>A complete output.</summary>
    Complete,

    /// <summary>Other files.</summary>
    Foreign,
}

/// <summary>How far a run got: everything in front of <see cref="Position"/> is on disk.</summary>
/// <param name="Fingerprint">The options and models that the bytes depend on.</param>
/// <param name="Position">Number of inputs done.</param>
/// <param name="InputHash">Hash over the names of the inputs done, to notice a changed input.</param>
/// <param name="Lengths">Bytes of each table that count; what is behind is half-written.</param>
/// <param name="Counts">Rows and articles so far.</param>
internal sealed record Checkpoint(
    string Fingerprint, long Position, ulong InputHash, SortedDictionary<string, long> Lengths, RunCounts Counts);

/// <summary>Read without looking at types while it runs.</summary>
[JsonSerializable(typeof(Checkpoint))]
internal sealed partial class CheckpointJson : JsonSerializerContext;

/// <summary>What a run did, in numbers.</summary>
public sealed record RunCounts
{
    /// <summary>Inputs met: articles and errors.</summary>
    public long Inputs { get; set; }

    /// <summary>Rows of <c>articles.csv</c>.</summary>
    public long Articles { get; set; }

    /// <summary>Rows of <c>errors.csv</c>.</summary>
    public long Errors { get; set; }

    /// <summary>Articles with <c>duplicate_of</c>.</summary>
    public long Duplicates { get; set; }

    /// <summary>Rows of <c>sentences.csv</c>.</summary>
    public long Sentences { get; set; }

    /// <summary>Tokens of all bodies.</summary>
    public long Tokens { get; set; }

    /// <summary>Rows of <c>entities.csv</c>.</summary>
    public long Entities { get; set; }

    /// <summary>Rows of <c>dates.csv</c>.</summary>
    public long Dates { get; set; }
}

/// <summary>
/// The tables of a run while it runs. They grow in a hidden folder inside the output folder and get their final names
/// only when all are complete; a checkpoint says how much of them counts after an interruption. Not thread-safe.
/// </summary>
internal sealed class OutputFolder : IDisposable
{
    private const string PartialName = ".partial";
    private const string CheckpointName = "checkpoint.json";
    private const string RunReportName = "run.json";
    private const string DataPackageName = "datapackage.json";
    private static readonly string[] Endings = [".csv", ".parquet", ".jsonl", ".csv.gz", ".jsonl.gz", ".csv.zst", ".jsonl.zst"];

    private static readonly string[] TableNames =
    [
        OutputTables.Articles, OutputTables.Sentences, OutputTables.Entities, OutputTables.Dates, OutputTables.Tokens,
        OutputTables.Errors, ShardOrder.Name,
    ];

    private readonly string folder;
    private readonly string partial;
    private readonly Dictionary<string, FileStream> files = [];

    private OutputFolder(string folder)
    {
        this.folder = folder;
        partial = Path.Combine(folder, PartialName);
    }

    /// <summary>What stands in the folder.</summary>
    public static OutputState StateOf(string folder)
    {
        if (!Directory.Exists(folder))
            return OutputState.Empty;
        if (File.Exists(Path.Combine(folder, PartialName, CheckpointName)))
            return OutputState.Interrupted;
        if (File.Exists(Path.Combine(folder, RunReportName)))
            return OutputState.Complete;
        return Directory.EnumerateFileSystemEntries(folder).Any(entry => Path.GetFileName(entry) != PartialName)
            ? OutputState.Foreign
            : OutputState.Empty;
    }

    /// <summary>The options and models that the complete output in a folder was made with.</summary>
    public static string? FingerprintOf(string folder)
    {
        try
        {
            using var report = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, RunReportName)));
            return report.RootElement.TryGetProperty("fingerprint", out var value) ? value.GetString() : null;
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Begins anew; what an interrupted run left is dropped, a complete output stays until the new one is complete.</summary>
    public static OutputFolder Begin(string path, IReadOnlyList<Table> tables) => Guard(path, () =>
    {
        var output = new OutputFolder(path);
        if (Directory.Exists(output.partial))
            Directory.Delete(output.partial, recursive: true);
        Directory.CreateDirectory(output.partial);
        using var rows = new ArticleRows(false, false);
        foreach (var table in tables)
            output.Open(table.Name, FileMode.Create).Write(rows.Header(table));
        return output;
    });

    /// <summary>Goes on where an interrupted run stopped: what is behind its checkpoint is cut off.</summary>
    public static (OutputFolder Output, Checkpoint Checkpoint) Continue(string path) => Guard(path, () =>
    {
        var output = new OutputFolder(path);
        var file = Path.Combine(output.partial, CheckpointName);
        Checkpoint? checkpoint;
        try
        {
            checkpoint = JsonSerializer.Deserialize(File.ReadAllBytes(file), CheckpointJson.Default.Checkpoint);
        }
        catch (JsonException e)
        {
            throw new UserFileException(file, 0, "the checkpoint is broken; begin anew with --overwrite", e);
        }

        foreach (var scratch in Directory.EnumerateFiles(output.partial, HashStore.ScratchName + "*"))
            File.Delete(scratch);
        foreach (var (name, length) in checkpoint!.Lengths)
        {
            var stream = output.Open(name, FileMode.Open);
            if (stream.Length < length)
                throw new UserFileException(stream.Name, 0, "shorter than its checkpoint says; begin anew with --overwrite");
            stream.SetLength(length);
            stream.Seek(0, SeekOrigin.End);
        }

        return (output, checkpoint);
    });

    /// <summary>Adds rows to a table.</summary>
    public void Append(string table, ReadOnlySpan<byte> rows)
    {
        try
        {
            files[table].Write(rows);
        }
        catch (Exception e) when (IsWriteFailure(e))
        {
            throw Unwritable(files[table].Name, e);
        }
    }

    /// <summary>Makes everything appended so far survive an interruption.</summary>
    public void Save(string fingerprint, long position, ulong inputHash, RunCounts counts) => Guard(folder, () =>
    {
        var lengths = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (name, stream) in files)
        {
            stream.Flush();
            lengths[name] = stream.Position;
        }

        var file = Path.Combine(partial, CheckpointName);
        File.WriteAllBytes(file + ".new", ToBytes(new Checkpoint(fingerprint, position, inputHash, lengths, counts)));
        File.Move(file + ".new", file, overwrite: true);
        return true;
    });

    /// <summary>Member by member: a serializer's preparations took a twelfth of a short run.</summary>
    private static byte[] ToBytes(Checkpoint checkpoint)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString(nameof(Checkpoint.Fingerprint), checkpoint.Fingerprint);
            json.WriteNumber(nameof(Checkpoint.Position), checkpoint.Position);
            json.WriteNumber(nameof(Checkpoint.InputHash), checkpoint.InputHash);
            json.WriteStartObject(nameof(Checkpoint.Lengths));
            foreach (var (name, length) in checkpoint.Lengths)
                json.WriteNumber(name, length);
            json.WriteEndObject();
            var counts = checkpoint.Counts;
            json.WriteStartObject(nameof(Checkpoint.Counts));
            json.WriteNumber(nameof(RunCounts.Inputs), counts.Inputs);
            json.WriteNumber(nameof(RunCounts.Articles), counts.Articles);
            json.WriteNumber(nameof(RunCounts.Errors), counts.Errors);
            json.WriteNumber(nameof(RunCounts.Duplicates), counts.Duplicates);
            json.WriteNumber(nameof(RunCounts.Sentences), counts.Sentences);
            json.WriteNumber(nameof(RunCounts.Tokens), counts.Tokens);
            json.WriteNumber(nameof(RunCounts.Entities), counts.Entities);
            json.WriteNumber(nameof(RunCounts.Dates), counts.Dates);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    /// <summary>The path of a growing table, to read back what an interrupted run wrote.</summary>
    public string PathOf(string table) => Path.Combine(partial, table + ".csv");

    /// <summary>Where files may stand that are gone when the output is complete.</summary>
    public string ScratchFolder => partial;

    /// <summary>The same of an output that is not open here.</summary>
    public static string ScratchOf(string folder) => Path.Combine(folder, PartialName);

    /// <summary>Gives every file its final name, the run's report last: where it stands, the output is complete.</summary>
    public void Complete(OutputFormat format, Compression compression, IReadOnlyList<Table> tables, byte[] dataPackage, byte[] runReport) => Guard(folder, () =>
    {
        foreach (var stream in files.Values)
            stream.Dispose();
        if (format != OutputFormat.Csv)
        {
            foreach (var table in tables)
            {
                TableConverter.Convert(PathOf(table.Name), table, format, Path.ChangeExtension(PathOf(table.Name), TableConverter.EndingOf(format)));
                File.Delete(PathOf(table.Name));
            }
        }

        if (compression != Compression.None)
        {
            foreach (var table in tables)
                TableConverter.Compress(Path.ChangeExtension(PathOf(table.Name), TableConverter.EndingOf(format)), compression);
        }

        File.WriteAllBytes(Path.Combine(partial, DataPackageName), dataPackage);
        File.WriteAllBytes(Path.Combine(partial, RunReportName), runReport);
        File.Delete(Path.Combine(folder, RunReportName));
        foreach (var name in TableNames)
        {
            foreach (var ending in Endings)
                File.Delete(Path.Combine(folder, name + ending));
        }

        foreach (var file in Directory.EnumerateFiles(partial).Where(file => Path.GetFileName(file) is not (CheckpointName or RunReportName)))
            File.Move(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        File.Move(Path.Combine(partial, RunReportName), Path.Combine(folder, RunReportName), overwrite: true);
        Directory.Delete(partial, recursive: true);
        return true;
    });

    public void Dispose()
    {
        foreach (var stream in files.Values)
        {
            try
            {
                stream.Dispose();
            }
            catch (Exception e) when (IsWriteFailure(e))
            {
                // A full disk has been reported already; the checkpoint counts without these last bytes.
            }
        }
    }

    /// <summary>.NET reports a file larger than its file system allows as an argument out of range.</summary>
    private static bool IsWriteFailure(Exception e) =>
        e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException { ParamName: "value" };

    private static UserFileException Unwritable(string path, Exception e) => new(
        path, 0, $"cannot be written: {e.Message.ReplaceLineEndings(" ")} What is done is kept: mend it, then go on with --resume", e);

    private static T Guard<T>(string path, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception e) when (IsWriteFailure(e))
        {
            throw Unwritable(path, e);
        }
    }

    private FileStream Open(string table, FileMode mode)
    {
        var stream = new FileStream(PathOf(table), mode, FileAccess.ReadWrite, FileShare.Read, 1 << 16);
        files[table] = stream;
        return stream;
    }
}
