using System.Globalization;

namespace Pipeline.Inspect.Data;

/// <summary>A page of a table.</summary>
/// <param name="Rows">The rows of the page.</param>
/// <param name="Total">How many rows the filter leaves.</param>
internal sealed record RowPage(IReadOnlyList<Row> Rows, long Total)
{
    public int Pages => (int)Math.Max(1, (Total + RowFilter.PageSize - 1) / RowFilter.PageSize);
}

/// <summary>A value of a facet and how many rows have it.</summary>
internal sealed record FacetValue(string Value, long Count);

/// <summary>Asks the store what a filter describes. Every value goes as a parameter, every name comes from <see cref="TableView"/>.</summary>
internal static class RowQuery
{
    private const int FacetValues = 12;
    private const int OrderedValues = 60;

    /// <summary>Whether an answer comes from the file at once, whatever else is being read: its first rows.</summary>
    public static bool IsFirstPage(RowFilter filter) => filter is { View.Name: not "articles", Search.Length: 0, Chosen.Count: 0, Sort: "n", Descending: false, Page: 1 };

    public static RowPage Page(OutputStore store, RowFilter filter)
    {
        var offset = (filter.Page - 1L) * RowFilter.PageSize;
        var window = string.Create(CultureInfo.InvariantCulture, $"LIMIT {RowFilter.PageSize} OFFSET {offset}");
        if (filter.View.Coded && store.IsInMemory(filter.View.Name))
            return CodedPage(store, filter, window);
        var (where, values) = Where(filter);
        var from = store.From(filter.View);
        var total = store.Query($"SELECT count(*) AS k FROM {(where.Length == 0 ? filter.View.Count : from)}{where}", values)[0].Whole("k");
        var first = IsFirstPage(filter) ? "" : OrderBy(filter);
        return new RowPage(store.Query($"SELECT * FROM {from}{where}{first} {window}", values), total);
    }

    /// <summary>Which rows, by what memory holds; then what they show.</summary>
    private static RowPage CodedPage(OutputStore store, RowFilter filter, string window)
    {
        var view = filter.View;
        var (where, values) = CodedWhere(store, filter);
        var sort = filter.Sort == "n" ? "n" : MemoryTables.SortOf(view, filter.Sort);
        var order = $"{sort}{(filter.Descending ? " DESC" : "")}{(filter.Sort == "n" ? "" : " NULLS LAST, n")}";
        var found = store.Query($"""
            WITH m AS {(filter.Search.Length > 0 ? "" : "NOT ")}MATERIALIZED (SELECT {(sort == "n" ? "n" : $"n, {sort}")} FROM mem.{view.Name} WHERE {where})
            SELECT -1 AS n, count(*) AS k FROM m UNION ALL (SELECT n, 0 AS k FROM m ORDER BY {order} {window})
            """, values);
        var total = found.Find(row => row.Whole("n") < 0)!.Whole("k");
        var wanted = found.Select(row => row.Whole("n")).Where(n => n >= 0).ToList();
        if (wanted.Count == 0)
            return new RowPage([], total);
        var rows = store.Query($"SELECT * FROM {view.Name} WHERE n IN ({string.Join(", ", wanted)}) AND n BETWEEN {wanted.Min()} AND {wanted.Max()}").ToDictionary(row => row.Whole("n"));
        return new RowPage([.. wanted.Where(rows.ContainsKey).Select(n => rows[n])], total);
    }

    /// <summary>
    /// Of each facet, the most frequent values among the rows that the other facets leave; chosen ones always. One statement, so that
    /// a search for words reads the texts once.
    /// </summary>
    public static IReadOnlyList<(Facet Facet, IReadOnlyList<FacetValue> Values)> Facets(OutputStore store, RowFilter filter)
    {
        var facets = filter.View.Facets;
        var coded = filter.View.Coded && store.IsInMemory(filter.View.Name);
        var searched = filter with { Chosen = new Dictionary<string, IReadOnlyList<string>>() };
        var (search, values) = coded ? CodedWhere(store, searched) : Where(searched);
        var conditions = facets.Select((facet, i) => coded
            ? CodedCondition(store, filter, facet, $"f{i}")
            : Condition(filter, facet, facet.ListSql is null ? $"f{i}" : null, $"f{i}", values)).ToList();
        var columns = facets.Select((facet, i) => coded ? $"c_{facet.Name} AS f{i}" : $"{facet.ListSql ?? facet.Sql} AS f{i}").ToList();
        for (var i = 0; i < facets.Count; i++)
        {
            // Whether a list has a chosen value is found out once for each row, not once for each other facet.
            if (facets[i].ListSql is not { } list || conditions[i] is null)
                continue;
            columns.Add($"{Condition(filter, facets[i], null, list, values)} AS h{i}");
            conditions[i] = $"h{i}";
        }

        var parts = new List<string>();
        for (var i = 0; i < facets.Count; i++)
        {
            var others = conditions.Where((condition, j) => j != i && condition is not null).ToList();
            var where = others.Count == 0 ? "" : " WHERE " + string.Join(" AND ", others);
            var counted = coded
                ? $"SELECT d.v, k FROM (SELECT f{i} AS code, count(*) AS k FROM m{where} GROUP BY code) JOIN {MemoryTables.DictionaryOf(filter.View, facets[i])} d USING (code)"
                : $"SELECT v, count(*) AS k FROM (SELECT {(facets[i].ListSql is null ? $"f{i}" : $"unnest(f{i})")} AS v FROM m{where}) GROUP BY v";
            parts.Add(string.Create(
                CultureInfo.InvariantCulture, $"(SELECT {i} AS facet, v, k FROM ({counted}) ORDER BY k DESC, v LIMIT {(facets[i].ByCount ? FacetValues : OrderedValues)})"));
        }

        var from = coded ? $"mem.{filter.View.Name} WHERE {search}" : store.From(filter.View) + search;
        var found = store.Query(
            $"WITH m AS {(filter.Search.Length > 0 || columns.Count > facets.Count ? "" : "NOT ")}MATERIALIZED (SELECT {string.Join(", ", columns)} FROM {from}) {string.Join(" UNION ALL ", parts)}",
            values).ToLookup(row => (int)row.Whole("facet"), row => new FacetValue(row.Text("v"), row.Whole("k")));
        return [.. facets.Select((facet, i) => (facet, Sorted(filter, facet, [.. found[i]])))];
    }

