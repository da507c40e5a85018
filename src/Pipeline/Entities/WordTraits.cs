using System.Runtime.CompilerServices;

namespace Pipeline.Entities;

/// <summary>What a token is made of.</summary>
internal enum WordKind : byte
{
    Lower,
    Capitalised,
    AllCaps,
    MixedCaps,
    CapitalLetter,
    Dotted,
    Number,
    LettersAndDigits,
    Mark,
    Other,
}

/// <summary>Everything about one token alone that features are made of; computed in one pass over its characters.</summary>
internal struct WordTraits
{
    /// <summary>Hash of the lower-case form with digits levelled and quotes straightened.</summary>
    public ulong Lower;

    /// <summary>Hash of the form as it stands.</summary>
    public ulong Exact;

    public uint Shape;
    public uint LongShape;
    public uint Prefix2, Prefix3, Prefix4;
    public uint Suffix1, Suffix2, Suffix3, Suffix4;

    /// <summary>Length in code units, at most 255.</summary>
    public byte Length;

    public WordKind Kind;

    /// <summary>Whether a name can be made of it: it has an upper-case letter.</summary>
    public bool HasUpper;

    private const ulong Prime = 0x9E3779B97F4A7C15;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Step(ulong hash, uint c)
    {
        hash = (hash ^ c) * Prime;
        return hash ^ (hash >> 29);
    }

    /// <summary>Hash of a lower-case form, for word lists.</summary>
    public static ulong LowerHash(ReadOnlySpan<char> word)
    {
        var hash = 1UL;
        foreach (var c in word) hash = Step(hash, Level(c));
        return hash;
    }

    /// <summary>Lower case, straight quotes, digits as zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static char Level(char c)
    {
        if (c < 128)
        {
            if ((uint)(c - 'A') <= 'Z' - 'A') return (char)(c | 0x20);
            return (uint)(c - '0') <= 9 ? '0' : c;
        }

        return c switch
        {
            '\u2018' or '\u2019' or '\u02BC' => '\'',
            '\u201C' or '\u201D' or '\u00AB' or '\u00BB' => '"',
            '\u2010' or '\u2011' => '-',
            _ => char.ToLowerInvariant(c),
        };
    }

    /// <summary>Fills the traits. Only capitalised words get affixes and shapes; the others never need them.</summary>
    public static void Fill(ReadOnlySpan<char> word, out WordTraits traits)
    {
        traits = default;
        ulong lower = 1, exact = 2, shape = 3, longShape = 4;
        int uppers = 0, lowers = 0, digits = 0, dots = 0, others = 0;
        var previous = '\0';
        for (var i = 0; i < word.Length; i++)
        {
            var c = word[i];
            var level = Level(c);
            lower = Step(lower, level);
            exact = Step(exact, c);
            if (i == 1) traits.Prefix2 = (uint)(lower >> 32);
            else if (i == 2) traits.Prefix3 = (uint)(lower >> 32);
            else if (i == 3) traits.Prefix4 = (uint)(lower >> 32);

            char kind;
            if (level != c && char.IsLetter(c)) { kind = 'X'; uppers++; }
            else if (char.IsLetter(c)) { kind = 'x'; lowers++; }
            else if (level == '0') { kind = '0'; digits++; }
            else if (c == '.') { kind = '.'; dots++; }
            else { kind = level; others++; }

            if (i < 12) longShape = Step(longShape, kind);
            if (kind != previous) shape = Step(shape, kind);
            previous = kind;
        }

        traits.Lower = lower;
        traits.Exact = exact;
        traits.Shape = (uint)(shape >> 32);
        traits.LongShape = (uint)(longShape >> 32);
        traits.Length = (byte)Math.Min(word.Length, 255);
        traits.HasUpper = uppers > 0;
        traits.Kind = KindOf(word, uppers, lowers, digits, dots, others);
        if (traits.HasUpper) FillSuffixes(word, ref traits);
    }

    private static WordKind KindOf(ReadOnlySpan<char> word, int uppers, int lowers, int digits, int dots, int others)
    {
        var letters = uppers + lowers;
        if (letters == 0) return digits > 0 ? WordKind.Number : word.Length > 0 ? WordKind.Mark : WordKind.Other;
        if (digits > 0) return WordKind.LettersAndDigits;
        if (uppers == 0) return WordKind.Lower;
        if (dots > 0 && dots >= letters - 1) return WordKind.Dotted;
        if (uppers == 1 && lowers == 0) return WordKind.CapitalLetter;
        if (lowers == 0) return WordKind.AllCaps;
        return uppers == 1 && others == 0 && char.IsUpper(word[0]) ? WordKind.Capitalised : WordKind.MixedCaps;
    }

    private static void FillSuffixes(ReadOnlySpan<char> word, ref WordTraits traits)
    {
        var hash = 5UL;
        for (var k = 1; k <= 4 && k <= word.Length; k++)
        {
            hash = Step(hash, Level(word[^k]));
            var value = (uint)(hash >> 32);
            if (k == 1) traits.Suffix1 = value;
            else if (k == 2) traits.Suffix2 = value;
            else if (k == 3) traits.Suffix3 = value;
            else traits.Suffix4 = value;
        }
    }
}
