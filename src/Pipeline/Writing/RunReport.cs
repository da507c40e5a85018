using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pipeline.Writing;

/// <summary><c>run.json</c>: what a run was asked, what it used, what it did. Times are its only bytes that differ from run to run.</summary>
internal static class RunReport
{
    private static readonly JsonWriterOptions Indented = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Hash of all that the output bytes depend on, the input's own content excepted.</summary>
    public static string Fingerprint(ExtractOptions options, IReadOnlyList<ModelFile> models, string version)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Indented))
        {
            json.WriteStartObject();
            json.WriteString("version", version);
            Options(json, options);
            Models(json, models);
            json.WriteEndObject();
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray()));
    }

    public static byte[] Write(
        ExtractOptions options, IReadOnlyList<ModelFile> models, string version, string fingerprint,
        IReadOnlyList<string> labels, RunCounts counts, TimeSpan elapsed)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Indented))
        {
            json.WriteStartObject();
            json.WriteString("version", version);
            Options(json, options);
            Models(json, models);
            json.WriteStartArray("labels");
            foreach (var label in labels)
                json.WriteStringValue(label);
            json.WriteEndArray();
            json.WriteString("fingerprint", fingerprint);
            json.WriteStartObject("counts");
            json.WriteNumber("inputs", counts.Inputs);
            json.WriteNumber("articles", counts.Articles);
            json.WriteNumber("errors", counts.Errors);
            json.WriteNumber("duplicates", counts.Duplicates);
            json.WriteNumber("sentences", counts.Sentences);
            json.WriteNumber("tokens", counts.Tokens);
            json.WriteNumber("entities", counts.Entities);
            json.WriteNumber("dates", counts.Dates);
            json.WriteEndObject();
            json.WriteStartObject("timings");
            json.WriteNumber("threads", options.Threads);
            json.WriteNumber("seconds", Math.Round(elapsed.TotalSeconds, 3));
            json.WriteNumber("tokens_per_second", elapsed > TimeSpan.Zero ? Math.Round(counts.Tokens / elapsed.TotalSeconds) : 0);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }

    private static void Options(Utf8JsonWriter json, ExtractOptions options)
    {
        json.WriteStartObject("options");
        json.WriteStartArray("paths");
        foreach (var path in options.Paths)
            json.WriteStringValue(path);
        json.WriteEndArray();
        json.WriteString("format", TableConverter.EndingOf(options.Format)[1..]);
        json.WriteBoolean("compress", options.Compress != Reading.Compression.None);
        if (options.Compress == Reading.Compression.Zstd)
            json.WriteString("compression", "zstd");
        json.WriteString("date", options.Date?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        json.WriteString("body", options.Body == Cleaning.BodyMode.All ? "all" : "auto");
        json.WriteBoolean("tokens", options.Tokens);
        json.WriteBoolean("explain", options.Explain);
        json.WriteNumber("min_confidence", options.MinConfidence);
        json.WriteBoolean("skip_duplicates", options.SkipDuplicates);
        json.WriteString("shard", options.Shard.Count > 1 ? $"{options.Shard.Index}/{options.Shard.Count}" : null);
        json.WriteNumber("max_size", options.Reading.MaxArticleBytes);
        json.WriteString("input_encoding", options.Reading.InputEncoding?.WebName);
        json.WriteEndObject();
    }

    private static void Models(Utf8JsonWriter json, IReadOnlyList<ModelFile> models)
    {
        json.WriteStartArray("models");
        foreach (var model in models)
        {
            json.WriteStartObject();
            json.WriteString("name", model.Name);
            json.WriteString("sha256", model.Sha256);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
