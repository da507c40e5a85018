using System.Collections.Frozen;

namespace Pipeline.Entities;

/// <summary>How the state of an organ is found.</summary>
internal enum OrganKind : byte
{
    /// <summary>No state organ, or one of several states.</summary>
    None,

    /// <summary>The name says the state.</summary>
    Fixed,

    /// <summary>Several states have one under this name; the article decides.</summary>
    Shared,

    /// <summary>An organ where a country word stands right before it, else not.</summary>
    Anchored,
}

/// <summary>What a name says of the state whose organ it is.</summary>
/// <param name="Kind">How the state is found.</param>
/// <param name="State">The state of a fixed organ; of a shared one the state that is meant where the article says nothing else.</param>
/// <param name="Among">The states that have one, by number; <see langword="null"/> for any.</param>
internal readonly record struct Organ(OrganKind Kind, State? State = null, bool[]? Among = null);

/// <summary>Reads the state of a polity, a people or an organ from its name, by the country data and the list of organs.</summary>
internal static class NameFacts
{
    private static readonly string[] Kinds =
    [
        " region", " oblast", " province", " county", " state", " district", " city", " governorate", " prefecture", " islands",
        " voivodeship", " canton", " department", " peninsula", " valley", " municipality", " krai", " republic", " emirate", " parish",
    ];

    private static readonly string[] Directions =
    [
        "northern ", "southern ", "eastern ", "western ", "central ", "north ", "south ", "east ", "west ", "greater ", "upper ",
        "city of ", "province of ", "state of ", "republic of ", "kingdom of ", "mainland ", "northeastern ", "northwestern ",
        "southeastern ", "southwestern ", "north-east ", "pre-war ", "post-war ", "lower ", "inner ", "old ", "new ",
        "commonwealth of ", "principality of ", "emirate of ", "sultanate of ", "islamic republic of ", "federal republic of ",
        "people's republic of ", "county ", "district of ", "canton of ", "region of ", "metropolitan ",
    ];

    private static readonly FrozenDictionary<string, Organ> Shared;
    private static readonly FrozenDictionary<string, Organ>.AlternateLookup<ReadOnlySpan<char>> SharedPolities;
    private static readonly FrozenSet<string> NoOrgans;
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> LastWords;
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> OrganWords;
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> GenericWords;
    private static readonly string[] International;

    static NameFacts()
    {
        var text = NameLists.Read(typeof(NameFacts).Assembly, "organs.tsv")
            ?? throw new InvalidOperationException("organs.tsv is not embedded.");
        var shared = new Dictionary<string, Organ>(StringComparer.OrdinalIgnoreCase);
        var polities = new Dictionary<string, Organ>(StringComparer.OrdinalIgnoreCase);
        var lists = new Dictionary<string, List<string>>(StringComparer.Ordinal)
        {
            ["word"] = [], ["generic"] = [], ["international"] = [], ["none"] = [], ["last"] = [],
        };
        foreach (var line in text.Split('\n'))
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var cells = line.Split('\t');
            var names = cells[1].Split(',');
            if (cells[0] is "shared" or "polity")
            {
                var organ = Parse(cells[2]);
                foreach (var name in names) (cells[0] == "shared" ? shared : polities).Add(name, organ);
            }
            else
            {
                lists[cells[0]].AddRange(names);
            }
        }

