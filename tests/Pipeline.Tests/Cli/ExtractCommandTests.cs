using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Parquet;
using Pipeline.Reading;

namespace Pipeline.Tests.Cli;

/// <summary>The main job on the seeds, run once and looked at from many sides.</summary>
public sealed class SeedsRun : IDisposable
{
    private readonly TempFolder folder = new();

    public SeedsRun() => Result = Command.Run("extract", Repository.Seeds, "--out", Out, "--tokens", "--threads", "2");

    public string Out => folder["out"];

    internal Command Result { get; }

    public void Dispose() => folder.Dispose();
}

public class ExtractCommandTests(SeedsRun seeds) : IClassFixture<SeedsRun>
{
    private static readonly string[] Labels = ["context", "implication", "motivation"];
    private static readonly string[] EntityTypes = ["PERSON", "ORG", "GPE", "LOC", "NORP", "EVENT", "LAW", "MISC"];
    private static readonly string[] DateTypes = ["DATE", "TIME", "DURATION", "SET"];

    [Fact]
    public void Reads_every_seed_without_an_error()
    {
        Assert.True(seeds.Result.ExitCode == 0, seeds.Result.Error);
        Assert.Equal("", seeds.Result.Output);
        Assert.Equal(13, Tables.Read(seeds.Out, "articles").Count);
        Assert.Empty(Tables.Read(seeds.Out, "errors"));
    }

    [Fact]
    public void Every_row_is_the_slice_of_its_articles_text_that_it_says()
    {
        var texts = Tables.Read(seeds.Out, "articles").ToDictionary(row => row["article_id"], row => row["text"].EnumerateRunes().ToArray());
        foreach (var table in (string[])["sentences", "entities", "dates", "tokens"])
        {
            foreach (var row in Tables.Read(seeds.Out, table))
            {
                var slice = texts[row["article_id"]][int.Parse(row["start"], CultureInfo.InvariantCulture)..int.Parse(row["end"], CultureInfo.InvariantCulture)];
                Assert.Equal(row["text"], string.Concat(slice));
                Assert.NotEqual("", row["text"]);
            }
        }
    }

