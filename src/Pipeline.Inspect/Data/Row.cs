using System.Globalization;

namespace Pipeline.Inspect.Data;

/// <summary>A row of an answer. Immutable.</summary>
public sealed class Row(IReadOnlyDictionary<string, int> names, object?[] cells)
{
    public bool Has(string name) => names.ContainsKey(name);

    /// <summary>A cell as text; empty where there is nothing.</summary>
    public string Text(string name) => Format(cells[names[name]]);

    public long Whole(string name) => cells[names[name]] is { } value ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : 0;

    public double Number(string name) => cells[names[name]] is { } value ? Convert.ToDouble(value, CultureInfo.InvariantCulture) : 0;

    public bool Flag(string name) => cells[names[name]] is true;

    /// <summary>A cell that counts labels, such as a map of the database.</summary>
    public IEnumerable<(string Label, long Count)> Counts(string name)
    {
        if (cells[names[name]] is not System.Collections.IDictionary map)
            yield break;
        foreach (System.Collections.DictionaryEntry entry in map)
            yield return (Format(entry.Key), Convert.ToInt64(entry.Value, CultureInfo.InvariantCulture));
    }

    private static string Format(object? value) => value switch
    {
        null => "",
        string text => text,
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        double number => number.ToString("0.####", CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
