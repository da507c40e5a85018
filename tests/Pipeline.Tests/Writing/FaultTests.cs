using System.Globalization;
using System.Text;
using Pipeline.Reading;
using Pipeline.Tests.Cli;
using Pipeline.Writing;

namespace Pipeline.Tests.Writing;

/// <summary>
/// The fault suite of the writing half: runs that die or find the disk full anywhere go on to the same bytes. The short part breaks the
/// finishing at each change of a name, inside this process; <c>PIPELINE_FAULTS=long</c> adds whole processes that are killed at each such
/// point and at fifty others for each format, and twenty sizes of disk. What CONTRIBUTING says under "Faults" comes from the long part.
/// </summary>
public class FaultTests
{
    private static readonly IReadOnlyList<Table> Tables = OutputTables.For(Given.Labels, withTokens: false, withWhy: false);

    public static TheoryData<OutputFormat, Compression> Forms => new()
    {
        { OutputFormat.Csv, Compression.None },
        { OutputFormat.Parquet, Compression.None },
        { OutputFormat.JsonLines, Compression.None },
        { OutputFormat.Csv, Compression.Gzip },
        { OutputFormat.Csv, Compression.Zstd },
        { OutputFormat.JsonLines, Compression.Gzip },
        { OutputFormat.JsonLines, Compression.Zstd },
    };

    private static bool Long => Environment.GetEnvironmentVariable("PIPELINE_FAULTS") == "long";

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_run_that_dies_at_any_change_of_a_name_goes_on_to_the_same_bytes(OutputFormat format, Compression compression) =>
        BreakEverywhere(format, compression, overwritten: false, () => throw new Died());

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_run_that_dies_while_it_replaces_an_output_goes_on_to_the_same_bytes(OutputFormat format, Compression compression) =>
        BreakEverywhere(format, compression, overwritten: true, () => throw new Died());

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_disk_that_is_full_at_any_change_of_a_name_is_told_and_the_run_goes_on_to_the_same_bytes(OutputFormat format, Compression compression) =>
        BreakEverywhere(format, compression, overwritten: false, () => throw new IOException("No space left on device"));

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_run_cancelled_while_it_converts_keeps_its_tables(OutputFormat format, Compression compression)
    {
        using var folder = new TempFolder();
        using (var output = Begun(folder["out"]))
        {
            using var stop = new CancellationTokenSource();
            stop.Cancel();
            if (format == OutputFormat.Csv && compression == Compression.None)
                return;
            Assert.Throws<OperationCanceledException>(() => Complete(output, format, compression, stop.Token));
        }

        Assert.Equal(OutputState.Interrupted, OutputFolder.StateOf(folder["out"]));
        Assert.Empty(Directory.GetFiles(folder["out"]));
        GoOn(folder["out"], format, compression);
        Whole(folder["whole"], format, compression);
        Cli.Tables.MustBeEqual(folder["whole"], folder["out"]);
    }

