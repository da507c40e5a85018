using System.Collections.Frozen;

namespace Pipeline.Entities;

/// <summary>Acronyms that are not the initials of the English name, with the name as the news writes it.</summary>
internal static class Acronyms
{
    private static readonly FrozenDictionary<string, ulong> Known = Load();

    /// <summary>Key of the acronym of a name, or 0.</summary>
    public static ulong KeyOf(string name) => Known.GetValueOrDefault(name);

    private static FrozenDictionary<string, ulong> Load()
    {
        var text = NameLists.Read(typeof(Acronyms).Assembly, "acronyms.tsv")
            ?? throw new InvalidOperationException("acronyms.tsv is not embedded.");
        var known = new Dictionary<string, ulong>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in text.Split('\n'))
        {
            if (line.Length > 0 && line[0] != '#' && line.Split('\t') is [var acronym, var name]) known.TryAdd(name, KnownName.AcronymOf(acronym));
        }

        return known.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