        Shared = shared.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        OrganWords = lists["word"].ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
        GenericWords = lists["generic"].ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
        SharedPolities = polities.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
        NoOrgans = lists["none"].ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        LastWords = lists["last"].ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
        International = [.. lists["international"]];
    }

    /// <summary>The name without the blanks that stand before an 's and round a hyphen where tokens were joined by spaces.</summary>
    public static string Straight(string name)
    {
        if (name.Contains('’', StringComparison.Ordinal)) name = name.Replace('’', '\'');
        if (name.Contains(" '", StringComparison.Ordinal)) name = name.Replace(" '", "'", StringComparison.Ordinal);
        return name.Contains(" - ", StringComparison.Ordinal) ? name.Replace(" - ", "-", StringComparison.Ordinal) : name;
    }

    /// <summary>The states that have a polity of this name, where none is by far the best known.</summary>
    public static Organ? StatesOf(string name) =>
        SharedPolities.TryGetValue(name, out var states)
            || (CountryTable.Shared.OfPolity(name) is null && SharedPolities.TryGetValue(WithoutKind(name), out states)) ? states : null;

    public static State? Polity(string name)
    {
        var table = CountryTable.Shared;
        var state = table.OfPolity(name) ?? table.OfPolity(WithoutKind(name));
        if (state is null && name.IndexOf(',', StringComparison.Ordinal) is > 0 and var comma)
            state = table.OfPolity(name.AsSpan(comma + 1).Trim());
        return state ?? table.OfDemonym(WithoutKind(name));
    }

    public static State? People(string name)
    {
        var table = CountryTable.Shared;
        var found = table.OfDemonym(name) ?? table.OfPolity(name);
        if (found is not null) return found;
        foreach (var direction in Directions)
        {
            if (name.StartsWith(direction, StringComparison.OrdinalIgnoreCase)) return table.OfDemonym(name.AsSpan(direction.Length));
        }

        if (name.EndsWith('s')) found = table.OfDemonym(name.AsSpan(0, name.Length - 1));
        if (found is null && name.LastIndexOf('-') is > 0 and var hyphen && !name.Contains("Anglo", StringComparison.Ordinal))
            found = name[..hyphen] is "non" or "pro" or "anti" or "ex" ? table.OfDemonym(name.AsSpan(hyphen + 1)) : null;
        return found;
    }

    public static Organ OrganOf(string name)
    {
        if (IsInternational(name) || NoOrgans.Contains(name)) return default;
        if (Shared.TryGetValue(name, out var shared)) return shared;
        if (CountryTable.Shared.OfOrgan(name) is { } own) return Fixed(own);
        if (LastWords.Contains(name.AsSpan(name.LastIndexOf(' ') + 1))) return default;
        bool organ = name.Contains("Armed Forces", StringComparison.Ordinal) || name.Contains("Defence Force", StringComparison.Ordinal)
            || name.Contains("Defense Force", StringComparison.Ordinal) || name.Contains("Air Force", StringComparison.Ordinal)
            || name.Contains("Security Forces", StringComparison.Ordinal);
        bool generic = true;
        foreach (var range in name.AsSpan().Split(' '))
        {
            var word = name.AsSpan(range);
            var isOrgan = OrganWords.Contains(word);
            organ |= isOrgan;
            generic &= isOrgan || GenericWords.Contains(word);
        }

        var named = CountryIn(name);
        if (!organ)
        {
            var bank = named is not null && (name.StartsWith("Bank of", StringComparison.Ordinal) || name.StartsWith("Banque ", StringComparison.Ordinal)
                || name.Contains("National Bank of", StringComparison.Ordinal) || name.Contains("Central Bank", StringComparison.Ordinal)
                || name.Contains("Reserve Bank", StringComparison.Ordinal));
            return bank ? Fixed(named!) : default;
        }

        if (named is not null) return Fixed(named);
        return new Organ(generic ? OrganKind.Shared : OrganKind.Anchored);
    }

    private static Organ Fixed(State state) => state.Code == "-" ? default : new Organ(OrganKind.Fixed, state);

    private static Organ Parse(string cell)
    {
        State? usual = null;
        bool[]? among = new bool[CountryTable.Shared.States.Length];
        foreach (var code in cell.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (code == "*")
            {
                among = null;
                continue;
            }

            var state = CountryTable.Shared.OfCode(code.TrimEnd('+'))
                ?? throw new InvalidOperationException($"organs.tsv: {code} is no state.");
            if (among is not null) among[state.Number] = true;
            if (code.EndsWith('+')) usual = state;
        }

        return new Organ(OrganKind.Shared, usual, among);
    }

    public static bool IsInternational(string name)
    {
        foreach (var begin in International)
        {
            if (name.StartsWith(begin, StringComparison.OrdinalIgnoreCase) && (name.Length == begin.Length || name[begin.Length] == ' ')) return true;
        }

        return false;
    }

    // The first country word of a name, three words at most.
    private static State? CountryIn(string name)
    {
        for (var start = 0; start < name.Length; start = Next(name, start))
        {
            if (!char.IsUpper(name[start])) continue;
            var end = start;
            State? found = null;
            for (var length = 1; length <= 3 && end < name.Length; length++)
            {
                if (length > 1) end++;
                while (end < name.Length && name[end] != ' ') end++;
                var part = name.AsSpan(start, end - start);
                if (part.EndsWith("'s")) part = part[..^2];
                if (part.Length < 2) continue;
                var state = CountryTable.Shared.OfDemonym(part) ?? CountryTable.Shared.Named(part);
                if (state is null && start == 0) state = CountryTable.Shared.OfPolity(part);
                found = state ?? found;
            }

            if (found is not null) return found;
        }

        return null;
    }

    private static int Next(string name, int start)
    {
        var space = name.IndexOf(' ', start);
        return space < 0 ? name.Length : space + 1;
    }

    private static ReadOnlySpan<char> WithoutKind(string name)
    {
        foreach (var kind in Kinds)
        {
            if (name.EndsWith(kind, StringComparison.OrdinalIgnoreCase) && name.Length > kind.Length) return name.AsSpan(0, name.Length - kind.Length);
        }

        foreach (var direction in Directions)
        {
            if (name.StartsWith(direction, StringComparison.OrdinalIgnoreCase)) return name.AsSpan(direction.Length);
        }

        return name;
    }
}