    private static (string Sql, Dictionary<string, object> Values) CodedWhere(OutputStore store, RowFilter filter)
    {
        var conditions = new List<string> { "NOT deleted" };
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        if (filter.Search.Length > 0)
        {
            values["q"] = filter.Search.ToLowerInvariant();
            conditions.Add(MemoryTables.Search(filter.View));
        }

        conditions.AddRange(filter.View.Facets.Select(facet => CodedCondition(store, filter, facet, "c_" + facet.Name)).OfType<string>());
        return (string.Join(" AND ", conditions), values);
    }

    private static string? CodedCondition(OutputStore store, RowFilter filter, Facet facet, string column)
    {
        if (!filter.Chosen.TryGetValue(facet.Name, out var picked))
            return null;
        var values = picked.Select((value, i) => ($"v{i}", value)).ToDictionary(pair => pair.Item1, pair => (object)pair.value);
        var codes = store.Query(
            $"SELECT code FROM {MemoryTables.DictionaryOf(filter.View, facet)} WHERE v IN ({string.Join(", ", values.Keys.Select(name => "$" + name))})", values);
        return codes.Count == 0 ? "false" : $"{column} IN ({string.Join(", ", codes.Select(row => row.Whole("code")))})";
    }

    private static IReadOnlyList<FacetValue> Sorted(RowFilter filter, Facet facet, List<FacetValue> values)
    {
        foreach (var picked in filter.Chosen.GetValueOrDefault(facet.Name) ?? [])
        {
            if (!values.Exists(value => value.Value == picked))
                values.Add(new FacetValue(picked, 0));
        }

        return facet.ByCount
            ? [.. values.OrderByDescending(value => value.Count).ThenBy(value => value.Value, StringComparer.Ordinal)]
            : [.. values.OrderBy(value => value.Value.StartsWith("under", StringComparison.Ordinal) ? "" : value.Value, StringComparer.Ordinal)];
    }

    /// <summary>All rows that the filter leaves, with the columns of the export.</summary>
    public static IEnumerable<Row> All(OutputStore store, RowFilter filter)
    {
        var (where, values) = Where(filter);
        return store.Stream($"SELECT {string.Join(", ", filter.View.Columns.Select(c => $"\"{c}\""))} FROM {store.From(filter.View)}{where}{OrderBy(filter)}", values);
    }

    /// <summary>The condition of a filter, with a leading <c>WHERE</c>, or nothing.</summary>
    internal static (string Sql, Dictionary<string, object> Values) Where(RowFilter filter)
    {
        var conditions = new List<string>();
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        if (filter.Search.Length > 0)
        {
            values["q"] = filter.Search.ToLowerInvariant();
            conditions.Add("(" + string.Join(" OR ", filter.View.Search.Select(column => $"contains(lower({column}), $q)")) + ")");
        }

        foreach (var facet in filter.View.Facets)
        {
            if (Condition(filter, facet, facet.ListSql is null ? facet.Sql : null, facet.ListSql, values) is { } condition)
                conditions.Add(condition);
        }

        return conditions.Count == 0 ? ("", values) : (" WHERE " + string.Join(" AND ", conditions), values);
    }

    /// <summary>That a facet has one of its chosen values; of a list, that any of its members is one.</summary>
    private static string? Condition(RowFilter filter, Facet facet, string? single, string? list, Dictionary<string, object> values)
    {
        if (!filter.Chosen.TryGetValue(facet.Name, out var picked))
            return null;
        var names = new List<string>();
        for (var i = 0; i < picked.Count; i++)
        {
            names.Add($"${facet.Name}{i}");
            values[$"{facet.Name}{i}"] = picked[i];
        }

        var among = string.Join(", ", names);
        return single is null ? $"list_has_any({list}, [{among}])" : $"({single}) IN ({among})";
    }

    private static string OrderBy(RowFilter filter) =>
        filter.Sort == "n" ? $" ORDER BY n{(filter.Descending ? " DESC" : "")}" : $" ORDER BY {(filter.Sort == "text" ? "lower(\"text\")" : $"\"{filter.Sort}\"")}{(filter.Descending ? " DESC" : "")} NULLS LAST, n";
}
