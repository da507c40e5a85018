using System.Globalization;

namespace Pipeline.Inspect.Data;

/// <summary>
/// Asks what a filter describes of a table that memory holds by codes (<see cref="MemoryTables"/>): which rows, how many, and the counts of
/// each facet, all in one statement that reads the searched texts once. What is asked of all rows is remembered.
/// </summary>
internal static class CodedQuery
{
    private const int CountPart = -1;
    private const int PagePart = -2;

    public static RowAnswer Answer(OutputStore store, RowFilter filter)
    {
        var view = filter.View;
        var all = All(store, view);
        if (RowQuery.IsAll(filter))
        {
            var first = store.Query(PageSql(store, filter, $"mem.{view.Name}", "NOT deleted"));
            return all with { Page = new RowPage(RowsOf(store, view, first.ConvertAll(row => row.Whole("n"))), all.Page.Total) };
        }

        var found = Ask(store, filter);
        return new RowAnswer(
            new RowPage(RowsOf(store, view, [.. found[PagePart].Select(row => row.Whole("k"))]), found[CountPart].First().Whole("k")),
            [.. view.Facets.Select((facet, i) => RowQuery.Sorted(filter, facet, CountsAll(filter, facet) ? all.Facets[i].Values : Values(found[i])))]);
    }

    /// <summary>How many rows there are, and the facets of all of them; no rows.</summary>
    public static RowAnswer All(OutputStore store, TableView view) => store.Remember($"all/{view.Name}", () =>
    {
        var filter = new RowFilter { View = view };
        var found = Ask(store, filter with { Page = 0 });
        return new RowAnswer(new RowPage([], found[CountPart].First().Whole("k")), [.. view.Facets.Select((facet, i) => RowQuery.Sorted(filter, facet, Values(found[i])))]);
    });

    /// <summary>Whether a facet counts all rows: nothing is searched and no other facet chosen.</summary>
    private static bool CountsAll(RowFilter filter, Facet facet) =>
        filter.Page > 0 && filter.Search.Length == 0 && filter.Chosen.Keys.All(name => name == facet.Name);

    private static IEnumerable<FacetValue> Values(IEnumerable<Row> rows) => rows.Select(row => new FacetValue(row.Text("v"), row.Whole("k")));

    /// <summary>Rows <c>part</c>, <c>v</c>, <c>k</c>: of each facet its values and counts, the count of all, and of the page the rows' numbers as <c>k</c>.</summary>
    private static ILookup<int, Row> Ask(OutputStore store, RowFilter filter)
    {
        var view = filter.View;
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        var search = "NOT deleted";
        if (filter.Search.Length > 0)
        {
            values["q"] = filter.Search.ToLowerInvariant();
            search += " AND " + MemoryTables.Search(view);
        }

        var conditions = view.Facets.Select(facet => Condition(store, filter, facet)).ToList();
        var columns = new List<string> { "n" };
        columns.AddRange(view.Facets.Select(facet => "c_" + facet.Name));
        if (!HasOrder(store, filter) && MemoryTables.SortOf(view, filter.Sort) is var sort && !columns.Contains(sort))
            columns.Add(sort);
        var parts = new List<string> { $"SELECT {CountPart} AS part, '' AS v, count(*) AS k FROM m WHERE {Others(-1)}" };
        if (filter.Page > 0)
            parts.Add($"SELECT {PagePart} AS part, '' AS v, n AS k FROM ({PageSql(store, filter, "m", Others(-1))})");
        for (var i = 0; i < view.Facets.Count; i++)
        {
            var facet = view.Facets[i];
            if (CountsAll(filter, facet))
                continue;
            // Codes are in the order of the values, so that the dictionary is asked only for what is shown.
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"""
                SELECT {i} AS part, d.v, k FROM (SELECT c_{facet.Name} AS code, count(*) AS k FROM m WHERE {Others(i)} GROUP BY code ORDER BY k DESC, code LIMIT {RowQuery.MostOf(facet)})
                JOIN {MemoryTables.DictionaryOf(view, facet)} d USING (code)
                """));
        }

        // What is searched is written down once; bare codes are quicker read again for each facet.
        return store.Query(
            $"WITH m AS {(filter.Search.Length > 0 ? "" : "NOT ")}MATERIALIZED (SELECT {string.Join(", ", columns)} FROM mem.{view.Name} WHERE {search}) {string.Join(" UNION ALL ", parts.Select(part => $"({part})"))}",
            values).ToLookup(row => (int)row.Whole("part"));

        string Others(int but) => string.Join(" AND ", conditions.Where((condition, j) => j != but && condition is not null).DefaultIfEmpty("true"));
    }

    /// <summary>The numbers of a page's rows, in order.</summary>
    private static string PageSql(OutputStore store, RowFilter filter, string from, string where)
    {
        var view = filter.View;
        var down = filter.Descending ? " DESC" : "";
        var window = RowQuery.Window(filter);
        if (HasOrder(store, filter))
        {
            var among = RowQuery.IsAll(filter) ? "" : $"SEMI JOIN (SELECT n FROM {from} WHERE {where}) USING (n) ";
            // They keep their order when they are looked up, so that forwards the first that fit are enough.
            return $"SELECT o.n FROM {MemoryTables.OrderOf(view)} o {among}{(filter.Descending ? "ORDER BY o.rowid DESC " : "")}{window}";
        }

        // Rows lie in the order of their numbers.
        var order = filter.Sort switch
        {
            "n" => filter.Descending ? "ORDER BY n DESC" : "",
            "text" => $"ORDER BY {MemoryTables.SortOf(view, "text")}{down}, n{down}",
            _ => $"ORDER BY {MemoryTables.SortOf(view, filter.Sort)}{down} NULLS LAST, n",
        };
        return $"SELECT n FROM {from} WHERE {where} {order} {window}";
    }

    /// <summary>Whether the rows lie sorted in memory; nobody deletes rows of such tables.</summary>
    private static bool HasOrder(OutputStore store, RowFilter filter) => filter.Sort == "text" && store.IsInMemory(MemoryTables.OrderOf(filter.View));

    private static List<Row> RowsOf(OutputStore store, TableView view, List<long> wanted)
    {
        if (wanted.Count == 0)
            return [];
        var rows = store.Query($"SELECT * FROM {view.Name} WHERE n IN ({string.Join(", ", wanted)}) AND n BETWEEN {wanted.Min()} AND {wanted.Max()}").ToDictionary(row => row.Whole("n"));
        return [.. wanted.Where(rows.ContainsKey).Select(n => rows[n])];
    }

    private static string? Condition(OutputStore store, RowFilter filter, Facet facet)
    {
        if (!filter.Chosen.TryGetValue(facet.Name, out var picked))
            return null;
        var values = picked.Select((value, i) => ($"v{i}", value)).ToDictionary(pair => pair.Item1, pair => (object)pair.value);
        var codes = store.Query(
            $"SELECT code FROM {MemoryTables.DictionaryOf(filter.View, facet)} WHERE v IN ({string.Join(", ", values.Keys.Select(name => "$" + name))})", values);
        return codes.Count == 0 ? "false" : $"c_{facet.Name} IN ({string.Join(", ", codes.Select(row => row.Whole("code")))})";
    }
}
