using System.Globalization;
using Pipeline.Inspect.Charts;
using Pipeline.Inspect.Plain;

namespace Pipeline.Inspect.Data;

/// <summary>A picture of the overview.</summary>
internal sealed record OverviewChart(string Name, string Title, string Svg);

/// <summary>The output at a glance: counts and charts. Immutable.</summary>
internal sealed record Overview(IReadOnlyList<(string Name, long Count, string Address)> Counts, IReadOnlyList<OverviewChart> Charts)
{
    private const int Most = 10;

    /// <summary>Asked once until something changes.</summary>
    public static Overview Of(OutputStore store, RolePalette palette, bool links) => store.Remember($"overview/{links}", () => Ask(store, palette, links));

    /// <summary>How many rows each table has.</summary>
    public static IReadOnlyList<(string Name, long Count, string Address)> CountsOf(OutputStore store) =>
        [.. TableView.All.Select(view => (view.Name, store.Count(view), view.Name))];

    private static Overview Ask(OutputStore store, RolePalette palette, bool links)
    {
        return new Overview(CountsOf(store),
        [
            OverTime(store, palette),
            BySource(store, palette, links),
            Names(store, "people", "Most named people", "PERSON", links),
            Names(store, "bodies", "Most named bodies", "ORG", links),
            Simple(store, "countries", "Countries", "SELECT country AS v, count(*) AS k FROM entities WHERE country <> '' GROUP BY v ORDER BY k DESC, v LIMIT 10", links ? "entities?country=" : null),
            Timeline(store),
            Confidence(store, palette),
            Simple(store, "errors", "Errors of the run", "SELECT stage || ': ' || error AS v, count(*) AS k FROM errors GROUP BY v ORDER BY k DESC, v LIMIT 10", null),
        ]);
    }

    private static OverviewChart OverTime(OutputStore store, RolePalette palette)
    {
        const string Title = "Roles over time";
        var range = store.Query("SELECT min(date) AS a, max(date) AS b, coalesce(date_diff('day', min(date), max(date)), 0) AS days FROM articles")[0];
        var format = range.Whole("days") switch { > 5 * 366 => "%Y", > 62 => "%Y-%m", _ => "%Y-%m-%d" };
        var rows = store.Query($"SELECT strftime(date, '{format}') AS v, role, count(*) AS k FROM sentences WHERE date IS NOT NULL GROUP BY ALL ORDER BY v");
        return new OverviewChart("time", Title, SvgCharts.Columns(Title, SeriesOf(palette), Bars(rows, palette, null)));
    }

    private static OverviewChart BySource(OutputStore store, RolePalette palette, bool links)
    {
        const string Title = "Roles by source";
        var rows = store.Query("""
            SELECT s.source_group AS v, role, count(*) AS k FROM sentences s
            JOIN (SELECT source_group, count(*) AS total FROM sentences GROUP BY source_group ORDER BY total DESC, source_group LIMIT 10) t ON s.source_group = t.source_group
            GROUP BY v, role, total ORDER BY total DESC, v
            """);
        return new OverviewChart("sources", Title, SvgCharts.Rows(Title, SeriesOf(palette), Bars(rows, palette, links ? "sentences?source=" : null)));
    }

    private static OverviewChart Names(OutputStore store, string name, string title, string type, bool links)
    {
        var rows = store.Query(
            "SELECT canonical AS v, count(*) AS k FROM entities WHERE type = $t GROUP BY v ORDER BY k DESC, v LIMIT 10", new Dictionary<string, object> { ["t"] = type });
        return Rows(rows, name, title, links ? "entity?name=" : null);
    }

    private static OverviewChart Simple(OutputStore store, string name, string title, string sql, string? link) => Rows(store.Query(sql), name, title, link);

    private static OverviewChart Rows(List<Row> rows, string name, string title, string? link) => new(name, title, SvgCharts.Rows(
        title, [new Series("mentions", "#3B7EA1")],
        [.. rows.Take(Most).Select(row => new Bar(row.Text("v"), [row.Number("k")], link is null ? null : link + Uri.EscapeDataString(row.Text("v"))))]));

    private static OverviewChart Timeline(OutputStore store)
    {
        const string Title = "Years that dates mean";
        var rows = store.Query("""
            SELECT y, count(*) AS k FROM (SELECT year(earliest) AS y FROM dates WHERE earliest IS NOT NULL) GROUP BY y
            ORDER BY k DESC, y DESC LIMIT 40
            """).OrderBy(row => row.Whole("y")).ToList();
        return new OverviewChart("dates", Title, SvgCharts.Columns(
            Title, [new Series("mentions", "#7A5BA6")], [.. rows.Select(row => new Bar(row.Text("y"), [row.Number("k")]))]));
    }

    private static OverviewChart Confidence(OutputStore store, RolePalette palette)
    {
        const string Title = "Confidence of the roles";
        var rows = store.Query("SELECT least(19, floor(confidence * 20)) AS bin, role_before AS role, count(*) AS k FROM sentences GROUP BY ALL");
        var bars = Enumerable.Range(0, 20).Select(bin => new Bar(
            (bin * 5).ToString(CultureInfo.InvariantCulture) + "%",
            [.. palette.All.Select(look => rows.Where(r => (int)r.Number("bin") == bin && r.Text("role") == look.Label).Sum(r => r.Number("k")))])).ToList();
        while (bars.Count > 1 && bars[0].Total == 0)
            bars.RemoveAt(0);
        return new OverviewChart("confidence", Title, SvgCharts.Columns(Title, SeriesOf(palette), bars));
    }

    private static List<Series> SeriesOf(RolePalette palette) => [.. palette.All.Select(look => new Series(look.Label, look.Color))];

    private static List<Bar> Bars(List<Row> rows, RolePalette palette, string? link) => [.. rows.GroupBy(row => row.Text("v"), StringComparer.Ordinal).Select(group => new Bar(
        group.Key,
        [.. palette.All.Select(look => group.Where(row => row.Text("role") == look.Label).Sum(row => row.Number("k")))],
        link is null ? null : link + Uri.EscapeDataString(group.Key)))];
}
