using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Entities;

/// <summary>
/// The word lists, as one table of word sequences: the hash of every beginning of an entry says whether an entry goes
/// on or ends there, and of which classes. Immutable; shared by all recognisers.
/// </summary>
internal sealed class NameLists
{
    /// <summary>Set in a table value where a longer entry goes on.</summary>
    public const uint GoesOn = 1u << 31;

    private readonly ulong[] keys;
    private readonly uint[] values;
    private readonly int mask;
    private readonly FeatureIndex known;

    private NameLists(Dictionary<ulong, uint> entries, string checksum)
    {
        var size = 1024;
        while (size < entries.Count * 3) size *= 2;
        keys = new ulong[size];
        values = new uint[size];
        mask = size - 1;
        foreach (var (key, value) in entries)
        {
            var slot = (int)(key >> 20) & mask;
            while (keys[slot] != 0) slot = (slot + 1) & mask;
            keys[slot] = key;
            values[slot] = value;
        }

        // Of two sequences with the same upper half one stands for both: the index only says which cannot be known.
        known = new FeatureIndex([.. entries.Keys.Select(HalfOf).Distinct()]);
        Checksum = checksum;
    }

    private static uint HalfOf(ulong sequence) => (uint)(sequence >> 32) | 1;

    /// <summary>The lists of the library.</summary>
    public static NameLists Shared { get; } = Load();

    /// <summary>Names the lists' content: a model knows which lists it was trained with.</summary>
    public string Checksum { get; }

    /// <summary>The classes of a word sequence (bits), with <see cref="GoesOn"/>; 0 where it begins no entry.</summary>
    public uint Find(ulong sequence)
    {
        if (known.MayHave(HalfOf(sequence)) == 0) return 0;
        for (var slot = (int)(sequence >> 20) & mask; keys[slot] != 0; slot = (slot + 1) & mask)
        {
            if (keys[slot] == sequence) return values[slot];
        }

        return 0;
    }

    /// <summary>The hash of a sequence with one more word; a sequence starts from 0.</summary>
    public static ulong Extend(ulong sequence, ulong word)
    {
        var h = (sequence * 0xD6E8FEB86659FD93 ^ word) * 0x9E3779B97F4A7C15;
        return (h ^ (h >> 32)) | 1;
    }

    private static NameLists Load()
    {
        var entries = new Dictionary<ulong, uint>();
        var assembly = typeof(NameLists).Assembly;
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in Enum.GetNames<NameClass>())
        {
            var bit = 1u << (int)Enum.Parse<NameClass>(name);
            var text = Read(assembly, $"Lists.{name}.txt");
            if (text is null) continue;
            sha.AppendData(Encoding.UTF8.GetBytes(name + "\n" + text));
            foreach (var line in text.Split('\n'))
            {
                if (line.StartsWith('#')) continue;
                foreach (var entry in line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                    Add(entries, entry, bit);
            }
        }

        foreach (var state in CountryTable.Shared.States)
        {
            foreach (var (names, kind) in new[]
                     {
                         (state.Names, NameClass.Country), (state.Demonyms, NameClass.Demonym), (state.Capitals, NameClass.City),
                         (state.Regions, NameClass.Region), (state.Cities, NameClass.City),
                         (state.Organs, NameClass.Organisation), (state.Places, NameClass.Place),
                     })
            {
                foreach (var entry in names)
                {
                    Add(entries, entry, 1u << (int)kind);
                    sha.AppendData(Encoding.UTF8.GetBytes($"{kind}\t{entry}\n"));
                }
            }
        }

        return new NameLists(entries, Convert.ToHexStringLower(sha.GetHashAndReset())[..16]);
    }

    private static void Add(Dictionary<ulong, uint> entries, string entry, uint bit)
    {
        var words = entry.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        AddWords(entries, words, bit);
        // Universal Dependencies cuts at hyphens, newswire sets do not: both find the entry.
        if (entry.Contains('-'))
            AddWords(entries, entry.Replace("-", " - ", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries), bit);
        if (entry.Contains("'s", StringComparison.Ordinal))
            AddWords(entries, entry.Replace("'s", " 's", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries), bit);
    }

    private static void AddWords(Dictionary<ulong, uint> entries, string[] words, uint bit)
    {
        var sequence = 0UL;
        for (var i = 0; i < words.Length; i++)
        {
            sequence = Extend(sequence, WordTraits.LowerHash(words[i]));
            entries.TryGetValue(sequence, out var value);
            entries[sequence] = value | (i == words.Length - 1 ? bit : GoesOn);
        }
    }

    internal static string? Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream("Pipeline.Entities." + name);
        if (stream is null) return null;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
