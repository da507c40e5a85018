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
public sealed record FacetValue(string Value, long Count);

/// <summary>A facet and its most frequent values.</summary>
public sealed record FacetCounts(Facet Facet, IReadOnlyList<FacetValue> Values);

/// <summary>What a filter finds, and what else could be chosen.</summary>
internal sealed record RowAnswer(RowPage Page, IReadOnlyList<FacetCounts> Facets);

/// <summary>Asks the store what a filter describes. Every value goes as a parameter, every name comes from <see cref="TableView"/>.</summary>
internal static class RowQuery
{
    private const int FacetValues = 12;
    private const int OrderedValues = 60;

    /// <summary>Whether an answer comes from the file at once, whatever else is being read: its first rows.</summary>
    public static bool IsFirstPage(RowFilter filter) => filter is { View.Name: not "articles", Sort: "n", Descending: false, Page: 1 } && IsAll(filter);

    /// <summary>The page and the facets: from memory, one question that reads the texts once.</summary>
    public static RowAnswer Answer(OutputStore store, RowFilter filter) => IsCoded(store, filter)
        ? CodedQuery.Answer(store, filter)
        : new RowAnswer(PageOfFile(store, filter), FacetsOfFile(store, filter));

    /// <summary>The page alone.</summary>
    public static RowPage Page(OutputStore store, RowFilter filter) => IsCoded(store, filter) ? CodedQuery.Answer(store, filter).Page : PageOfFile(store, filter);

    /// <summary>Of each facet, the most frequent values among the rows that the other facets leave; chosen ones always.</summary>
    public static IReadOnlyList<FacetCounts> Facets(OutputStore store, RowFilter filter) =>
        IsCoded(store, filter) ? CodedQuery.Answer(store, filter).Facets : FacetsOfFile(store, filter);

    /// <summary>All rows that the filter leaves, with the columns of the export.</summary>
    public static IEnumerable<Row> All(OutputStore store, RowFilter filter)
    {
        var (where, values) = Where(filter);
        return store.Stream($"SELECT {string.Join(", ", filter.View.Columns.Select(c => $"\"{c}\""))} FROM {store.From(filter.View)}{where}{OrderBy(filter)}", values);
    }

    /// <summary>Whether nothing is searched and nothing chosen.</summary>
    internal static bool IsAll(RowFilter filter) => filter.Search.Length == 0 && filter.Chosen.Count == 0;

    /// <summary>The part of an answer that is a page.</summary>
    internal static string Window(RowFilter filter) =>
        string.Create(CultureInfo.InvariantCulture, $"LIMIT {RowFilter.PageSize} OFFSET {(filter.Page - 1L) * RowFilter.PageSize}");

    /// <summary>How many values of a facet are shown.</summary>
    internal static int MostOf(Facet facet) => facet.ByCount ? FacetValues : OrderedValues;

    internal static FacetCounts Sorted(RowFilter filter, Facet facet, IEnumerable<FacetValue> found)
    {
        var values = found.ToList();
        foreach (var picked in filter.Chosen.GetValueOrDefault(facet.Name) ?? [])
        {
            if (!values.Exists(value => value.Value == picked))
                values.Add(new FacetValue(picked, 0));
        }

        return new FacetCounts(facet, facet.ByCount
            ? [.. values.OrderByDescending(value => value.Count).ThenBy(value => value.Value, StringComparer.Ordinal)]
            : [.. values.OrderBy(value => value.Value.StartsWith("under", StringComparison.Ordinal) ? "" : value.Value, StringComparer.Ordinal)]);
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

    private static bool IsCoded(OutputStore store, RowFilter filter) => filter.View.Coded && store.IsInMemory(filter.View.Name);

    private static RowPage PageOfFile(OutputStore store, RowFilter filter)
    {
        var (where, values) = Where(filter);
        var from = store.From(filter.View);
        var total = IsAll(filter) ? store.Count(filter.View) : store.Query($"SELECT count(*) AS k FROM {from}{where}", values)[0].Whole("k");
        var order = IsFirstPage(filter) ? "" : OrderBy(filter);
        return new RowPage(store.Query($"SELECT * FROM {from}{where}{order} {Window(filter)}", values), total);
    }

    private static List<FacetCounts> FacetsOfFile(OutputStore store, RowFilter filter)
    {
        if (IsAll(filter))
            return [.. store.Remember($"facets/{filter.View.Name}", () => AskFile(store, filter))];
        return AskFile(store, filter);
    }

    private static List<FacetCounts> AskFile(OutputStore store, RowFilter filter)
    {
        var facets = filter.View.Facets;
        var (search, values) = Where(filter with { Chosen = new Dictionary<string, IReadOnlyList<string>>() });
        var conditions = facets.Select((facet, i) => Condition(filter, facet, facet.ListSql is null ? $"f{i}" : null, $"f{i}", values)).ToList();
        var columns = facets.Select((facet, i) => $"{facet.ListSql ?? facet.Sql} AS f{i}").ToList();
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
            parts.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"(SELECT {i} AS facet, v, count(*) AS k FROM (SELECT {(facets[i].ListSql is null ? $"f{i}" : $"unnest(f{i})")} AS v FROM m{where}) GROUP BY v ORDER BY k DESC, v LIMIT {MostOf(facets[i])})"));
        }

        var materialized = filter.Search.Length > 0 || columns.Count > facets.Count ? "" : "NOT ";
        var found = store.Query(
            $"WITH m AS {materialized}MATERIALIZED (SELECT {string.Join(", ", columns)} FROM {store.From(filter.View)}{search}) {string.Join(" UNION ALL ", parts)}",
            values).ToLookup(row => (int)row.Whole("facet"), row => new FacetValue(row.Text("v"), row.Whole("k")));
        return [.. facets.Select((facet, i) => Sorted(filter, facet, found[i]))];
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

    private static string OrderBy(RowFilter filter) => filter.Sort switch
    {
        "n" => $" ORDER BY n{(filter.Descending ? " DESC" : "")}",
        // Backwards is exactly backwards, so that one order in memory serves both.
        "text" => $" ORDER BY lower(\"text\"){(filter.Descending ? " DESC" : "")}, n{(filter.Descending ? " DESC" : "")}",
        _ => $" ORDER BY \"{filter.Sort}\"{(filter.Descending ? " DESC" : "")} NULLS LAST, n",
    };
}
