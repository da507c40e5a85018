using System.Diagnostics;
using System.Text.Json;

namespace Pipeline.Tests.Cli;

/// <summary>The recipes for more than one process: Slurm, and any engine that pipes lines.</summary>
public class ScaleTests
{
    private const int Articles = 400;

    // A shard must last long enough to be caught at work.
    private const int ArticlesOfSlurm = 4000;

    [Fact]
    public void Eight_shards_on_two_Slurm_nodes_with_one_step_killed_merge_into_a_single_run()
    {
        if (Find("slurmctld") is null || Find("munged") is null || Environment.UserName != "root")
            Assert.Skip("needs root and Debian's slurm-wlm and munge: apt-get install slurm-wlm munge");
        using var folder = new TempFolder();
        var program = Script(folder);
        var result = Run("bash", Path.Combine(Repository.Root, "scale", "slurm", "test.sh"), program, Records(folder, ArticlesOfSlurm));
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Contains("ended with 137", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Records_piped_through_GNU_parallel_come_back_in_order_and_as_from_one_process()
    {
        if (Find("parallel") is null)
            Assert.Skip("needs GNU parallel: apt-get install parallel");
        using var folder = new TempFolder();
        var (program, records) = (Script(folder), Records(folder, Articles));
        var one = Run("bash", "-c", $"'{program}' extract - --out - --quiet < '{records}'");
        var many = Run("bash", "-c", $"parallel --pipe --keep-order --jobs 2 --block 200k '{program}' extract - --out - --quiet < '{records}'");
        Assert.Equal((0, 0), (one.ExitCode, many.ExitCode));

        // Copies are known within a process only, so what is a duplicate may differ; nothing else does.
        Assert.Equal(Articles, Lines(one.Output).Count);
        Assert.Equal(Lines(one.Output), Lines(many.Output));
    }

    private static List<string> Lines(string output) =>
        [.. output.TrimEnd('\n').Split('\n').Select(line =>
        {
            var article = System.Text.Json.Nodes.JsonNode.Parse(line)!.AsObject();
            article.Remove("duplicate_of");
            return article.ToJsonString();
        })];

    /// <summary>The seeds' text articles again and again, each with a sentence of its own.</summary>
    private static string Records(TempFolder folder, int count)
    {
        var texts = Directory.GetFiles(Repository.Seeds, "*.txt").Order(StringComparer.Ordinal).Select(File.ReadAllText).ToList();
        return folder.Write("records.jsonl", string.Join('\n', Enumerable.Range(1, count).Select(i =>
            JsonSerializer.Serialize(new { id = $"r{i}", date = "2024-11-20", text = $"{texts[i % texts.Count]}\n\nIt was report number {i} of the series that the agency had sent to its readers." }))));
    }

    private static string Script(TempFolder folder)
    {
        var path = folder.Write("pipeline", $"#!/bin/bash\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "pipeline.dll")}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute);
        return path;
    }

    private static string? Find(string program) =>
        OperatingSystem.IsWindows() ? null : ((string[])["/usr/bin", "/usr/sbin", "/bin", "/sbin"]).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static (int ExitCode, string Output, string Error) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        return (process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }
}
