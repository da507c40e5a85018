using System.Text.Encodings.Web;
using System.Text.Json;
using Pipeline.Reading;

namespace Pipeline.Writing;

/// <summary>
/// <c>datapackage.json</c>: every file, column, type and key, as the Frictionless Data Package and Table Schema
/// specifications (version 1) write them.
/// </summary>
internal static class DataPackage
{
    private static readonly JsonWriterOptions Indented = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static byte[] Describe(IReadOnlyList<Table> tables, OutputFormat format, Compression compression, string version)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Indented))
        {
            json.WriteStartObject();
            json.WriteString("profile", format == OutputFormat.Csv ? "tabular-data-package" : "data-package");
            json.WriteString("name", "pipeline-output");
            json.WriteString("title", "Articles as tables: sentences with roles, entities, dates");
            json.WriteString("version", version);
            json.WriteStartArray("resources");
            foreach (var table in tables)
                Resource(json, table, format, compression);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }

    private static void Resource(Utf8JsonWriter json, Table table, OutputFormat format, Compression compression)
    {
        json.WriteStartObject();
        json.WriteString("name", table.Name);
        json.WriteString("path", table.Name + TableConverter.EndingOf(format, compression));
        json.WriteString("description", table.Description);
        json.WriteString("format", TableConverter.EndingOf(format)[1..]);
        if (compression != Compression.None)
            json.WriteString("compression", compression.Ending()[1..]);
        if (format == OutputFormat.Csv)
        {
            json.WriteString("profile", "tabular-data-resource");
            json.WriteString("mediatype", "text/csv");
            json.WriteStartObject("dialect");
            json.WriteString("delimiter", ",");
            json.WriteString("lineTerminator", "\n");
            json.WriteString("quoteChar", "\"");
            json.WriteBoolean("doubleQuote", true);
            json.WriteBoolean("header", true);
            json.WriteEndObject();
        }

        json.WriteString("encoding", "utf-8");
        json.WriteStartObject("schema");
        json.WriteStartArray("fields");
        foreach (var column in table.Columns)
            Field(json, column);
        json.WriteEndArray();
        if (table.PrimaryKey.Length > 0)
        {
            Names(json, "primaryKey", table.PrimaryKey);
            Keys(json, table);
        }

        json.WriteStartArray("missingValues");
        json.WriteStringValue("");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Field(Utf8JsonWriter json, Column column)
    {
        json.WriteStartObject();
        json.WriteString("name", column.Name);
        json.WriteString("type", column.Type switch
        {
            ColumnType.Text => "string",
            ColumnType.Integer => "integer",
            ColumnType.Number => "number",
            ColumnType.Date => "date",
            _ => throw new ArgumentOutOfRangeException(nameof(column)),
        });
        json.WriteString("description", column.Description);
        if (column.Required)
        {
            json.WriteStartObject("constraints");
            json.WriteBoolean("required", true);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Keys(Utf8JsonWriter json, Table table)
    {
        json.WriteStartArray("foreignKeys");
        if (table.Name == OutputTables.Articles)
            Key(json, ["duplicate_of"], "", ["article_id"]);
        else if (table.Name == OutputTables.Sentences)
            Key(json, ["article_id"], OutputTables.Articles, ["article_id"]);
        else if (table.Name != ShardOrder.Name)
            Key(json, ["article_id", "sentence_id"], OutputTables.Sentences, ["article_id", "sentence_id"]);
        json.WriteEndArray();
    }

    private static void Key(Utf8JsonWriter json, string[] fields, string resource, string[] referenced)
    {
        json.WriteStartObject();
        Names(json, "fields", fields);
        json.WriteStartObject("reference");
        json.WriteString("resource", resource);
        Names(json, "fields", referenced);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Names(Utf8JsonWriter json, string property, string[] names)
    {
        json.WriteStartArray(property);
        foreach (var name in names)
            json.WriteStringValue(name);
        json.WriteEndArray();
    }
}
