using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Pipeline.Inspect.Correcting;
using Pipeline.Inspect.Data;
using Pipeline.Inspect.Plain;
using Pipeline.Writing;

namespace Pipeline.Inspect;

/// <summary>What the page hands out beside itself: its scripts and styles, filtered rows, labels, charts. All names are known beforehand.</summary>
internal static class Downloads
{
    private const int RowsAtOnce = 500;

    private static readonly Dictionary<string, string> Kinds = new(StringComparer.Ordinal)
    {
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    public static void Map(WebApplication app)
    {
        app.MapGet("/assets/{name}", Asset);
        app.MapGet("/export/labels.csv", (OutputStore store, CorrectionDesk desk) =>
            Results.Stream(output => Send(output, table => CorrectedLabels.Write(store, desk, table)), "text/csv; charset=utf-8", "labels.csv"));
        app.MapGet("/export/{table}.csv", (string table, HttpRequest request, OutputStore store) => TableView.Named(table) is { } view
            ? Results.Stream(
                output => Send(output, rows => WriteRows(store, RowFilter.Parse(view, request.QueryString.Value ?? ""), rows)), "text/csv; charset=utf-8", table + ".csv")
            : Results.NotFound());
        app.MapGet("/chart/{name}.svg", (string name, OutputStore store, RolePalette palette) =>
            Overview.Of(store, palette, links: false).Charts.FirstOrDefault(chart => chart.Name == name) is { } found
                ? Results.Text(found.Svg, "image/svg+xml")
                : Results.NotFound());
    }

    /// <summary>Rows as the contract's CSV, made harmless for spreadsheets.</summary>
    internal static IEnumerable<byte[]> WriteRows(OutputStore store, RowFilter filter, CsvTable table)
    {
        foreach (var column in filter.View.Columns)
            table.Text(column);
        table.EndRow();
        yield return table.Take();
        var count = 0;
        foreach (var row in RowQuery.All(store, filter))
        {
            foreach (var column in filter.View.Columns)
                table.Text(row.Text(column));
            table.EndRow();
            if (++count % RowsAtOnce == 0)
                yield return table.Take();
        }

        yield return table.Take();
    }

    private static async Task Send(Stream output, Func<CsvTable, IEnumerable<byte[]>> write)
    {
        using var table = new CsvTable();
        foreach (var part in write(table))
            await output.WriteAsync(part).ConfigureAwait(false);
    }

    private static IResult Asset(string name)
    {
        if (!Kinds.TryGetValue(Path.GetExtension(name), out var kind)
            || typeof(Downloads).Assembly.GetManifestResourceStream("assets/" + name) is not { } stream)
            return Results.NotFound();
        return Results.Stream(stream, kind, entityTag: new Microsoft.Net.Http.Headers.EntityTagHeaderValue(
            string.Create(CultureInfo.InvariantCulture, $"\"{stream.Length:x}-{typeof(Downloads).Assembly.ManifestModule.ModuleVersionId:N}\"")));
    }
}
