using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Pipeline.Inspect.Data;

/// <summary>What a person chose of a table: exactly what stands in the address behind the question mark. Immutable.</summary>
public sealed record RowFilter
{
    public const int PageSize = 50;

    public required TableView View { get; init; }

    /// <summary>Words that must occur, in any case.</summary>
    public string Search { get; init; } = "";

    /// <summary>Chosen values by facet; one of them must fit.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Chosen { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    public string Sort { get; init; } = "n";

    public bool Descending { get; init; }

    /// <summary>From 1.</summary>
    public int Page { get; init; } = 1;

    /// <summary>Reads an address; what it does not know is left out.</summary>
    public static RowFilter Parse(TableView view, string query)
    {
        var values = QueryHelpers.ParseQuery(query);
        var chosen = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var facet in view.Facets)
        {
            if (values.TryGetValue(facet.Name, out var picked) && picked.Count > 0)
                chosen[facet.Name] = [.. picked.Select(value => value ?? "").Distinct(StringComparer.Ordinal).Take(100)];
        }

        var sort = values.TryGetValue("sort", out var given) ? given.ToString() : "n";
        var descending = sort.StartsWith('-');
        sort = sort.TrimStart('-');
        return new RowFilter
        {
            View = view,
            Search = values.TryGetValue("q", out var q) ? q.ToString().Trim() : "",
            Chosen = chosen,
            Sort = view.Sorts.Contains(sort) ? sort : "n",
            Descending = descending && view.Sorts.Contains(sort),
            Page = values.TryGetValue("page", out var page) && int.TryParse(page, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? Math.Clamp(number, 1, 1_000_000)
                : 1,
        };
    }

    /// <summary>The part of an address behind the question mark, without it.</summary>
    public string ToQuery()
    {
        var text = new StringBuilder();
        if (Search.Length > 0)
            Add("q", Search);
        foreach (var facet in View.Facets)
        {
            foreach (var value in Chosen.GetValueOrDefault(facet.Name) ?? [])
                Add(facet.Name, value);
        }

        if (Sort != "n" || Descending)
            Add("sort", (Descending ? "-" : "") + Sort);
        if (Page > 1)
            Add("page", Page.ToString(CultureInfo.InvariantCulture));
        return text.ToString();

        void Add(string name, string value) => text.Append(text.Length > 0 ? "&" : "").Append(name).Append('=').Append(Uri.EscapeDataString(value));
    }

    public string Address(string path) => ToQuery() is { Length: > 0 } query ? $"{path}?{query}" : path;

    public bool Picks(string facet, string value) => Chosen.TryGetValue(facet, out var picked) && picked.Contains(value);

    /// <summary>With a value chosen, or no longer chosen.</summary>
    public RowFilter Toggle(string facet, string value)
    {
        var all = Chosen.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        var picked = all.GetValueOrDefault(facet) ?? [];
        picked = picked.Contains(value) ? [.. picked.Where(other => other != value)] : [.. picked, value];
        if (picked.Count > 0)
            all[facet] = picked;
        else
            all.Remove(facet);
        return this with { Chosen = all, Page = 1 };
    }

    /// <summary>Sorted by a column; by it again turns it around.</summary>
    public RowFilter SortedBy(string column) => this with { Sort = column, Descending = Sort == column && !Descending, Page = 1 };
}
