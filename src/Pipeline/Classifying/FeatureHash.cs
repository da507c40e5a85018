using System.Runtime.CompilerServices;

namespace Pipeline.Classifying;

/// <summary>Hashes of words and features, the same on every machine and in every run. No string is ever built.</summary>
internal static class FeatureHash
{
    public const uint Seed = 2166136261;

    /// <summary>Adds a character to a running hash (FNV-1a over UTF-16 code units).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Push(uint hash, char c) => (hash ^ c) * 16777619;

    /// <summary>Binds a hash to the kind of feature, well mixed (the finaliser of MurmurHash3), never 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Key(uint kind, uint hash)
    {
        var h = hash ^ (kind * 0x9E3779B9);
        h = (h ^ (h >> 16)) * 0x85EBCA6B;
        h = (h ^ (h >> 13)) * 0xC2B2AE35;
        h ^= h >> 16;
        return h == 0 ? 1 : h;
    }

    /// <summary>Joins two hashes, order kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Join(uint first, uint second) => (first * 0x01000193) ^ ((second << 7) | (second >> 25));

    /// <summary>The hash of a word, its case folded and its apostrophes made straight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Word(ReadOnlySpan<char> word)
    {
        var hash = Seed;
        foreach (var c in word)
            hash = Push(hash, Fold(c));
        return hash;
    }

    /// <summary>Lower case, straight apostrophe.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static char Fold(char c)
    {
        if (c < 128)
            return (uint)(c - 'A') <= 'Z' - 'A' ? (char)(c | 0x20) : c;
        return c is '’' or '‘' ? '\'' : char.ToLowerInvariant(c);
    }
}
