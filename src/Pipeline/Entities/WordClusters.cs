namespace Pipeline.Entities;

/// <summary>
/// Words grouped by the company they keep: the lower-case hash of a word gives its path in a binary tree of clusters
/// (a leading 1, then one bit a branch), 0 where the word is unknown.
/// </summary>
internal sealed class WordClusters
{
    private readonly uint[] table;
    private readonly ushort[] paths;
    private readonly int mask;

    public WordClusters(ReadOnlySpan<uint> words, ReadOnlySpan<ushort> paths)
    {
        var size = 16;
        while (size < words.Length * 3) size *= 2;
        table = new uint[size];
        this.paths = new ushort[size];
        mask = size - 1;
        Words = words.ToArray();
        Paths = paths.ToArray();
        for (var i = 0; i < words.Length; i++)
        {
            var slot = (int)words[i] & mask;
            while (table[slot] != 0) slot = (slot + 1) & mask;
            table[slot] = words[i];
            this.paths[slot] = paths[i];
        }
    }

    public static WordClusters Empty { get; } = new([], []);

    public uint[] Words { get; }

    public ushort[] Paths { get; }

    /// <summary>The key of a word in the table; never 0.</summary>
    public static uint KeyOf(ulong lower) => (uint)(lower >> 32) | 1;

    public ushort Find(ulong lower)
    {
        var key = KeyOf(lower);
        for (var slot = (int)key & mask; table[slot] != 0; slot = (slot + 1) & mask)
        {
            if (table[slot] == key) return paths[slot];
        }

        return 0;
    }
}
