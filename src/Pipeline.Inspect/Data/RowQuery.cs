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

    public static RowPage Page(OutputStore store, RowFilter filter)
    {
        var (where, values) = Where(filter, except: null);
        var total = store.Query($"SELECT count(*) AS k FROM {(where.Length == 0 ? filter.View.Count : filter.View.From)}{where}", values)[0].Whole("k");
        var offset = (filter.Page - 1L) * RowFilter.PageSize;
        var rows = store.Query(
            string.Create(CultureInfo.InvariantCulture, $"SELECT * FROM {filter.View.From}{where}{OrderBy(filter)} LIMIT {RowFilter.PageSize} OFFSET {offset}"), values);
        return new RowPage(rows, total);
    }

    /// <summary>The most frequent values of a facet among the rows that the other facets leave; chosen ones always.</summary>
    public static IReadOnlyList<FacetValue> Values(OutputStore store, RowFilter filter, Facet facet)
    {
        var (where, values) = Where(filter, except: facet.Name);
        var found = store.Query(
            $"SELECT v, count(*) AS k FROM (SELECT {facet.Sql} AS v FROM {filter.View.From}{where}) GROUP BY v ORDER BY k DESC, v LIMIT {(facet.ByCount ? FacetValues : 60)}", values)
            .ConvertAll(row => new FacetValue(row.Text("v"), row.Whole("k")));
        foreach (var picked in filter.Chosen.GetValueOrDefault(facet.Name) ?? [])
        {
            if (!found.Exists(value => value.Value == picked))
                found.Add(new FacetValue(picked, 0));
        }

        return facet.ByCount ? found : [.. found.OrderBy(value => value.Value.StartsWith("under", StringComparison.Ordinal) ? "" : value.Value, StringComparer.Ordinal)];
    }

    /// <summary>All rows that the filter leaves, with the columns of the export.</summary>
    public static IEnumerable<Row> All(OutputStore store, RowFilter filter)
    {
        var (where, values) = Where(filter, except: null);
        return store.Stream($"SELECT {string.Join(", ", filter.View.Columns.Select(c => $"\"{c}\""))} FROM {filter.View.From}{where}{OrderBy(filter)}", values);
    }

    /// <summary>The condition of a filter, with a leading <c>WHERE</c>, or nothing.</summary>
    internal static (string Sql, Dictionary<string, object> Values) Where(RowFilter filter, string? except)
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
            if (facet.Name == except || !filter.Chosen.TryGetValue(facet.Name, out var picked))
                continue;
            var names = new List<string>();
            for (var i = 0; i < picked.Count; i++)
            {
                names.Add($"${facet.Name}{i}");
                values[$"{facet.Name}{i}"] = picked[i];
            }

            // A list's facet fits when any of its members does.
            conditions.Add(facet.Sql.StartsWith("unnest(", StringComparison.Ordinal)
                ? $"list_has_any({facet.Sql["unnest(".Length..^1]}, [{string.Join(", ", names)}])"
                : $"({facet.Sql}) IN ({string.Join(", ", names)})");
        }

        return conditions.Count == 0 ? ("", values) : (" WHERE " + string.Join(" AND ", conditions), values);
    }

    private static string OrderBy(RowFilter filter) =>
        filter.Sort == "n" ? $" ORDER BY n{(filter.Descending ? " DESC" : "")}" : $" ORDER BY \"{filter.Sort}\"{(filter.Descending ? " DESC" : "")} NULLS LAST, n";
}
