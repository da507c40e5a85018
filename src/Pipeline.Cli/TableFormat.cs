using System.CommandLine;
using Pipeline.Reading;
using Pipeline.Writing;

namespace Pipeline.Cli;

/// <summary><c>--format</c> and <c>--compress</c>, as the commands that write tables share them.</summary>
internal sealed class TableFormat
{
    public Option<string> Format { get; } = new Option<string>("--format")
    {
        Description = "How tables are written.",
        DefaultValueFactory = _ => "csv",
    }.AcceptOnlyFromAmong("csv", "parquet", "jsonl");

    public Option<string?> Compress { get; } = new Option<string?>("--compress")
    {
        Description = "Compress the tables (CSV or JSON lines) when they are complete.",
    }.AcceptOnlyFromAmong("gzip", "zstd");

    /// <summary>What was asked for.</summary>
    /// <exception cref="UsageException">The two exclude each other.</exception>
    public (OutputFormat Format, Compression Compression) Of(ParseResult parsed)
    {
        var format = parsed.GetValue(Format) switch
        {
            "parquet" => OutputFormat.Parquet,
            "jsonl" => OutputFormat.JsonLines,
            _ => OutputFormat.Csv,
        };
        var compression = parsed.GetValue(Compress) switch
        {
            "gzip" => Compression.Gzip,
            "zstd" => Compression.Zstd,
            _ => Compression.None,
        };
        return compression != Compression.None && format == OutputFormat.Parquet
            ? throw new UsageException("--compress: Parquet is compressed already; leave it out")
            : (format, compression);
    }
}