    [Fact]
    public void Columns_hold_what_the_contract_says()
    {
        foreach (var row in Tables.Read(seeds.Out, "articles"))
        {
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(row["text"]))), row["sha256"]);
            Assert.True(row["date"].Length == 0 == (row["date_from"] == "none"));
            Assert.NotEqual("0", row["sentences"]);
        }

        foreach (var row in Tables.Read(seeds.Out, "sentences"))
        {
            Assert.Equal(10_000, Labels.Sum(label => (int)Math.Round(double.Parse(row["p_" + label], CultureInfo.InvariantCulture) * 10_000)));
            Assert.Equal(row["p_" + row["role"]], row["confidence"]);
        }

        Assert.All(Tables.Read(seeds.Out, "entities"), row =>
        {
            Assert.Contains(row["type"], EntityTypes);
            Assert.NotEqual("", row["canonical"]);
            Assert.Matches("^([A-Z]{3})?$", row["country"]);
            Assert.InRange(double.Parse(row["confidence"], CultureInfo.InvariantCulture), 0, 1);
        });
        Assert.All(Tables.Read(seeds.Out, "dates"), row =>
        {
            Assert.Contains(row["type"], DateTypes);
            Assert.NotEqual("", row["value"]);
            Assert.Matches("^([0-9]{4}-[0-9]{2}-[0-9]{2})?$", row["earliest"]);
            Assert.True(row["earliest"].Length == 0 || row["latest"].Length == 0 || string.CompareOrdinal(row["earliest"], row["latest"]) <= 0);
        });
    }

    [Fact]
    public void Rows_stand_in_input_order_then_text_order()
    {
        var articles = Tables.Read(seeds.Out, "articles").Select(row => row["article_id"]).ToList();
        foreach (var table in (string[])["sentences", "entities", "dates", "tokens"])
        {
            var keys = Tables.Read(seeds.Out, table)
                .Select(row => (articles.IndexOf(row["article_id"]), int.Parse(row["start"], CultureInfo.InvariantCulture))).ToList();
            Assert.Equal(keys.Order(), keys);
            Assert.Equal(keys.Distinct(), keys);
        }
    }

    [Fact]
    public void Keeps_the_body_of_a_scraped_page_and_nothing_of_its_tail()
    {
        var article = Tables.Read(seeds.Out, "articles").Single(row => row["source"].StartsWith("why-beijing", StringComparison.Ordinal));
        Assert.Equal("What worries Beijing about the pact between Pyongyang and Moscow?", article["title"]);
        Assert.EndsWith("Moscow rather than in Beijing.", article["text"], StringComparison.Ordinal);
        foreach (var tail in (string[])["Telegram", "Lindqvist", "Harbin", "Articles:", "comment", "Required"])
            Assert.DoesNotContain(tail, article["text"], StringComparison.Ordinal);
        var sentences = Tables.Read(seeds.Out, "sentences").Where(row => row["article_id"] == article["article_id"]).ToList();
        Assert.StartsWith("State media in Pyongyang", sentences[0]["text"], StringComparison.Ordinal);
        Assert.Contains(sentences, row => row["section"] == "China's Motivations > A Rival for Influence");
    }

    [Theory]
    [InlineData("1", "en_US.UTF-8", "UTC")]
    [InlineData("8", "tr_TR.UTF-8", "Asia/Kathmandu")]
    public void Writes_the_same_bytes_for_any_threads_culture_and_time_zone(string threads, string culture, string zone)
    {
        using var folder = new TempFolder();
        var environment = new Dictionary<string, string> { ["LANG"] = culture, ["LC_ALL"] = culture, ["TZ"] = zone };
        Assert.Equal(0, Command.RunWith(null, environment, "extract", Repository.Seeds, "--out", folder["out"], "--tokens", "--threads", threads).ExitCode);
        Tables.MustBeEqual(seeds.Out, folder["out"]);
    }

    [Fact]
    public void The_merge_of_four_shards_is_one_run()
    {
        using var folder = new TempFolder();
        for (var i = 1; i <= 4; i++)
            Assert.Equal(0, Command.Run("extract", Repository.Seeds, "--out", folder[$"part{i}"], "--tokens", "--shard", $"{i}/4", "--quiet").ExitCode);
        var merged = Command.Run("merge", folder["part3"], folder["part1"], folder["part4"], folder["part2"], "--out", folder["out"]);
        Assert.True(merged.ExitCode == 0, merged.Error);
        Tables.MustBeEqual(seeds.Out, folder["out"]);

        var missing = Command.Run("merge", folder["part3"], folder["part1"], folder["part4"], "--out", folder["less"]);
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("shard 2/4 is missing", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupted_run_resumed_writes_what_an_uninterrupted_one_does()
    {
        using var folder = new TempFolder();
        var lines = new StringBuilder();
        for (var i = 0; i < 6000; i++)
            lines.Append(CultureInfo.InvariantCulture, $"{{\"id\":\"r{i}\",\"date\":\"2024-05-{(i % 28) + 1:00}\",\"text\":\"Ministers met in Ankara on Tuesday for talk {i}. They fear that prices could rise by {i} percent next year.\"}}\n");
        lines.Append("{broken\n");
        var input = folder.Write("many.jsonl", lines.ToString());
        Assert.Equal(3, Command.Run("extract", input, "--out", folder["whole"], "--quiet").ExitCode);

        using (var process = Command.Start(null, "extract", input, "--out", folder["out"], "--quiet", "--threads", "1"))
        {
            var checkpoint = folder["out/.partial/checkpoint.json"];
            var watch = Stopwatch.StartNew();
            while (!process.HasExited && watch.Elapsed < TimeSpan.FromSeconds(30) && !HasProgress(checkpoint))
                Thread.Sleep(5);
            process.Kill();
            process.WaitForExit();
        }

        Assert.False(File.Exists(folder["out/articles.csv"]), "the run ended before it could be interrupted");
        var refused = Command.Run("extract", input, "--out", folder["out"]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--resume", refused.Error, StringComparison.Ordinal);
        Assert.Equal(3, Command.Run("extract", input, "--out", folder["out"], "--resume", "--threads", "2").ExitCode);
        Tables.MustBeEqual(folder["whole"], folder["out"]);
        Assert.False(Directory.Exists(folder["out/.partial"]));

        var again = Command.Run("extract", input, "--out", folder["out"], "--resume");
        Assert.Equal(0, again.ExitCode);
        Assert.Contains("nothing to do", again.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT", "1")]
    [InlineData("INT", "2")]
    [InlineData("TERM", "1")]
    [InlineData("HUP", "2")]
    public void A_signal_ends_a_run_that_waits_for_input_with_130_and_keeps_what_is_done(string signal, string threads)
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("the signal is sent with kill");
        using var folder = new TempFolder();
        using var process = Command.StartListening("extract", "-", "--out", folder["out"], "--threads", threads);
        process.StandardInput.Write("{\"text\":\"Ankara froze the talks.\"}\n");
        process.StandardInput.Flush();
        while (!File.Exists(folder["out/.partial/checkpoint.json"]) && !process.HasExited)
            Thread.Sleep(20);
        Command.Signal(process, signal);
        process.WaitForExit();
        Assert.Equal(130, process.ExitCode);
        var error = process.StandardError.ReadToEnd();
        Assert.Contains("--resume", error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
        Assert.Empty(Directory.GetFiles(folder["out"]));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public void A_reader_that_is_gone_ends_a_run_that_waits_for_input(string threads)
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("pipes there do not tell");
        using var process = Command.Start(null, "extract", "-", "--out", "-", "--quiet", "--threads", threads);
        process.StandardInput.Write("{\"text\":\"Ankara froze the talks.\"}\n");
        process.StandardInput.Flush();
        process.StandardOutput.Close();
        process.WaitForExit();
        Assert.Equal(1, process.ExitCode);
        Assert.Equal("pipeline: standard output: cannot be written: nobody reads it any more", process.StandardError.ReadToEnd().Trim());
    }

    [Theory]
    [InlineData("extract - --out - --quiet")]
    [InlineData("--version")]
    [InlineData("extract --help")]
    public void A_full_standard_output_is_one_line(string arguments)
    {
        if (!File.Exists("/dev/full"))
            Assert.Skip("needs /dev/full");
        var result = Command.RunShell("echo '{\"text\":\"Ankara froze the talks.\"}' | dotnet \"$0\" \"$@\" >/dev/full", arguments.Split(' '));
        Assert.Equal(1, result.ExitCode);
        Assert.Single(result.Error.Trim().Split('\n'));
        Assert.StartsWith("pipeline: standard output: cannot be written", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_said_carries_a_control_character()
    {
        using var folder = new TempFolder();
        var result = Command.Run("extract", folder["no\u001b]0;owned\u0007such\u009b31m"], "--out", folder["out"]);
        Assert.Equal(2, result.ExitCode);
        Assert.DoesNotContain(result.Error.TrimEnd('\n'), char.IsControl);
        Assert.Contains("⟨U+001B⟩", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Records_with_one_id_are_the_same_in_shards_and_in_one_run()
    {
        using var folder = new TempFolder();
        var lines = new StringBuilder();
        foreach (var (id, town) in (ReadOnlySpan<(string, string)>)[
            ("x", "Paris"), ("x", "London"), ("x@2", "Rome"), ("y", "Oslo"), ("x", "Bern"), ("x@5", "Kyiv"), ("x@2", "Riga"), ("x@2@3", "Lima"), ("y@9", "Doha"), ("y", "Wien")])
            lines.Append(CultureInfo.InvariantCulture, $"{{\"id\":\"{id}\",\"text\":\"The minister said in {town} on 3 May 2024 that it was fine, and {town} agreed.\"}}\n");
        var input = folder.Write("twins.jsonl", lines.ToString());
        Assert.Equal(0, Command.Run("extract", input, "--out", folder["whole"], "--tokens").ExitCode);
        for (var i = 1; i <= 5; i++)
            Assert.Equal(0, Command.Run("extract", input, "--out", folder[$"part{i}"], "--tokens", "--shard", $"{i}/5").ExitCode);
        var merged = Command.Run(["merge", .. Enumerable.Range(1, 5).Select(i => folder[$"part{i}"]), "--out", folder["out"]]);
        Assert.True(merged.ExitCode == 0, merged.Error);
        Tables.MustBeEqual(folder["whole"], folder["out"]);
        Assert.Equal(10, Tables.Read(folder["out"], "articles").Select(row => row["article_id"]).Distinct().Count());

        var twice = Command.Run("merge", folder["whole"], folder["out"], "--out", folder["both"]);
        Assert.Equal(1, twice.ExitCode);
        Assert.Contains("stands in two of the outputs", twice.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Serves_records_through_a_pipe_and_answers_a_bad_one_on_its_own_line()
    {
        var result = Command.RunWith(
            "{\"id\":\"a\",\"text\":\"Ankara froze the talks on 3 May 2023.\"}\nbroken\n{\"id\":\"b\",\"text\":\"Rome waits.\"}\n",
            null, "extract", "-", "--out", "-", "--quiet");
        Assert.Equal(3, result.ExitCode);
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(3, lines.Count);
        Assert.Equal("stdin#a", lines[0].GetProperty("source").GetString());
        Assert.Equal("2023-05-03", lines[0].GetProperty("dates")[0].GetProperty("value").GetString());
        Assert.Contains("not a JSON line", lines[1].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal("Rome waits.", lines[2].GetProperty("sentences")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Writes_parquet_with_the_rows_of_the_csv()
    {
        using var folder = new TempFolder();
        Assert.Equal(0, Command.Run("extract", Repository.Seeds, "--out", folder["out"], "--format", "parquet").ExitCode);
        await using var reader = await ParquetReader.CreateAsync(folder["out/sentences.parquet"], cancellationToken: TestContext.Current.CancellationToken);
        using var group = reader.OpenRowGroupReader(0);
        Assert.Equal(Tables.Read(seeds.Out, "sentences").Count, group.RowCount);
        Assert.False(File.Exists(folder["out/sentences.csv"]));
    }

    [Theory]
    [InlineData("csv", "gzip", ".gz")]
    [InlineData("jsonl", "gzip", ".gz")]
    [InlineData("csv", "zstd", ".zst")]
    [InlineData("jsonl", "zstd", ".zst")]
    public void Compresses_the_tables_to_the_same_bytes(string format, string compression, string ending)
    {
        using var folder = new TempFolder();
        Assert.Equal(0, Command.Run("extract", Repository.Seeds, "--out", folder["plain"], "--format", format).ExitCode);
        Assert.Equal(0, Command.Run("extract", Repository.Seeds, "--out", folder["small"], "--format", format, "--compress", compression).ExitCode);
        Assert.Equal(0, Command.Run("extract", Repository.Seeds, "--out", folder["again"], "--format", format, "--compress", compression, "--threads", "1").ExitCode);
        foreach (var plain in Directory.GetFiles(folder["plain"], "*." + format))
        {
            var small = Path.Combine(folder["small"], Path.GetFileName(plain) + ending);
            using var packed = Compressions.Unpack(File.OpenRead(small), Compressions.Of(small).Compression);
            using var bytes = new MemoryStream();
            packed.CopyTo(bytes);
            Assert.Equal(File.ReadAllBytes(small), File.ReadAllBytes(Path.Combine(folder["again"], Path.GetFileName(small))));
            Assert.Equal(File.ReadAllBytes(plain), bytes.ToArray());
        }

        Assert.Empty(Directory.GetFiles(folder["small"], "*." + format));
        Assert.Contains($"\"articles.{format}{ending}\"", File.ReadAllText(folder["small/datapackage.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_records_with_one_id_both_stay()
    {
        using var folder = new TempFolder();
        var input = folder.Write("a.jsonl", "{\"id\":\"x\",\"text\":\"One.\"}\n{\"id\":\"x\",\"text\":\"Two.\"}\n{\"text\":\"One.\"}\n");
        Assert.Equal(0, Command.Run("extract", input, "--out", folder["out"]).ExitCode);
        var articles = Tables.Read(folder["out"], "articles");
        Assert.Equal(["a.jsonl#x", "a.jsonl#x@2", "a.jsonl#3"], articles.Select(row => row["source"]));
        Assert.Equal(articles[0]["article_id"], articles[2]["duplicate_of"]);
        Assert.Equal("", articles[1]["duplicate_of"]);
    }

    [Fact]
    public void Fills_in_the_users_date_only_where_an_article_has_none()
    {
        using var folder = new TempFolder();
        var input = folder.Write("a.jsonl", "{\"text\":\"Shares fell on Tuesday.\"}\n{\"text\":\"Shares fell on Tuesday again.\",\"date\":\"2020-01-08\"}\n");
        Assert.Equal(0, Command.Run("extract", input, "--out", folder["out"], "--date", "2024-11-14").ExitCode);
        Assert.Equal([("2024-11-14", "option"), ("2020-01-08", "metadata")], Tables.Read(folder["out"], "articles").Select(row => (row["date"], row["date_from"])));
        Assert.Equal(["2024-11-12", "2020-01-07"], Tables.Read(folder["out"], "dates").Select(row => row["value"]));
    }

    [Fact]
    public void Accounts_for_every_input_however_bad()
    {
        using var folder = new TempFolder();
        folder.Write("in/a-empty.txt", "");
        folder.Write("in/b-binary.txt", [0, 1, 2, 3, 0, 255]);
        folder.Write("in/c-photo.jpg", [1]);
        folder.Write("in/d-good.txt", "The ministers met in Ankara on Tuesday and agreed on nothing.");
        folder.Write("in/e-lines.jsonl", "{\"text\":\"Good.\"}\n{bad\n");
        folder.Write("in/f-broken.jsonl.gz", [0x1F, 0x8B, 8, 0, 1, 2, 3]);
        folder.Write("in/g-latin.txt", Pipeline.Reading.TextDecoder.Named("windows-1252")!.GetBytes("Le président a déclaré que la réforme serait votée à l’été. Les députés étaient prêts à céder."));
        folder.Write("in/h-big.txt", new string('a', 2_000_000));
        File.CreateSymbolicLink(folder["in/i-gone.txt"], folder["nowhere.txt"]);
        var result = Command.Run("extract", folder["in"], "--out", folder["out"], "--max-size", "1");
        Assert.Equal(3, result.ExitCode);
        Assert.Equal(["d-good.txt", "e-lines.jsonl#1", "g-latin.txt"], Tables.Read(folder["out"], "articles").Select(row => row["source"]));
        var errors = Tables.Read(folder["out"], "errors");
        Assert.Equal(
            ["a-empty.txt", "b-binary.txt", "c-photo.jpg", "e-lines.jsonl#2", "f-broken.jsonl.gz", "h-big.txt", "i-gone.txt"],
            errors.Select(row => row["source"]));
        Assert.All(errors, row => Assert.DoesNotContain('\n', row["error"]));
        Assert.Contains("7 inputs failed", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { "extract", "SEEDS" }, "--out")]
    [InlineData(new[] { "extract", "--out", "OUT" }, "PATH")]
    [InlineData(new[] { "extract", "no-such-folder", "--out", "OUT" }, "no such file or folder")]
    [InlineData(new[] { "extract", "SEEDS", "--out", "OUT", "--frobnicate" }, "--frobnicate")]
    [InlineData(new[] { "extract", "SEEDS", "--out", "OUT", "--date", "11/12/2024" }, "YYYY-MM-DD")]
    [InlineData(new[] { "extract", "SEEDS", "--out", "OUT", "--shard", "5/4" }, "I/N")]
    [InlineData(new[] { "extract", "SEEDS", "--out", "OUT", "--threads", "0" }, "--threads")]
    [InlineData(new[] { "extract", "SEEDS", "--out", "OUT", "--format", "xml" }, "xml")]
    [InlineData(new[] { "extract", "SEEDS", "--out", "OUT", "--resume", "--overwrite" }, "exclude")]
    [InlineData(new[] { "extract", "SEEDS", "--out", "OUT", "--compress", "zip" }, "zip")]
    [InlineData(new[] { "extract", "SEEDS", "--out", "OUT", "--compress", "gzip", "--format", "parquet" }, "Parquet")]
    [InlineData(new[] { "extract", "SEEDS", "--out", "OUT", "--compress", "gzip", "--shard", "1/2" }, "pipeline merge")]
    [InlineData(new[] { "extract", "SEEDS", "--out", "OUT", "--compress", "zstd", "--format", "parquet" }, "Parquet")]
    [InlineData(new[] { "extract", "SEEDS", "--out", "-", "--compress", "zstd" }, "through zstd")]
    [InlineData(new[] { "merge", "SEEDS", "--out", "OUT", "--compress", "zstd", "--format", "parquet" }, "Parquet")]
    [InlineData(new[] { "extract", "SEEDS", "--out", "OUT", "--input-encoding", "klingon" }, "klingon")]
    [InlineData(new[] { "extract", "SEEDS", "--out", "-", "--resume" }, "--out -")]
    [InlineData(new[] { "merge", "no-such-folder", "--out", "OUT" }, "no such folder")]
    [InlineData(new[] { "extrakt", "SEEDS", "--out", "OUT" }, "extrakt")]
    public void Wrong_usage_is_one_line_and_exit_code_two(string[] arguments, string hint)
    {
        using var folder = new TempFolder();
        var result = Command.Run([.. arguments.Select(argument => argument.Replace("SEEDS", Repository.Seeds, StringComparison.Ordinal).Replace("OUT", folder["out"], StringComparison.Ordinal))]);
        Assert.Equal(2, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.Single(result.Error.Trim().Split('\n'));
        Assert.Contains(hint, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["out"]));
    }

    [Fact]
    public void Never_overwrites_or_mixes_without_the_users_word()
    {
        using var folder = new TempFolder();
        folder.Write("out/thesis.docx", "mine");
        var input = folder.Write("a.txt", "Ministers met in Ankara.");
        Assert.Equal(2, Command.Run("extract", input, "--out", folder["out"]).ExitCode);
        Assert.Equal(2, Command.Run("extract", input, "--out", folder["out"], "--resume").ExitCode);
        Assert.Equal(0, Command.Run("extract", input, "--out", folder["out"], "--overwrite", "--tokens").ExitCode);
        Assert.Equal(2, Command.Run("extract", input, "--out", folder["out"]).ExitCode);
        Assert.Equal(0, Command.Run("extract", input, "--out", folder["out"], "--overwrite").ExitCode);
        Assert.False(File.Exists(folder["out/tokens.csv"]), "a table of the replaced output was left");
        Assert.Equal("mine", File.ReadAllText(folder["out/thesis.docx"]));
    }

    [Fact]
    public void A_missing_model_stops_the_run_with_what_to_do()
    {
        using var folder = new TempFolder();
        var result = Command.Run("extract", Repository.Seeds, "--out", folder["out"], "--models", folder.Path);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("the model is missing", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["out"]));
    }

    [Fact]
    public void A_full_disk_stops_the_run_and_what_is_done_can_go_on()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/bin/bash"))
            Assert.Skip("the limit on file sizes that stands in for a full disk needs bash on Linux");
        using var folder = new TempFolder();
        var result = Command.RunLimited(kilobytes: 8, "extract", Repository.Seeds, "--out", folder["out"], "--tokens");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("go on with --resume", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Trim().Split('\n'));
        Assert.Empty(Directory.GetFiles(folder["out"]));

        Assert.Equal(0, Command.Run("extract", Repository.Seeds, "--out", folder["out"], "--tokens", "--resume").ExitCode);
        Tables.MustBeEqual(seeds.Out, folder["out"]);
    }

    [Fact]
    public void Help_shows_examples_and_the_version_is_a_number()
    {
        Assert.Contains("pipeline extract articles --out tables", Command.Run("extract", "--help").Output, StringComparison.Ordinal);
        Assert.Matches("^[0-9]+\\.[0-9]+\\.[0-9]+", Command.Run("--version").Output);
    }

    private static bool HasProgress(string checkpoint)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(checkpoint)).RootElement.GetProperty("Position").GetInt64() > 0;
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
