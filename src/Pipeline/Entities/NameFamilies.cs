using System.Collections.Frozen;

namespace Pipeline.Entities;

/// <summary>The names of one article, and which longer name a shorter one stands for.</summary>
internal sealed class NameFamilies
{
    private readonly Dictionary<(string Name, bool Person), List<(int Index, string Full)>> byPart = [];
    private readonly Dictionary<string, string> byInitials = new(StringComparer.Ordinal);
    private readonly Dictionary<RawMention, int> positions = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, string> spelling = new(StringComparer.OrdinalIgnoreCase);

    public NameFamilies(string text, IReadOnlyList<RawMention> mentions)
    {
        for (var i = 0; i < mentions.Count; i++)
        {
            var mention = mentions[i];
            positions[mention] = i;
            if (!NameResolver.IsShouted(mention.Name)) spelling.TryAdd(mention.Name, mention.Name);
            if (mention.Type is EntityType.Gpe or EntityType.Norp) continue;
            AddParts(mention, i);
            if (mention.Type != EntityType.Person) AddInitials(text, mention);
        }
    }

    public string CanonicalOf(RawMention mention)
    {
        var name = NameResolver.WithoutArticle(mention.Name);
        if (mention.Type is EntityType.Gpe) return Spelled(mention.Name.StartsWith("The ", StringComparison.Ordinal) ? mention.Name : name);
        var person = mention.Type == EntityType.Person;
        if (!person && IsAcronym(name) && byInitials.TryGetValue(name.Replace(".", "", StringComparison.Ordinal), out var expansion))
            return Longest(expansion, mention, person);
        return Longest(name, mention, person);
    }

    private string Spelled(string name) => spelling.GetValueOrDefault(name, name);

    // A longer name may be the short form of a still longer one; each step lengthens it, so it ends.
    private string Longest(string name, RawMention mention, bool person)
    {
        while (byPart.TryGetValue((Key(name), person), out var fulls))
        {
            var best = fulls[0].Full;
            foreach (var (index, full) in fulls)
            {
                if (index > positions[mention]) break;
                best = full;
            }

            name = best;
        }

        return Spelled(name);
    }

    private void AddParts(RawMention mention, int index)
    {
        var person = mention.Type == EntityType.Person;
        var name = NameResolver.WithoutArticle(mention.Name);
        if (mention.Type is EntityType.Loc or EntityType.Misc) return;
        var words = name.Split(' ');
        if (words.Length < 2 || words.Length > 12) return;
        for (var length = 1; length < words.Length; length++)
        {
            AddPart(string.Join(' ', words[^length..]), person, index, name);
            AddPart(string.Join(' ', words[..length]), person, index, name);
        }
    }

    private void AddPart(string part, bool person, int index, string full)
    {
        var key = (Key(part), person);
        if (!byPart.TryGetValue(key, out var list)) byPart[key] = list = [];
        if (list.Count < 32 && (list.Count == 0 || list[^1].Full != full)) list.Add((index, full));
    }

    private void AddInitials(string text, RawMention mention)
    {
        var name = NameResolver.WithoutArticle(mention.Name);
        var defined = Defined(text, mention.Span.End);
        if (defined is not null && name.Length > defined.Length) byInitials[defined] = name;
        if (!name.Contains(' ')) return;
        Span<char> capitals = stackalloc char[12];
        Span<char> all = stackalloc char[12];
        int c = 0, a = 0;
        foreach (var range in name.AsSpan().SplitAny(' ', '-'))
        {
            var word = name.AsSpan(range);
            if (word.Length == 0) continue;
            if (a < all.Length) all[a++] = char.ToUpperInvariant(word[0]);
            if (char.IsUpper(word[0]) && c < capitals.Length) capitals[c++] = word[0];
        }

        if (Known.TryGetValue(name, out var acronym)) byInitials[acronym] = name;
        if (c >= 2) byInitials.TryAdd(capitals[..c].ToString(), name);
        if (a >= 2) byInitials.TryAdd(all[..a].ToString(), name);
    }

    // "… Treaty Organization (NATO)": the letters in the brackets right behind the name.
    private static string? Defined(string text, int end)
    {
        if (end + 3 >= text.Length || text[end] != ' ' || text[end + 1] != '(') return null;
        var length = 0;
        var start = end + 2;
        while (start + length < text.Length && length < 12 && (char.IsLetterOrDigit(text[start + length]) || text[start + length] is '.' or '-')) length++;
        if (length < 2 || start + length >= text.Length || text[start + length] is not (')' or ',' or ';')) return null;
        var acronym = text.Substring(start, length).Replace(".", "", StringComparison.Ordinal);
        return IsAcronym(acronym) ? acronym : null;
    }

    // Acronyms of another language than the name, with the name as the news writes it.
    private static readonly FrozenDictionary<string, string> Known = LoadKnown();

    private static FrozenDictionary<string, string> LoadKnown()
    {
        var text = NameLists.Read(typeof(NameFamilies).Assembly, "acronyms.tsv")
            ?? throw new InvalidOperationException("acronyms.tsv is not embedded.");
        var known = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in text.Split('\n'))
        {
            if (line.Length > 0 && line[0] != '#' && line.Split('\t') is [var acronym, var name]) known.TryAdd(name, acronym);
        }

        return known.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private static bool IsAcronym(string name)
    {
        int upper = 0, lower = 0;
        foreach (var c in name)
        {
            if (char.IsUpper(c)) upper++;
            else if (char.IsLower(c)) lower++;
            else if (!char.IsDigit(c) && c is not ('.' or '-')) return false;
        }

        return upper >= 2 && lower <= 2 && name.Length <= 12;
    }

    private static string Key(string name) => name.Replace('’', '\'').ToUpperInvariant();
}
