using System.Globalization;
using System.Text;
using System.Text.Json;
using CsvHelper;
using Pipeline.Cleaning;
using Pipeline.Reading;

namespace Pipeline.Writing;

/// <summary>
/// Joins outputs into one. Shards of one run give, byte for byte, the tables of a run without shards; other outputs
/// stand one behind the other in the order given. Streaming: memory does not grow with the tables' rows.
/// </summary>
public static class OutputMerge
{
    private static readonly string[] ChildTables =
        [OutputTables.Sentences, OutputTables.Entities, OutputTables.Dates, OutputTables.Tokens];

    /// <summary>Merges complete CSV outputs.</summary>
    /// <param name="folders">The outputs.</param>
    /// <param name="target">Where the joined output goes; what stood there is replaced.</param>
    /// <param name="format">How its tables are written.</param>
    /// <param name="compression">How they are compressed; not at all for Parquet.</param>
    /// <param name="progress">Told the number of articles done.</param>
    /// <param name="cancellation">Stops the merge; the target keeps what it had.</param>
    /// <exception cref="UserFileException">An output is incomplete, of another kind than the first, or not CSV; a shard is missing.</exception>
    public static RunCounts Merge(
        IReadOnlyList<string> folders, string target, OutputFormat format, Compression compression, Action<long>? progress, CancellationToken cancellation)
    {
        var inputs = folders.Select(Input.Open).ToList();
        try
        {
            foreach (var input in inputs.Skip(1))
                input.MustMatch(inputs[0]);
            if (inputs[0].ShardCount > 1)
                MustBeAllShards(inputs);
            return Merge(inputs, target, format, compression, progress, cancellation);
        }
        finally
        {
            inputs.ForEach(input => input.Dispose());
        }
    }

    private static RunCounts Merge(
        List<Input> inputs, string target, OutputFormat format, Compression compression, Action<long>? progress, CancellationToken cancellation)
    {
        var tables = OutputTables.For(inputs[0].Labels, inputs[0].Has(OutputTables.Tokens), inputs[0].WithWhy);
        using var output = OutputFolder.Begin(target, tables);
        using var sources = new DistinctSources(output.ScratchFolder);
        using var duplicates = new NearDuplicates(output.ScratchFolder);
        using var rows = new CsvTable();
        var counts = new RunCounts();
        while (NextOf(inputs) is { } input)
        {
            cancellation.ThrowIfCancellationRequested();
            counts.Inputs++;
            if (input.TakeError() is { } error)
            {
                counts.Errors++;
                output.Append(OutputTables.Errors, error);
                continue;
            }

            counts.Articles++;
            var written = input.TakeArticle(out var number, out var repeats);
            // A shard tells apart what it sees of one id; all shards together may have more of them.
            var source = sources.Add(input.SourceOf(written, number, repeats), number, out var hash, out var allRepeats);
            if (allRepeats > 0 && input.ShardCount == 1)
                throw new UserFileException(input.Folder, 0, $"article {written.Id} ({written.Source}) stands in two of the outputs; leave one of them out");
            var article = written.As(ArticleReader.IdOf(hash), source);
            var duplicateOf = duplicates.Find(hash, ArticleSignature.Of(article.Text)) is { } original ? ArticleReader.IdOf(original) : null;
            counts.Duplicates += duplicateOf is null ? 0 : 1;
            var skipped = duplicateOf is not null && input.SkipsDuplicates;
            counts.Tokens += article.Tokens;
            output.Append(OutputTables.Articles, article.Row(rows, duplicateOf));
            foreach (var name in ChildTables)
            {
                var copied = input.CopyRows(name, written.Id, article.Id, row =>
                {
                    if (!skipped)
                        output.Append(name, row);
                });
                if (skipped)
                    continue;
                switch (name)
                {
                    case OutputTables.Sentences: counts.Sentences += copied; break;
                    case OutputTables.Entities: counts.Entities += copied; break;
                    case OutputTables.Dates: counts.Dates += copied; break;
                }
            }

            progress?.Invoke(counts.Articles);
        }

        foreach (var input in inputs)
            input.MustBeAtItsEnd();
        sources.Dispose();
        duplicates.Dispose();
        output.Complete(format, compression, tables, DataPackage.Describe(tables, format, compression, inputs[0].Version), Report(inputs, counts), cancellation);
        return counts;
    }

    private static Input? NextOf(List<Input> inputs)
    {
        Input? next = null;
        foreach (var input in inputs)
        {
            if (input.Position is { } position && (next is null || position < next.Position))
                next = input;
        }

        return next;
    }