    [Theory]
    [InlineData("sentences.csv", "")]
    [InlineData("errors.csv", "source,stage,error\n")]
    [InlineData("articles.csv", null)]
    public void A_table_that_vanishes_or_shrinks_under_a_run_is_an_error(string table, string? content)
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("open files cannot be removed there");
        using var folder = new TempFolder();
        using var output = Begun(folder["out"]);
        output.Save("f", 1, 0, new RunCounts());
        File.Delete(folder["out/.partial/" + table]);
        if (content is not null)
            folder.Write("out/.partial/" + table, content);
        var error = Assert.Throws<UserFileException>(() => Complete(output, OutputFormat.Csv, Compression.None, TestContext.Current.CancellationToken));
        Assert.Contains("begin anew with --overwrite", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder["out"], "*.csv"));
    }

    [Fact]
    public void A_checkpoint_that_a_power_cut_emptied_gives_way_to_the_one_on_the_disk()
    {
        using var folder = new TempFolder();
        using (var output = Begun(folder["out"]))
        {
            for (var i = 1; i <= 25; i++)
            {
                output.Append(OutputTables.Errors, Encoding.UTF8.GetBytes($"f{i},reading,x\n"));
                output.Save("f", i, 0, new RunCounts { Errors = i });
            }
        }

        folder.Write("out/.partial/checkpoint.json", "");
        var (resumed, checkpoint) = OutputFolder.Continue(folder["out"]);
        resumed.Dispose();
        // The twentieth, for the first was saved before these.
        Assert.Equal(19, checkpoint.Position);
        Assert.Equal(19, checkpoint.Counts.Errors);
    }

    [Fact]
    public void One_process_has_a_folder_and_a_lock_that_was_left_does_not_block()
    {
        using var folder = new TempFolder();
        folder.Write("out/.lock", "");
        using (OutputFolder.Begin(folder["out"], Tables))
        {
            var refused = Command.Run("extract", Repository.Seeds, "--out", folder["out"], "--overwrite");
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("another run of pipeline is writing there", refused.Error, StringComparison.Ordinal);
            Assert.Single(refused.Error.Trim().Split('\n'));
            Assert.Throws<UserFileException>(() => OutputFolder.Begin(folder["out"], Tables));
        }

        Assert.False(File.Exists(folder["out/.lock"]));
        FolderLock.MustBeFree(folder["missing"]);
        Assert.False(Directory.Exists(folder["missing"]));
        FolderLock.Take(folder["missing"]).Dispose();
        Assert.False(Directory.Exists(folder["missing"]));
    }

    [Fact]
    public void A_run_that_writes_keeps_a_second_one_out_and_is_not_harmed_by_it()
    {
        using var folder = new TempFolder();
        string[] records =
        [
            "{\"id\":\"a\",\"text\":\"Ministers met in Ankara. They fear that prices could rise.\"}\n",
            "{\"id\":\"b\",\"text\":\"The talks ended in Doha on 5 May 2024.\"}\n",
        ];
        Assert.Equal(0, Command.RunWith(string.Concat(records), null, "extract", "-", "--quiet", "--out", folder["whole"]).ExitCode);
        using var first = Command.Start(null, "extract", "-", "--quiet", "--out", folder["out"]);
        first.StandardInput.Write(records[0]);
        first.StandardInput.Flush();
        while (!File.Exists(folder["out/.lock"]) && !first.HasExited)
            Thread.Sleep(5);

        foreach (var option in (string[])["--overwrite", "--resume"])
        {
            var second = Command.Run("extract", Repository.Seeds, "--quiet", "--out", folder["out"], option);
            Assert.Equal(1, second.ExitCode);
            Assert.Single(second.Error.Trim().Split('\n'));
            Assert.Contains("another run of pipeline is writing there", second.Error, StringComparison.Ordinal);
        }

        first.StandardInput.Write(records[1]);
        first.StandardInput.Close();
        first.WaitForExit();
        Assert.Equal(0, first.ExitCode);
        Cli.Tables.MustBeEqual(folder["whole"], folder["out"]);
    }

    [Fact]
    public void Runs_that_start_at_once_into_one_folder_leave_one_whole_output()
    {
        using var folder = new TempFolder();
        string[] arguments = ["extract", Repository.Seeds, "--quiet", "--overwrite", "--out"];
        var exit = Command.Run([.. arguments, folder["whole"]]).ExitCode;
        var runs = Enumerable.Range(0, 3).Select(_ => Command.Start(null, [.. arguments, folder["out"]])).ToArray();
        foreach (var run in runs)
        {
            run.StandardInput.Close();
            var error = run.StandardError.ReadToEnd().Trim();
            run.WaitForExit();
            Assert.True(run.ExitCode == exit || (run.ExitCode == 1 && error.Contains("another run of pipeline is writing there", StringComparison.Ordinal)), error);
        }

        Assert.Contains(runs, run => run.ExitCode == exit);
        Array.ForEach(runs, run => run.Dispose());
        Cli.Tables.MustBeEqual(folder["whole"], folder["out"]);
        Assert.False(File.Exists(folder["out/.lock"]));
    }

    [Fact]
    public void Many_takers_of_a_lock_have_it_one_at_a_time()
    {
        using var folder = new TempFolder();
        var (holders, most, taken) = (0, 0, 0);
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            for (var i = 0; i < 200; i++)
            {
                using var access = FolderLock.TryTake(folder.Path);
                if (access is null)
                    continue;
                Interlocked.Increment(ref taken);
                var now = Interlocked.Increment(ref holders);
                InterlockedMax(ref most, now);
                Thread.SpinWait(200);
                Interlocked.Decrement(ref holders);
            }
        });
        Assert.True(taken > 0);
        Assert.Equal(1, most);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen;)
        {
            var before = Interlocked.CompareExchange(ref most, value, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Killed_processes_go_on_to_the_same_bytes(OutputFormat format, Compression compression)
    {
        if (!Long)
            Assert.Skip("takes minutes; set PIPELINE_FAULTS=long");
        using var folder = new TempFolder();
        var input = Records(folder, 700);
        string[] arguments = ["extract", input, "--quiet", "--threads", "2", .. Words(format, compression), "--out"];
        Assert.Equal(3, Command.Run([.. arguments, folder["whole"]]).ExitCode);
        var (tried, lost) = (0, 0);
        for (var point = 1; ; point++)
        {
            var killed = Command.RunWith(null, new Dictionary<string, string> { ["PIPELINE_DIE_AT"] = point.ToString(CultureInfo.InvariantCulture) }, [.. arguments, folder["out"]]);
            if (killed.ExitCode == 3)
                break;
            tried++;
            lost += IsLost(folder, arguments) ? 1 : 0;
        }

        var random = new Random(14);
        for (var i = 0; i < 50; i++)
        {
            using (var process = Command.Start(null, [.. arguments, folder["out"]]))
            {
                process.StandardInput.Close();
                if (!process.WaitForExit(random.Next(300, 2500)))
                    process.Kill();
                process.WaitForExit();
            }

            tried++;
            lost += IsLost(folder, arguments) ? 1 : 0;
        }

        TestContext.Current.SendDiagnosticMessage($"{format} {compression}: {tried} kills, {lost} lost");
        TestContext.Current.TestOutputHelper?.WriteLine($"{tried} kills, {lost} lost");
        Assert.Equal(0, lost);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_small_disk_is_told_in_one_line_and_the_run_goes_on_to_the_same_bytes(OutputFormat format, Compression compression)
    {
        if (!Long)
            Assert.Skip("takes minutes; set PIPELINE_FAULTS=long");
        if (!OperatingSystem.IsLinux() || !File.Exists("/bin/bash"))
            Assert.Skip("the limit on file sizes that stands in for a full disk needs bash on Linux");
        using var folder = new TempFolder();
        var input = Records(folder, 700);
        string[] arguments = ["extract", input, "--quiet", "--threads", "2", .. Words(format, compression), "--out"];
        Assert.Equal(3, Command.Run([.. arguments, folder["whole"]]).ExitCode);
        var most = (int)(new DirectoryInfo(folder["whole"]).GetFiles().Max(file => file.Length) / 1024);
        var (tried, lost) = (0, 0);
        for (var i = 0; i < 20; i++)
        {
            var stopped = Command.RunLimited(4 + (i * Math.Max(most, 20) / 20), [.. arguments, folder["out"]]);
            Assert.True(stopped.ExitCode is 1 or 3, stopped.Error);
            Assert.True(stopped.Error.Trim().Split('\n').Length == 1, stopped.Error);
            tried++;
            lost += IsLost(folder, arguments) ? 1 : 0;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{tried} full disks, {lost} lost");
        Assert.Equal(0, lost);
    }

    private static bool IsLost(TempFolder folder, string[] arguments)
    {
        var resumed = Command.Run([.. arguments, folder["out"], "--resume"]);
        var (whole, found) = (Cli.Tables.Bytes(folder["whole"]), Directory.Exists(folder["out"]) ? Cli.Tables.Bytes(folder["out"]) : []);
        var same = resumed.ExitCode is 0 or 3 && whole.Keys.SequenceEqual(found.Keys) && whole.All(file => file.Value.AsSpan().SequenceEqual(found[file.Key]))
            && Directory.GetFileSystemEntries(folder["out"], ".*").Length == 0;
        Directory.Delete(folder["out"], recursive: true);
        return !same;
    }

    private static string[] Words(OutputFormat format, Compression compression) =>
    [
        "--format", format switch { OutputFormat.Csv => "csv", OutputFormat.Parquet => "parquet", _ => "jsonl" },
        .. compression switch { Compression.Gzip => (string[])["--compress", "gzip"], Compression.Zstd => ["--compress", "zstd"], _ => [] },
    ];

    private static string Records(TempFolder folder, int count)
    {
        var lines = new StringBuilder();
        for (var i = 0; i < count; i++)
            lines.Append(CultureInfo.InvariantCulture, $"{{\"id\":\"r{i}\",\"date\":\"2024-05-{(i % 28) + 1:00}\",\"text\":\"Ministers met in Ankara on Tuesday for talk {i}. They fear that prices could rise by {i} percent next year.\"}}\n");
        return folder.Write("many.jsonl", lines.Append("{broken\n").ToString());
    }

    private static void BreakEverywhere(OutputFormat format, Compression compression, bool overwritten, Action fail)
    {
        using var folder = new TempFolder();
        Whole(folder["whole"], format, compression);
        var broken = 0;
        for (var point = 1; ; point++)
        {
            var path = folder[$"out{point}"];
            if (overwritten)
                Whole(path, OutputFormat.Parquet, Compression.None);
            var reached = 0;
            var ended = true;
            FaultPoint.Hook = _ =>
            {
                if (++reached == point)
                    fail();
            };
            try
            {
                using var output = Begun(path);
                Complete(output, format, compression, TestContext.Current.CancellationToken);
            }
            catch (Exception e) when (e is Died || (e is UserFileException && e.Message.Contains("--resume", StringComparison.Ordinal)))
            {
                ended = false;
            }
            finally
            {
                FaultPoint.Hook = null;
            }

            if (ended)
                break;
            broken++;
            var state = OutputFolder.StateOf(path);
            // Complete is complete: the report is there, and all that it reports.
            if (state == OutputState.Interrupted)
                GoOn(path, format, compression);
            else if (state == OutputState.Empty || File.Exists(Path.Combine(path, "articles.parquet")))
                Whole(path, format, compression);
            OutputFolder.TidyComplete(path);
            Cli.Tables.MustBeEqual(folder["whole"], path);
            Assert.Equal(OutputState.Complete, OutputFolder.StateOf(path));
            Assert.Empty(Directory.GetFileSystemEntries(path, ".*"));
        }

        Assert.True(broken >= (compression == Compression.None && format == OutputFormat.Csv ? 10 : 16), $"only {broken} points");
    }

    private static void Whole(string path, OutputFormat format, Compression compression)
    {
        using var output = Begun(path);
        Complete(output, format, compression, TestContext.Current.CancellationToken);
    }

    private static void GoOn(string path, OutputFormat format, Compression compression)
    {
        var (output, checkpoint) = OutputFolder.Continue(path);
        using (output)
        {
            if (output.IsCompleting)
            {
                output.GoOnCompleting(format, compression, Tables, CancellationToken.None);
                return;
            }

            // As a run does: what is behind the checkpoint is written again.
            if (checkpoint.Position == 1)
                Rows(output, 1);
            Complete(output, format, compression, TestContext.Current.CancellationToken);
        }
    }

    private static OutputFolder Begun(string path)
    {
        var output = OutputFolder.Begin(path, Tables);
        try
        {
            Rows(output, 0);
            output.Save("f", 1, 0, new RunCounts { Errors = 1 });
            Rows(output, 1);
            return output;
        }
        catch
        {
            output.Dispose();
            throw;
        }
    }

    private static void Rows(OutputFolder output, int number)
    {
        output.Append(OutputTables.Errors, Encoding.UTF8.GetBytes($"f{number},reading,empty file\n"));
        output.Append(OutputTables.Dates, Encoding.UTF8.GetBytes($"a{number},1,0,4,2024,DATE,2024,,2024-01-01,2024-12-31\n"));
    }

    private static void Complete(OutputFolder output, OutputFormat format, Compression compression, CancellationToken cancellation) =>
        output.Complete(format, compression, Tables, "{}"u8.ToArray(), """{"fingerprint":"f"}"""u8.ToArray(), cancellation);

    /// <summary>Stands for the end of the process: nothing in the program catches it.</summary>
    private sealed class Died : Exception;
}
