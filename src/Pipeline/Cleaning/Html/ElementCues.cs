using System.Collections.Frozen;
using System.Globalization;

namespace Pipeline.Cleaning.Html;

/// <summary>What an element's class, id and role say about its content. Immutable.</summary>
internal static class ElementCues
{
    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Words =
        DataFile.Rows("element-cues.tsv")
            .ToFrozenDictionary(r => r[0], r => int.Parse(r[1], CultureInfo.InvariantCulture), StringComparer.OrdinalIgnoreCase)
            .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The sum of the words' weights in a class or id, for and against.</summary>
    public static (int For, int Against) Weigh(ReadOnlySpan<char> value)
    {
        int good = 0, bad = 0;
        const int Longest = 400;
        if (value.Length > Longest)
            value = value[..Longest];
        for (var i = 0; i < value.Length;)
        {
            while (i < value.Length && !char.IsAsciiLetterOrDigit(value[i]))
                i++;
            var start = i;
            while (i < value.Length && char.IsAsciiLetterOrDigit(value[i])
                && !(i > start && char.IsAsciiLetterUpper(value[i]) && char.IsAsciiLetterLower(value[i - 1])))
                i++;
            if (i > start && Words.TryGetValue(value[start..i], out var weight))
            {
                if (weight > 0)
                    good = Math.Max(good, weight) + (good > 0 ? 1 : 0);
                else
                    bad += weight;
            }
        }

        return (good, bad);
    }
}