    private static void MustBeAllShards(List<Input> inputs)
    {
        var count = inputs[0].ShardCount;
        for (var i = 1; i <= count; i++)
        {
            var found = inputs.Count(input => input.ShardIndex == i);
            if (found != 1)
                throw new UserFileException(inputs[0].Folder, 0, $"shard {i}/{count} is {(found == 0 ? "missing" : "there twice")}; merge needs each shard once");
        }
    }

    private static byte[] Report(List<Input> inputs, RunCounts counts)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("version", inputs[0].Version);
            json.WriteStartArray("merged");
            foreach (var input in inputs)
                input.Report.WriteTo(json);
            json.WriteEndArray();
            json.WritePropertyName("models");
            inputs[0].Report.GetProperty("models").WriteTo(json);
            json.WritePropertyName("labels");
            inputs[0].Report.GetProperty("labels").WriteTo(json);
            json.WritePropertyName("counts");
            JsonSerializer.Serialize(json, counts, CountsNaming);
            json.WriteEndObject();
        }

        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }

    private static readonly JsonSerializerOptions CountsNaming = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>One article's row, taken apart as far as merging has to.</summary>
    private sealed record ArticleRow(string[] Cells, ColumnType[] Types)
    {
        public string Id => Cells[0];

        public string Source => Cells[1];

        public long Tokens => long.Parse(Cells[10], CultureInfo.InvariantCulture);

        public string Text => Cells[13];

        /// <summary>The same article under another name.</summary>
        public ArticleRow As(string id, string source) => source == Source ? this : this with { Cells = [id, source, .. Cells[2..]] };

        public byte[] Row(CsvTable rows, string? duplicateOf)
        {
            for (var i = 0; i < Cells.Length; i++)
            {
                if (Types[i] == ColumnType.Integer)
                    rows.Integer(long.Parse(Cells[i], CultureInfo.InvariantCulture));
                else
                    rows.Text(i == 12 ? duplicateOf : Cells[i]);
            }

            rows.EndRow();
            return rows.Take();
        }
    }

    private sealed class Input : IDisposable
    {
        private readonly Dictionary<string, CsvReader> readers = [];
        private readonly Dictionary<string, bool> hasRow = [];
        private readonly List<byte> line = [];

        private Input(string folder, JsonElement report)
        {
            (Folder, Report) = (folder, report);
            Version = report.GetProperty("version").GetString()!;
            Labels = [.. report.GetProperty("labels").EnumerateArray().Select(label => label.GetString()!)];
            if (!report.TryGetProperty("options", out var options))
                return;
            SkipsDuplicates = options.GetProperty("skip_duplicates").GetBoolean();
            if (options.GetProperty("shard").GetString() is { } shard)
            {
                var parts = shard.Split('/');
                ShardIndex = int.Parse(parts[0], CultureInfo.InvariantCulture);
                ShardCount = int.Parse(parts[1], CultureInfo.InvariantCulture);
            }
        }

        public string Folder { get; }

        public JsonElement Report { get; }

        public string Version { get; }

        public string[] Labels { get; }

        public bool SkipsDuplicates { get; }

        public int ShardIndex { get; } = 1;

        public int ShardCount { get; } = 1;

        public bool WithWhy => readers[OutputTables.Sentences].Headers.Contains("why");

        /// <summary>Where the next row stands in the order of all outputs; <see langword="null"/> at the end.</summary>
        public long? Position
        {
            get
            {
                if (ShardCount > 1)
                    return hasRow[ShardOrder.Name] ? long.Parse(readers[ShardOrder.Name].GetString(0), CultureInfo.InvariantCulture) : null;
                return hasRow[OutputTables.Articles] || hasRow[OutputTables.Errors] ? 0 : null;
            }
        }

        public static Input Open(string folder)
        {
            var path = Path.Combine(folder, "run.json");
            try
            {
                var report = JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(path));
                var input = new Input(folder, report);
                foreach (var name in ChildTables.Concat([OutputTables.Articles, OutputTables.Errors, ShardOrder.Name]))
                {
                    var csv = Path.Combine(folder, name + ".csv");
                    if (!File.Exists(csv))
                    {
                        if (name is OutputTables.Tokens or ShardOrder.Name)
                            continue;
                        throw new UserFileException(csv, 0, "missing; merge joins complete CSV outputs of 'pipeline extract', not compressed");
                    }

                    input.readers[name] = TableConverter.Reader(csv);
                    input.readers[name].ReadHeader();
                    input.Advance(name);
                }

                if (input.ShardCount > 1 && !input.Has(ShardOrder.Name))
                    throw new UserFileException(Path.Combine(folder, "shard.csv"), 0, "missing; without it the shard cannot be put in its place");
                if (input.ShardCount > 1 && !input.readers[ShardOrder.Name].Headers.SequenceEqual(ShardOrder.Table.Columns.Select(column => column.Name)))
                    throw new UserFileException(Path.Combine(folder, "shard.csv"), 1, "of another version of pipeline; run the shard again");
                return input;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new UserFileException(path, 0, "not a complete output of 'pipeline extract' (an interrupted run goes on with --resume)", e);
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                throw new UserFileException(path, 0, "not the report of a run: " + e.Message.ReplaceLineEndings(" "), e);
            }
        }

        public bool Has(string table) => readers.ContainsKey(table);

        public void MustMatch(Input first)
        {
            foreach (var (name, reader) in readers)
            {
                if (!first.readers.TryGetValue(name, out var other) || !reader.Headers.SequenceEqual(other.Headers))
                    throw new UserFileException(Path.Combine(Folder, name + ".csv"), 0, $"its columns are not those of {first.Folder}; merge outputs of the same options and models");
            }

            if (readers.Count != first.readers.Count)
                throw new UserFileException(Folder, 0, $"its tables are not those of {first.Folder}; merge outputs of the same options");
            if (ShardCount != first.ShardCount)
                throw new UserFileException(Folder, 0, $"not of the same number of shards as {first.Folder}");
            if (Report.GetProperty("models").GetRawText() != first.Report.GetProperty("models").GetRawText())
                throw new UserFileException(Folder, 0, $"made with other models than {first.Folder}");
        }

        /// <summary>The error row that comes next, if one does.</summary>
        public byte[]? TakeError()
        {
            var isError = ShardCount > 1 ? readers[ShardOrder.Name].GetString(1) == OutputTables.Errors : !hasRow[OutputTables.Articles];
            if (!isError)
                return null;
            var row = Line(OutputTables.Errors);
            Advance(OutputTables.Errors);
            AdvancePosition();
            return row;
        }

        /// <summary>The article that comes next, the number of its record, and how often that stands behind its source.</summary>
        public ArticleRow TakeArticle(out int number, out int repeats)
        {
            (number, repeats) = ShardCount > 1
                ? (int.Parse(readers[ShardOrder.Name].GetString(2), CultureInfo.InvariantCulture), int.Parse(readers[ShardOrder.Name].GetString(3), CultureInfo.InvariantCulture))
                : (0, 0);
            var reader = readers[OutputTables.Articles];
            if (!hasRow[OutputTables.Articles])
                throw new UserFileException(Path.Combine(Folder, "articles.csv"), 0, "ends too early; run the shard again");
            var columns = OutputTables.For(Labels, false, false)[0].Columns;
            var row = new ArticleRow(
                [.. Enumerable.Range(0, columns.Length).Select(i => FormulaGuard.Undo(reader.GetString(i)))],
                [.. columns.Select(column => column.Type)]);
            Advance(OutputTables.Articles);
            AdvancePosition();
            return row;
        }

        /// <summary>The source of an article before its shard told it apart from others.</summary>
        public string SourceOf(ArticleRow article, int number, int repeats)
        {
            var ending = string.Create(CultureInfo.InvariantCulture, $"@{number}");
            var source = article.Source;
            for (var i = 0; i < repeats; i++)
            {
                if (!source.EndsWith(ending, StringComparison.Ordinal))
                    throw new UserFileException(Path.Combine(Folder, "shard.csv"), 0, $"is not of the articles beside it ({article.Source}); run the shard again");
                source = source[..^ending.Length];
            }

            return source;
        }

        /// <summary>Takes the rows of an article, which may get another id on the way.</summary>
        public long CopyRows(string table, string articleId, string newId, Action<byte[]> append)
        {
            if (!readers.TryGetValue(table, out var reader))
                return 0;
            var copied = 0L;
            while (hasRow[table] && reader.GetString(0) == articleId)
            {
                var row = Line(table);
                // The id is the first cell; it is hexadecimal, so it stands there as it is.
                if (newId != articleId)
                    row = [.. Encoding.ASCII.GetBytes(newId), .. row[articleId.Length..]];
                append(row);
                Advance(table);
                copied++;
            }

            return copied;
        }

        public void MustBeAtItsEnd()
        {
            foreach (var (name, more) in hasRow)
            {
                if (more)
                    throw new UserFileException(Path.Combine(Folder, name + ".csv"), 0, "has rows that belong to no article; run it again");
            }
        }

        public void Dispose()
        {
            foreach (var reader in readers.Values)
                reader.Dispose();
        }

        private void AdvancePosition()
        {
            if (ShardCount > 1)
                Advance(ShardOrder.Name);
        }

        private void Advance(string table) => hasRow[table] = readers[table].Read();

        private byte[] Line(string table)
        {
            line.Clear();
            line.AddRange(readers[table].RawRecord);
            line.Add((byte)'\n');
            return [.. line];
        }
    }
}
