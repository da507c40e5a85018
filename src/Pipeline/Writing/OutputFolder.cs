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
/// <param name="Files">
/// Once all inputs are done: the bytes of each file that gets its final name; <see langword="null"/> while they are made.
/// </param>
internal sealed record Checkpoint(
    string Fingerprint, long Position, ulong InputHash, SortedDictionary<string, long> Lengths, RunCounts Counts,
    SortedDictionary<string, long>? Files = null);

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
/// only when all are complete; a checkpoint says how much of them counts after an interruption. When all inputs are done, a marker
/// takes the checkpoint's place: from there on a run that goes on only converts and renames, each step of which can be repeated,
/// and nothing is deleted that a later step needs. <c>run.json</c> gets its name last. One process at a time has the folder
/// (<see cref="FolderLock"/>). Not thread-safe.
/// </summary>
internal sealed class OutputFolder : IDisposable
{
    private const string PartialName = ".partial";
    private const string CheckpointName = "checkpoint.json";

    /// <summary>The checkpoint that a power cut leaves: it and all that it counts were written through to the disk.</summary>
    private const string SyncedName = "checkpoint.synced.json";
    private const string MarkerName = "completing.json";
    private const string RunReportName = "run.json";
    private const string DataPackageName = "datapackage.json";

    /// <summary>Checkpoints between two that are written through to the disk, which costs some hundredths of a second.</summary>
    private const int SavesBetweenSyncs = 20;

    private static readonly string[] Endings = [".csv", ".parquet", ".jsonl", ".csv.gz", ".jsonl.gz", ".csv.zst", ".jsonl.zst"];

    private static readonly string[] TableNames =
    [
        OutputTables.Articles, OutputTables.Sentences, OutputTables.Entities, OutputTables.Dates, OutputTables.Tokens,
        OutputTables.Errors, ShardOrder.Name,
    ];

    private readonly string folder;
    private readonly string partial;
    private readonly FolderLock access;
    private readonly Dictionary<string, FileStream> files = [];
    private Checkpoint last = new("", 0, 0, [], new RunCounts());
    private int saves;

    private OutputFolder(string folder)
    {
        this.folder = folder;
        partial = Path.Combine(folder, PartialName);
        access = FolderLock.Take(folder);
    }

    /// <summary>Whether all inputs are done, so that only <see cref="GoOnCompleting"/> is left.</summary>
    public bool IsCompleting { get; private set; }

