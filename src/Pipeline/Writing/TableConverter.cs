using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsvHelper;
using Parquet;
using Parquet.Schema;
using Pipeline.Reading;

namespace Pipeline.Writing;

/// <summary>How tables are written.</summary>
public enum OutputFormat
{
    /// <summary>Comma-separated values.</summary>
    Csv,

    /// <summary>Apache Parquet.</summary>
    Parquet,

    /// <summary>One JSON object a line.</summary>
    JsonLines,
}

/// <summary>
/// Turns a complete CSV table into the other formats. Runs always grow as CSV, whose lines can be cut at a checkpoint;
/// the columns of a Parquet file cannot.
/// </summary>
internal static class TableConverter
{
    private const int RowGroupSize = 100_000;
    private const int BlockSize = 1 << 16;

    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static string EndingOf(OutputFormat format, Compression compression = Compression.None) => format switch
    {
        OutputFormat.Csv => ".csv",
        OutputFormat.Parquet => ".parquet",
        OutputFormat.JsonLines => ".jsonl",
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    } + compression.Ending();

    /// <summary>Opens a table for reading; cells still carry their guard against formulas.</summary>
    public static CsvReader Reader(string csv) => CsvReader.FromFile(csv, ReaderOptions);

    /// <summary>How tables of this program are read.</summary>
    public static CsvReaderOptions ReaderOptions => new() { Separator = ',', DetectSeparatorHint = false, SkipEmptyLines = false };

    /// <summary>Writes a table in another form; what is there of it when this returns is on the disk.</summary>
    /// <param name="csv">The table, which stays.</param>
    /// <param name="table">Its columns.</param>
    /// <param name="format">The other form; the same bytes for CSV.</param>
    /// <param name="target">The file; an existing one is replaced.</param>
    /// <param name="compression">How it is packed; not at all for Parquet.</param>
    /// <param name="cancellation">Stops between rows.</param>
    public static void Convert(
        string csv, Table table, OutputFormat format, string target, Compression compression = Compression.None, CancellationToken cancellation = default)
    {
        using (var stream = new FileStream(target, FileMode.Create, FileAccess.ReadWrite, FileShare.None, BlockSize))
        {
            if (format == OutputFormat.Parquet)
            {
                ToParquetAsync(csv, table, stream, cancellation).GetAwaiter().GetResult();
            }
            else
            {
                using var packed = Compressions.Pack(stream, compression);
                if (format == OutputFormat.JsonLines)
                    ToJsonLines(csv, table, packed, cancellation);
                else
                    Copy(csv, packed, cancellation);
            }
        }

        Disk.Sync([target]);
    }

    private static void Copy(string csv, Stream target, CancellationToken cancellation)
    {
        using var source = File.OpenRead(csv);
        var buffer = new byte[BlockSize];
        for (int read; (read = source.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)) > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            target.Write(buffer, 0, read);
        }
    }

    private static void ToJsonLines(string csv, Table table, Stream target, CancellationToken cancellation)
    {
        using var reader = Reader(csv);
        // Not straight into the stream: the writer flushes it after each row, which would undo its packing.
        var rows = new ArrayBufferWriter<byte>(2 * BlockSize);
        using var json = new Utf8JsonWriter(rows, Json);
        while (reader.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            json.WriteStartObject();
            for (var i = 0; i < table.Columns.Length; i++)
            {
                json.WritePropertyName(table.Columns[i].Name);
                var cell = reader.GetString(i);
                if (cell.Length == 0 && (table.Columns[i].Type != ColumnType.Text || !table.Columns[i].Required))
                    json.WriteNullValue();
                else if (table.Columns[i].Type is ColumnType.Integer or ColumnType.Number)
                    json.WriteRawValue(cell, skipInputValidation: true);
                else
                    json.WriteStringValue(FormulaGuard.Undo(cell));
            }

            json.WriteEndObject();
            json.Flush();
            json.Reset();
            rows.Write("\n"u8);
            if (rows.WrittenCount < BlockSize)
                continue;
            // Whole blocks, whatever the rows' lengths: what packs may cut where it is given.
            var whole = rows.WrittenCount / BlockSize * BlockSize;
            for (var at = 0; at < whole; at += BlockSize)
                target.Write(rows.WrittenSpan.Slice(at, BlockSize));
            var rest = rows.WrittenSpan[whole..].ToArray();
            rows.ResetWrittenCount();
            rows.Write(rest);
        }

        if (rows.WrittenCount > 0)
            target.Write(rows.WrittenSpan);
    }

    private static async Task ToParquetAsync(string csv, Table table, FileStream stream, CancellationToken cancellation)
    {
        using var reader = Reader(csv);
        var fields = table.Columns.Select(FieldOf).ToArray();
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Zstd, UseDateOnlyTypeForDates = true };
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream, options, cancellationToken: cancellation).ConfigureAwait(false);
        var columns = table.Columns.Select(_ => new List<string>()).ToArray();
        bool more;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            more = reader.Read();
            for (var i = 0; more && i < columns.Length; i++)
                columns[i].Add(reader.GetString(i));
            if (columns[0].Count == 0 || (more && columns[0].Count < RowGroupSize))
                continue;
            using var group = writer.CreateRowGroup();
            for (var i = 0; i < columns.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                await WriteColumnAsync(group, fields[i], table.Columns[i], columns[i]).ConfigureAwait(false);
                columns[i].Clear();
            }
        }
        while (more);
    }

    private static DataField FieldOf(Column column) => column.Type switch
    {
        ColumnType.Text => new DataField<string>(column.Name, nullable: !column.Required),
        ColumnType.Integer => new DataField<long>(column.Name, nullable: false),
        ColumnType.Number => new DataField<double>(column.Name, nullable: false),
        ColumnType.Date => new DataField<DateOnly>(column.Name, nullable: true),
        _ => throw new ArgumentOutOfRangeException(nameof(column)),
    };

    private static Task WriteColumnAsync(ParquetRowGroupWriter group, DataField field, Column column, List<string> cells)
    {
        switch (column.Type)
        {
            case ColumnType.Integer:
                return group.WriteAsync<long>(field, cells.Select(cell => long.Parse(cell, CultureInfo.InvariantCulture)).ToArray());
            case ColumnType.Number:
                return group.WriteAsync<double>(field, cells.Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray());
            case ColumnType.Date:
                return group.WriteAsync<DateOnly>(
                    field,
                    cells.Select(cell => cell.Length == 0 ? (DateOnly?)null : DateOnly.ParseExact(cell, "yyyy-MM-dd", CultureInfo.InvariantCulture)).ToArray());
            default:
                var texts = cells.Select(cell => cell.Length == 0 && !column.Required ? null! : FormulaGuard.Undo(cell)).ToArray();
                return group.WriteAsync(field, texts);
        }
    }
}
