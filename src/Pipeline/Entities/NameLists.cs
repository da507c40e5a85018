using System.Buffers;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.InteropServices;
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
        var halves = new HashSet<uint>(entries.Count);
        foreach (var key in entries.Keys) halves.Add(HalfOf(key));
        var distinct = new uint[halves.Count];
        halves.CopyTo(distinct);
        known = new FeatureIndex(distinct);
        Checksum = checksum;
    }

    /// <summary>About as many as there are.</summary>
    private const int Entries = 50_000;

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
        var entries = new Dictionary<ulong, uint>(Entries);
        var assembly = typeof(NameLists).Assembly;
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in Enum.GetNames<NameClass>())
        {
            var bit = 1u << (int)Enum.Parse<NameClass>(name);
            var text = Read(assembly, $"Lists.{name}.txt");
            if (text is null) continue;
            Append(sha, name);
            Append(sha, "\n");
            Append(sha, text);
            foreach (var line in text.AsSpan().EnumerateLines())
            {
                if (line is ['#', ..]) continue;
                foreach (var range in line.Split(','))
                {
                    if (line[range].Trim() is { IsEmpty: false } entry) Add(entries, entry, bit);
                }
            }
        }

        foreach (var state in CountryTable.Shared.States)
        {
            foreach (var (names, kind) in ((ImmutableArray<string>, NameClass)[])
                     [
                         (state.Names, NameClass.Country), (state.Demonyms, NameClass.Demonym), (state.Capitals, NameClass.City),
                         (state.Regions, NameClass.Region), (state.Cities, NameClass.City),
                         (state.Organs, NameClass.Organisation), (state.Places, NameClass.Place),
                     ])
            {
                var called = names.IsEmpty ? "" : kind.ToString();
                foreach (var entry in names)
                {
                    // A region that is no polity: known to the country table, a place to the tagger.
                    if (kind == NameClass.Region && state.Places.Contains(entry)) continue;
                    Add(entries, entry, 1u << (int)kind);
                    Append(sha, called);
                    Append(sha, "\t");
                    Append(sha, entry);
                    Append(sha, "\n");
                }
            }
        }

        return new NameLists(entries, Convert.ToHexStringLower(sha.GetHashAndReset())[..16]);
    }

    private static void Append(IncrementalHash sha, ReadOnlySpan<char> text)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        sha.AppendData(bytes, 0, Encoding.UTF8.GetBytes(text, bytes));
        ArrayPool<byte>.Shared.Return(bytes);
    }

    private static void Add(Dictionary<ulong, uint> entries, ReadOnlySpan<char> entry, uint bit)
    {
        AddWords(entries, entry, bit);
        // Universal Dependencies cuts at hyphens, newswire sets do not: both find the entry.
        if (entry.Contains('-')) AddWords(entries, entry.ToString().Replace("-", " - ", StringComparison.Ordinal), bit);
        if (entry.Contains("'s", StringComparison.Ordinal)) AddWords(entries, entry.ToString().Replace("'s", " 's", StringComparison.Ordinal), bit);
    }

    private static void AddWords(Dictionary<ulong, uint> entries, ReadOnlySpan<char> words, uint bit)
    {
        var sequence = 0UL;
        for (var rest = words.Trim(' '); !rest.IsEmpty;)
        {
            var end = rest.IndexOf(' ');
            var word = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[end..].TrimStart(' ');
            sequence = Extend(sequence, WordTraits.LowerHash(word));
            ref var value = ref CollectionsMarshal.GetValueRefOrAddDefault(entries, sequence, out _);
            value |= rest.IsEmpty ? bit : GoesOn;
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