    /// <summary>What stands in the folder.</summary>
    public static OutputState StateOf(string folder)
    {
        if (!Directory.Exists(folder))
            return OutputState.Empty;
        var partial = Path.Combine(folder, PartialName);
        var hasReport = File.Exists(Path.Combine(folder, RunReportName));
        if (File.Exists(Path.Combine(partial, MarkerName)))
        {
            // The report's renaming is the last step before the marker goes.
            return hasReport && !File.Exists(Path.Combine(partial, RunReportName)) ? OutputState.Complete : OutputState.Interrupted;
        }

        if (File.Exists(Path.Combine(partial, CheckpointName)) || File.Exists(Path.Combine(partial, SyncedName)))
            return OutputState.Interrupted;
        if (hasReport)
            return OutputState.Complete;
        return Directory.EnumerateFileSystemEntries(folder).Any(entry => Path.GetFileName(entry) is not (PartialName or FolderLock.Name))
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

    /// <summary>Clears away what a run that was killed after its last renaming left beside the complete output.</summary>
    public static void TidyComplete(string path)
    {
        if (!Directory.Exists(Path.Combine(path, PartialName)))
            return;
        Guard(path, () =>
        {
            using var output = new OutputFolder(path);
            if (StateOf(path) == OutputState.Complete)
                output.DropPartial();
            return true;
        });
    }

    /// <summary>Begins anew; what an interrupted run left is dropped, a complete output stays until the new one is complete.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="tables">The tables that will be written.</param>
    /// <param name="overwrite">Whether something may stand there.</param>
    /// <exception cref="UserFileException">Another process writes there or has just done so, or nobody may.</exception>
    public static OutputFolder Begin(string path, IReadOnlyList<Table> tables, bool overwrite = true) => Open(path, output =>
    {
        if (!overwrite && StateOf(path) != OutputState.Empty)
            throw new UserFileException(path, 0, "another run of pipeline wrote there meanwhile; choose another folder, or replace it with --overwrite");
        output.DropPartial();
        Directory.CreateDirectory(output.partial);
        using var rows = new ArticleRows(false, false);
        foreach (var table in tables)
            output.Open(table.Name, FileMode.Create).Write(rows.Header(table));
        return output;
    });

    /// <summary>Goes on where an interrupted run stopped: what is behind its checkpoint is cut off.</summary>
    /// <exception cref="UserFileException">Another process writes there, or what is there cannot be gone on with.</exception>
    public static (OutputFolder Output, Checkpoint Checkpoint) Continue(string path) => Open(path, output =>
    {
        foreach (var scratch in Directory.EnumerateFiles(output.partial, HashStore.ScratchName + "*"))
            File.Delete(scratch);
        if (File.Exists(Path.Combine(output.partial, MarkerName)))
        {
            output.last = Read(Path.Combine(output.partial, MarkerName));
            output.IsCompleting = true;
            return (output, output.last);
        }

        UserFileException? problem = null;
        foreach (var name in (string[])[CheckpointName, SyncedName])
        {
            var file = Path.Combine(output.partial, name);
            if (!File.Exists(file))
                continue;
            try
            {
                output.last = Read(file);
                foreach (var (table, length) in output.last.Lengths)
                    MustHold(output.PathOf(table), length);
                problem = null;
                break;
            }
            catch (UserFileException e)
            {
                // After a power cut the older one may still count.
                problem ??= e;
            }
        }

        if (problem is not null || output.last.Lengths.Count == 0)
            throw problem ?? new UserFileException(path, 0, "holds no checkpoint to go on from; begin anew with --overwrite");
        foreach (var (name, length) in output.last.Lengths)
        {
            var stream = output.Open(name, FileMode.Open);
            stream.SetLength(length);
            stream.Seek(0, SeekOrigin.End);
        }

        return (output, output.last);
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

    /// <summary>Makes everything appended so far survive an interruption; every so often also a power cut.</summary>
    public void Save(string fingerprint, long position, ulong inputHash, RunCounts counts) => Guard(folder, () =>
    {
        last = new Checkpoint(fingerprint, position, inputHash, Flush(), counts);
        var sync = ++saves % SavesBetweenSyncs == 0;
        if (sync)
        {
            foreach (var stream in files.Values)
                Disk.Sync(stream.SafeFileHandle);
        }

        Replace(CheckpointName, last, sync: false);
        if (sync)
            Replace(SyncedName, last, sync: true);
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
            Write(json, nameof(Checkpoint.Lengths), checkpoint.Lengths);
            json.WriteStartObject(nameof(Checkpoint.Counts));
            var counts = checkpoint.Counts;
            json.WriteNumber(nameof(RunCounts.Inputs), counts.Inputs);
            json.WriteNumber(nameof(RunCounts.Articles), counts.Articles);
            json.WriteNumber(nameof(RunCounts.Errors), counts.Errors);
            json.WriteNumber(nameof(RunCounts.Duplicates), counts.Duplicates);
            json.WriteNumber(nameof(RunCounts.Sentences), counts.Sentences);
            json.WriteNumber(nameof(RunCounts.Tokens), counts.Tokens);
            json.WriteNumber(nameof(RunCounts.Entities), counts.Entities);
            json.WriteNumber(nameof(RunCounts.Dates), counts.Dates);
            json.WriteEndObject();
            if (checkpoint.Files is { } files)
                Write(json, nameof(Checkpoint.Files), files);
            json.WriteEndObject();
        }

        return bytes.ToArray();

        static void Write(Utf8JsonWriter json, string name, SortedDictionary<string, long> lengths)
        {
            json.WriteStartObject(name);
            foreach (var (file, length) in lengths)
                json.WriteNumber(file, length);
            json.WriteEndObject();
        }
    }

    /// <summary>The path of a growing table, to read back what an interrupted run wrote.</summary>
    public string PathOf(string table) => Path.Combine(partial, table + ".csv");

    /// <summary>Where files may stand that are gone when the output is complete.</summary>
    public string ScratchFolder => partial;

    /// <summary>The same of an output that is not open here.</summary>
    public static string ScratchOf(string folder) => Path.Combine(folder, PartialName);

    /// <summary>
    /// Converts the tables and gives every file its final name, the run's report last: where it stands, the output is complete and on
    /// the disk. Stopped anywhere in between, <see cref="GoOnCompleting"/> ends with the same bytes.
    /// </summary>
    /// <exception cref="UserFileException">A table vanished or changed under the run, or the disk is full.</exception>
    /// <exception cref="OperationCanceledException">Stopped while converting.</exception>
    public void Complete(
        OutputFormat format, Compression compression, IReadOnlyList<Table> tables, byte[] dataPackage, byte[] runReport, CancellationToken cancellation = default) => Guard(folder, () =>
    {
        last = last with { Lengths = Flush() };
        foreach (var stream in files.Values)
            stream.Dispose();
        foreach (var (table, length) in last.Lengths)
            MustHold(PathOf(table), length, exactly: true);
        File.WriteAllBytes(Path.Combine(partial, DataPackageName), dataPackage);
        File.WriteAllBytes(Path.Combine(partial, RunReportName), runReport);
        Disk.Sync(last.Lengths.Keys.Select(PathOf).Append(Path.Combine(partial, DataPackageName)).Append(Path.Combine(partial, RunReportName)));
        IsCompleting = true;
        if (format == OutputFormat.Csv && compression == Compression.None)
        {
            Rename(format, compression, tables);
            return true;
        }

        Replace(MarkerName, last, sync: true);
        Convert(format, compression, tables, cancellation);
        Rename(format, compression, tables);
        return true;
    });

    /// <summary>Does what is left of <see cref="Complete"/> after an interruption.</summary>
    /// <exception cref="UserFileException">A table vanished or changed meanwhile, or the disk is full.</exception>
    /// <exception cref="OperationCanceledException">Stopped while converting.</exception>
    public void GoOnCompleting(OutputFormat format, Compression compression, IReadOnlyList<Table> tables, CancellationToken cancellation) => Guard(folder, () =>
    {
        if (last.Files is null)
            Convert(format, compression, tables, cancellation);
        Rename(format, compression, tables);
        return true;
    });

    /// <summary>Each table in its final form beside the one it grew in, which stays. What is there already is whole.</summary>
    private void Convert(OutputFormat format, Compression compression, IReadOnlyList<Table> tables, CancellationToken cancellation)
    {
        foreach (var table in tables)
        {
            var target = Path.Combine(partial, FinalName(table, format, compression));
            if (File.Exists(target))
                continue;
            MustHold(PathOf(table.Name), last.Lengths.GetValueOrDefault(table.Name), exactly: true);
            try
            {
                TableConverter.Convert(PathOf(table.Name), table, format, target + ".new", compression, cancellation);
            }
            catch
            {
                // On a full disk every byte counts.
                File.Delete(target + ".new");
                throw;
            }

            Move(target + ".new", target);
        }

        Disk.SyncNames(partial);
    }

    private void Rename(OutputFormat format, Compression compression, IReadOnlyList<Table> tables)
    {
        string[] names = [.. tables.Select(table => FinalName(table, format, compression)), DataPackageName];
        if (last.Files is null)
        {
            var lengths = new SortedDictionary<string, long>(StringComparer.Ordinal);
            foreach (var name in (string[])[.. names, RunReportName])
                lengths[name] = MustExist(Path.Combine(partial, name));
            // What stood here before goes while all of the new is still in its place; behind the marker, what stands here is new.
            Delete(Path.Combine(folder, RunReportName));
            foreach (var name in TableNames)
            {
                foreach (var ending in Endings)
                    Delete(Path.Combine(folder, name + ending));
            }

            last = last with { Files = lengths };
            Replace(MarkerName, last, sync: true);
        }

        Delete(Path.Combine(partial, CheckpointName));
        Delete(Path.Combine(partial, SyncedName));
        foreach (var name in names)
            MoveOut(name);
        Disk.SyncNames(folder);
        MoveOut(RunReportName);
        Disk.SyncNames(folder);
        DropPartial();
        access.Dispose();
    }

    private void MoveOut(string name)
    {
        var (from, to) = (Path.Combine(partial, name), Path.Combine(folder, name));
        if (File.Exists(from))
            Move(from, to);
        MustHold(to, last.Files![name], exactly: true);
    }

    /// <summary>The marker and the checkpoint go first: without them what is left means nothing.</summary>
    private void DropPartial()
    {
        if (!Directory.Exists(partial))
            return;
        // In this order: a marker without its report says that the output is complete, a checkpoint alone that it is not.
        Delete(Path.Combine(partial, CheckpointName));
        Delete(Path.Combine(partial, SyncedName));
        Delete(Path.Combine(partial, MarkerName));
        FaultPoint.Reach("drop " + PartialName);
        Directory.Delete(partial, recursive: true);
        FaultPoint.Reach("dropped " + PartialName);
    }

    private static string FinalName(Table table, OutputFormat format, Compression compression) => table.Name + TableConverter.EndingOf(format, compression);

    private static void Move(string from, string to)
    {
        FaultPoint.Reach("rename " + Path.GetFileName(from));
        File.Move(from, to, overwrite: true);
    }

    private static void Delete(string file)
    {
        if (!File.Exists(file))
            return;
        FaultPoint.Reach("delete " + Path.GetFileName(file));
        File.Delete(file);
    }

    private void Replace(string name, Checkpoint checkpoint, bool sync)
    {
        var file = Path.Combine(partial, name);
        File.WriteAllBytes(file + ".new", ToBytes(checkpoint));
        if (sync)
            Disk.Sync([file + ".new"]);
        Move(file + ".new", file);
        if (sync)
            Disk.SyncNames(partial);
    }

    private static Checkpoint Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), CheckpointJson.Default.Checkpoint) is { Lengths: not null, Counts: not null } checkpoint
                ? checkpoint
                : throw new JsonException();
        }
        catch (JsonException e)
        {
            throw new UserFileException(file, 0, "the checkpoint is broken; begin anew with --overwrite", e);
        }
    }

    private SortedDictionary<string, long> Flush()
    {
        var lengths = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (name, stream) in files)
        {
            stream.Flush();
            lengths[name] = stream.Position;
        }

        return lengths;
    }

    private static long MustExist(string file)
    {
        var found = new FileInfo(file);
        return found.Exists ? found.Length : throw new UserFileException(file, 0, "is gone: something removed it under the run; begin anew with --overwrite");
    }

    private static void MustHold(string file, long length, bool exactly = false)
    {
        var found = MustExist(file);
        if (found < length || (exactly && found != length))
            throw new UserFileException(file, 0, $"has {found} bytes where the run wrote {length}: something else changed it; begin anew with --overwrite");
    }

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

        access.Dispose();
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

    private static T Open<T>(string path, Func<OutputFolder, T> begin)
    {
        var output = new OutputFolder(path);
        try
        {
            return Guard(path, () => begin(output));
        }
        catch
        {
            output.Dispose();
            throw;
        }
    }

    private FileStream Open(string table, FileMode mode)
    {
        var stream = new FileStream(PathOf(table), mode, FileAccess.ReadWrite, FileShare.Read, 1 << 16);
        files[table] = stream;
        return stream;
    }
}
