using System.Text.Json;
using Parquet;
using Pipeline.Writing;

namespace Pipeline.Tests.Writing;

public class OutputFolderTests
{
    private static readonly IReadOnlyList<Table> Tables = OutputTables.For(Given.Labels, withTokens: true, withWhy: false);

    [Fact]
    public void Gives_final_names_only_when_all_is_complete()
    {
        using var folder = new TempFolder();
        using var output = OutputFolder.Begin(folder["out"], Tables);
        output.Append(OutputTables.Errors, "a,reading,empty file\n"u8);
        output.Save("f", 1, 0, new RunCounts());
        Assert.Equal(OutputState.Interrupted, OutputFolder.StateOf(folder["out"]));
        Assert.Equal([".lock"], Directory.GetFiles(folder["out"]).Select(Path.GetFileName));

        output.Complete(OutputFormat.Csv, Pipeline.Reading.Compression.None, Tables, "{}"u8.ToArray(), """{"fingerprint":"f"}"""u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal(OutputState.Complete, OutputFolder.StateOf(folder["out"]));
        Assert.Equal("f", OutputFolder.FingerprintOf(folder["out"]));
        Assert.Equal("source,stage,error\na,reading,empty file\n", File.ReadAllText(folder["out/errors.csv"]));
        Assert.Equal(
            ["articles.csv", "datapackage.json", "dates.csv", "entities.csv", "errors.csv", "run.json", "sentences.csv", "tokens.csv"],
            Directory.GetFileSystemEntries(folder["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Cuts_off_what_was_written_behind_the_checkpoint()
    {
        using var folder = new TempFolder();
        using (var output = OutputFolder.Begin(folder["out"], Tables))
        {
            output.Append(OutputTables.Errors, "a,reading,kept\n"u8);
            output.Save("f", 1, 42, new RunCounts { Errors = 1 });
            output.Append(OutputTables.Errors, "b,reading,half-writ"u8);
        }

        var (resumed, checkpoint) = OutputFolder.Continue(folder["out"]);
        using (resumed)
        {
            Assert.Equal((1L, 42UL, 1L), (checkpoint.Position, checkpoint.InputHash, checkpoint.Counts.Errors));
            resumed.Append(OutputTables.Errors, "c,reading,next\n"u8);
            resumed.Complete(OutputFormat.Csv, Pipeline.Reading.Compression.None, Tables, [], "{}"u8.ToArray(), TestContext.Current.CancellationToken);
        }

        Assert.Equal("source,stage,error\na,reading,kept\nc,reading,next\n", File.ReadAllText(folder["out/errors.csv"]));
    }

    [Fact]
    public void A_checkpoint_keeps_every_count()
    {
        using var folder = new TempFolder();
        var counts = new RunCounts();
        var number = 0L;
        foreach (var member in typeof(RunCounts).GetProperties().Where(p => p.CanWrite))
            member.SetValue(counts, ++number);
        using (var output = OutputFolder.Begin(folder["out"], Tables))
            output.Save("f", 7, 42, counts);

        var (resumed, checkpoint) = OutputFolder.Continue(folder["out"]);
        resumed.Dispose();
        Assert.True(number > 0);
        Assert.Equal(counts, checkpoint.Counts);
        Assert.Equal(("f", 7L, 42UL), (checkpoint.Fingerprint, checkpoint.Position, checkpoint.InputHash));
        Assert.Contains(OutputTables.Errors + ".csv", checkpoint.Lengths.Keys.Select(k => k.EndsWith(".csv", StringComparison.Ordinal) ? k : k + ".csv"));
    }

    [Theory]
    [InlineData("{ broken")]
    [InlineData("")]
    public void Says_what_to_do_about_a_broken_checkpoint(string content)
    {
        using var folder = new TempFolder();
        folder.Write("out/.partial/checkpoint.json", content);
        var error = Assert.Throws<UserFileException>(() => OutputFolder.Continue(folder["out"]));
        Assert.Contains("--overwrite", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tells_the_states_of_a_folder_apart()
    {
        using var folder = new TempFolder();
        Assert.Equal(OutputState.Empty, OutputFolder.StateOf(folder["missing"]));
        Assert.Equal(OutputState.Empty, OutputFolder.StateOf(folder.Path));
        folder.Write("notes.docx", "mine");
        Assert.Equal(OutputState.Foreign, OutputFolder.StateOf(folder.Path));
    }

    [Fact]
    public async Task Writes_parquet_and_json_lines_with_the_values_of_the_csv()
    {
        using var folder = new TempFolder();
        var table = Tables.Single(table => table.Name == OutputTables.Entities);
        var csv = folder.Write("entities.csv", "article_id,sentence_id,start,end,text,type,canonical,country,confidence\na1,1,0,4,\"'=Oslo, \"\"x\"\"\",GPE,Oslo,,0.9500\na1,2,9,13,Rome,GPE,Rome,ITA,1.0000\n");
        TableConverter.Convert(csv, table, OutputFormat.JsonLines, folder["entities.jsonl"], cancellation: TestContext.Current.CancellationToken);
        var lines = File.ReadAllLines(folder["entities.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal("=Oslo, \"x\"", lines[0].GetProperty("text").GetString());
        Assert.Equal(JsonValueKind.Null, lines[0].GetProperty("country").ValueKind);
        Assert.Equal(9, lines[1].GetProperty("start").GetInt32());
        Assert.Equal(0.95, lines[0].GetProperty("confidence").GetDouble());

        TableConverter.Convert(csv, table, OutputFormat.Parquet, folder["entities.parquet"], cancellation: TestContext.Current.CancellationToken);
        await using var reader = await ParquetReader.CreateAsync(folder["entities.parquet"], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(table.Columns.Select(column => column.Name), reader.Schema.DataFields.Select(field => field.Name));
        Assert.Equal(1, reader.RowGroupCount);
    }

    [Fact]
    public void Describes_every_column_and_key()
    {
        using var package = JsonDocument.Parse(DataPackage.Describe(Tables, OutputFormat.Csv, Pipeline.Reading.Compression.None, "0.1.0"));
        var resources = package.RootElement.GetProperty("resources").EnumerateArray().ToList();
        Assert.Equal(Tables.Select(table => table.Name + ".csv"), resources.Select(resource => resource.GetProperty("path").GetString()));
        foreach (var (table, resource) in Tables.Zip(resources))
        {
            var fields = resource.GetProperty("schema").GetProperty("fields").EnumerateArray().Select(field => field.GetProperty("name").GetString()).ToList();
            Assert.Equal(table.Columns.Select(column => column.Name), fields);
            if (!resource.GetProperty("schema").TryGetProperty("foreignKeys", out var keys))
                continue;
            foreach (var key in keys.EnumerateArray())
            {
                foreach (var field in key.GetProperty("fields").EnumerateArray())
                    Assert.Contains(field.GetString(), fields);
                var target = key.GetProperty("reference").GetProperty("resource").GetString();
                Assert.True(target!.Length == 0 || Tables.Any(other => other.Name == target));
            }
        }
    }
}
