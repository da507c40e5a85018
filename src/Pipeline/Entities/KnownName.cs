namespace Pipeline.Entities;

/// <summary>What a name says by itself, whatever the article says: worked out at its first mention, kept for the next.</summary>
internal sealed class KnownName
{
    private const int MaxWords = 12;
    private bool looked;
    private State? polity;
    private State? people;
    private Organ organ;
    private Organ? states;
    private bool international;

    public KnownName(string text)
    {
        Text = text;
        Plain = text.StartsWith("the ", StringComparison.OrdinalIgnoreCase) ? text[4..] : text;
        Key = KeyOf(Plain);
        IsShouted = Shouted(Plain);
        Parts = PartsOf(Plain);
        (Capitals, Initials) = InitialsOf(Plain);
        Acronym = AcronymOf(Plain);
        Foreign = Acronyms.KeyOf(Plain);
    }

    /// <summary>As written, single spaces between words.</summary>
    public string Text { get; }

    /// <summary>Without a leading article.</summary>
    public string Plain { get; }

    /// <summary>Names that differ in case or apostrophe only have the same key.</summary>
    public ulong Key { get; }

    /// <summary>Keys of the word sequences that the name begins or ends with; empty for a single word.</summary>
    public ulong[] Parts { get; }

    /// <summary>Key of the initials of the capitalised words, of all words, and of its acronym in another language; 0 where there are none.</summary>
    public ulong Capitals { get; }

    public ulong Initials { get; }

    public ulong Foreign { get; }

    /// <summary>Key of the letters if the name is an acronym, else 0.</summary>
    public ulong Acronym { get; }

    public bool IsShouted { get; }

    /// <summary>The state that a polity of this name is or belongs to; with the code <c>-</c> where no one state owns it.</summary>
    public State? Polity
    {
        get
        {
            Look();
            return polity;
        }
    }

    /// <summary>The states of which one is meant where several have a polity of this name; then <see cref="Polity"/> is empty.</summary>
    public Organ? States
    {
        get
        {
            Look();
            return states;
        }
    }

    /// <summary>The state whose people this is.</summary>
    public State? People
    {
        get
        {
            Look();
            return people;
        }
    }

    /// <summary>Whether it is a body of several states.</summary>
    public bool IsInternational
    {
        get
        {
            Look();
            return international;
        }
    }

    public Organ Organ
    {
        get
        {
            Look();
            return organ;
        }
    }

    /// <summary>Key of a name or part of one.</summary>
    public static ulong KeyOf(ReadOnlySpan<char> name)
    {
        var hash = 7UL;
        foreach (var c in name) hash = WordTraits.Step(hash, c == '’' ? '\'' : char.ToUpperInvariant(c));
        return hash | 1;
    }

    /// <summary>Key of an acronym's letters, or 0 where the name is none.</summary>
    public static ulong AcronymOf(ReadOnlySpan<char> name)
    {
        if (name.Length is < 2 or > MaxWords) return 0;
        int upper = 0, lower = 0;
        var hash = 9UL;
        foreach (var c in name)
        {
            if (char.IsUpper(c)) upper++;
            else if (char.IsLower(c)) lower++;
            else if (!char.IsDigit(c) && c is not ('.' or '-')) return 0;
            if (c != '.') hash = WordTraits.Step(hash, c);
        }

        return upper >= 2 && lower <= 2 ? hash | 1 : 0;
    }

    private void Look()
    {
        if (looked) return;
        var name = NameFacts.Straight(Plain);
        states = NameFacts.StatesOf(name);
        polity = states is null ? NameFacts.Polity(name) : null;
        people = NameFacts.People(name);
        organ = NameFacts.OrganOf(name);
        international = NameFacts.IsInternational(name);
        looked = true;
    }

    private static bool Shouted(string name)
    {
        var letters = 0;
        foreach (var c in name)
        {
            if (char.IsLower(c)) return false;
            if (char.IsLetter(c)) letters++;
        }

        return letters > 3;
    }

    private static ulong[] PartsOf(string name)
    {
        var words = 1;
        foreach (var c in name)
        {
            if (c == ' ') words++;
        }

        if (words is < 2 or > MaxWords) return [];
        var parts = new ulong[2 * (words - 1)];
        var n = 0;
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] != ' ') continue;
            parts[n++] = KeyOf(name.AsSpan(0, i));
            parts[n++] = KeyOf(name.AsSpan(i + 1));
        }

        return parts;
    }

    private static (ulong Capitals, ulong All) InitialsOf(string name)
    {
        if (!name.Contains(' ')) return (0, 0);
        ulong capitals = 9, all = 9;
        int c = 0, a = 0;
        foreach (var range in name.AsSpan().SplitAny(' ', '-'))
        {
            var word = name.AsSpan(range);
            if (word.Length == 0) continue;
            if (a++ < MaxWords) all = WordTraits.Step(all, char.ToUpperInvariant(word[0]));
            if (char.IsUpper(word[0]) && c++ < MaxWords) capitals = WordTraits.Step(capitals, word[0]);
        }

        return (c >= 2 ? capitals | 1 : 0, a >= 2 ? all | 1 : 0);
    }
}

/// <summary>The names that one thread has met, so that a name is worked out and allocated once. The memory is bounded.</summary>
internal sealed class NamePool
{
    private const int MaxNames = 1 << 15;
    private readonly Dictionary<string, KnownName> names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KnownName>.AlternateLookup<ReadOnlySpan<char>> bySpan;

    public NamePool() => bySpan = names.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Forgets the names where there are too many; to be called between articles.</summary>
    public void Trim()
    {
        if (names.Count > MaxNames) names.Clear();
    }

    public KnownName Of(ReadOnlySpan<char> text)
    {
        if (bySpan.TryGetValue(text, out var known)) return known;
        known = new KnownName(text.ToString());
        names.Add(known.Text, known);
        return known;
    }
}
