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

    public static RowPage Page(OutputStore store, RowFilter filter)
    {
        var (where, values) = Where(filter);
        var total = store.Query($"SELECT count(*) AS k FROM {(where.Length == 0 ? filter.View.Count : filter.View.From)}{where}", values)[0].Whole("k");
        var offset = (filter.Page - 1L) * RowFilter.PageSize;
        var rows = store.Query(
            string.Create(CultureInfo.InvariantCulture, $"SELECT * FROM {filter.View.From}{where}{OrderBy(filter)} LIMIT {RowFilter.PageSize} OFFSET {offset}"), values);
        return new RowPage(rows, total);
    }

    /// <summary>
    /// Of each facet, the most frequent values among the rows that the other facets leave; chosen ones always. One statement, so that
    /// a search for words reads the texts once.
    /// </summary>
    public static IReadOnlyList<(Facet Facet, IReadOnlyList<FacetValue> Values)> Facets(OutputStore store, RowFilter filter)
    {
        var facets = filter.View.Facets;
        var (search, values) = Where(filter with { Chosen = new Dictionary<string, IReadOnlyList<string>>() });
        var columns = facets.Select((facet, i) => $"{facet.ListSql ?? facet.Sql} AS f{i}");
        var parts = new List<string>();
        for (var i = 0; i < facets.Count; i++)
        {
            var conditions = new List<string>();
            for (var j = 0; j < facets.Count; j++)
            {
                if (j != i && Condition(filter, facets[j], facets[j].ListSql is null ? $"f{j}" : null, $"f{j}", values) is { } condition)
                    conditions.Add(condition);
            }

            var where = conditions.Count == 0 ? "" : " WHERE " + string.Join(" AND ", conditions);
            var value = facets[i].ListSql is null ? $"f{i}" : $"unnest(f{i})";
            parts.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"(SELECT {i} AS facet, v, count(*) AS k FROM (SELECT {value} AS v FROM m{where}) GROUP BY v ORDER BY k DESC, v LIMIT {(facets[i].ByCount ? FacetValues : OrderedValues)})"));
        }

        var found = store.Query(
            $"WITH m AS {(search.Length > 0 ? "" : "NOT ")}MATERIALIZED (SELECT {string.Join(", ", columns)} FROM {filter.View.From}{search}) {string.Join(" UNION ALL ", parts)}",
            values).ToLookup(row => (int)row.Whole("facet"), row => new FacetValue(row.Text("v"), row.Whole("k")));
        return [.. facets.Select((facet, i) => (facet, Sorted(filter, facet, [.. found[i]])))];
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
        return store.Stream($"SELECT {string.Join(", ", filter.View.Columns.Select(c => $"\"{c}\""))} FROM {filter.View.From}{where}{OrderBy(filter)}", values);
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
        filter.Sort == "n" ? $" ORDER BY n{(filter.Descending ? " DESC" : "")}" : $" ORDER BY \"{filter.Sort}\"{(filter.Descending ? " DESC" : "")} NULLS LAST, n";
}
