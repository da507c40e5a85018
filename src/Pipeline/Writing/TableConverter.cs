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

    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static string EndingOf(OutputFormat format, Compression compression = Compression.None) => format switch
    {
        OutputFormat.Csv => ".csv",
        OutputFormat.Parquet => ".parquet",
        OutputFormat.JsonLines => ".jsonl",
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    } + compression.Ending();

    /// <summary>Opens a table for reading; cells still carry their guard against formulas.</summary>
    public static CsvReader Reader(string csv) =>
        CsvReader.FromFile(csv, new CsvReaderOptions { Separator = ',', DetectSeparatorHint = false, SkipEmptyLines = false });

    public static void Convert(string csv, Table table, OutputFormat format, string target)
    {
        using var reader = Reader(csv);
        using var stream = new FileStream(target, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16);
        if (format == OutputFormat.JsonLines)
            ToJsonLines(reader, table, stream);
        else
            ToParquetAsync(reader, table, stream).GetAwaiter().GetResult();
    }

    /// <summary>Replaces a file by a packed one.</summary>
    public static void Compress(string path, Compression compression)
    {
        using (var source = File.OpenRead(path))
        using (var target = new FileStream(path + compression.Ending(), FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
        using (var packed = Compressions.Pack(target, compression))
            source.CopyTo(packed, 1 << 16);
        File.Delete(path);
    }

    private static void ToJsonLines(CsvReader reader, Table table, FileStream stream)
    {
        using var json = new Utf8JsonWriter(stream, Json);
        while (reader.Read())
        {
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
            stream.WriteByte((byte)'\n');
        }
    }

    private static async Task ToParquetAsync(CsvReader reader, Table table, FileStream stream)
    {
        var fields = table.Columns.Select(FieldOf).ToArray();
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Zstd, UseDateOnlyTypeForDates = true };
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream, options).ConfigureAwait(false);
        var columns = table.Columns.Select(_ => new List<string>()).ToArray();
        bool more;
        do
        {
            more = reader.Read();
            for (var i = 0; more && i < columns.Length; i++)
                columns[i].Add(reader.GetString(i));
            if (columns[0].Count == 0 || (more && columns[0].Count < RowGroupSize))
                continue;
            using var group = writer.CreateRowGroup();
            for (var i = 0; i < columns.Length; i++)
            {
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
