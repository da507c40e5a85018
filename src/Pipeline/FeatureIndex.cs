using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pipeline;

/// <summary>
/// Numbers the hashed features of a model. Most features of a text are in no model, and whether one is cannot be
/// foretold, so a filter of bits (one hash, after Bloom 1970) that stays in the nearer caches sorts them out without a
/// branch. What passes is looked for in one cache line of keys, compared all at once; the lines of many keys are read
/// before any of them is compared. Keys stand in the order of their numbers, so a line needs to say only the first of
/// its numbers. Immutable.
/// </summary>
internal sealed class FeatureIndex
{
    private const int BitsPerKey = 8;

    /// <summary>Keys of one line, and how many of them are taken on average.</summary>
    private const int Lanes = 16;
    private const int KeysPerLine = 10;

    private readonly uint[] filter;
    private readonly int shift;
    private readonly uint homes;
    private readonly ReadOnlyMemory<uint> lines;

    /// <summary>By line: the number of its first key.</summary>
    private readonly int[] firsts;

    /// <summary>Numbers keys that are ascending from 0 in their order.</summary>
    public FeatureIndex(ReadOnlySpan<uint> keys)
        : this(keys, out _)
    {
    }

    /// <summary>Numbers the keys.</summary>
    /// <param name="keys">Well mixed, distinct, and not 0.</param>
    /// <param name="order">By number, the place of its key; 0, 1, 2, … where the keys are ascending.</param>
    public FeatureIndex(ReadOnlySpan<uint> keys, out int[] order)
    {
        var bits = BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)Math.Max(keys.Length * BitsPerKey, 64)));
        shift = 32 - bits;
        filter = new uint[1 << (bits - 5)];
        homes = (uint)((keys.Length / KeysPerLine) + 1);
        var ends = new int[homes];
        foreach (var key in keys)
        {
            var bit = key >> shift;
            filter[bit >> 5] |= 1u << (int)bit;
            ends[HomeOf(key)]++;
        }

        for (var line = 1; line < ends.Length; line++)
            ends[line] += ends[line - 1];
        order = Order(keys, ends);
        (lines, firsts) = Lay(keys, order, ends);
    }

    /// <summary>1 where the key may be known, 0 where it is not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MayHave(uint key)
    {
        var bit = key >> shift;
        return (int)(Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(filter), bit >> 5) >> (int)bit) & 1;
    }

    /// <summary>Puts the numbers of the known keys in the place of the keys, order kept, and returns how many they are.</summary>
    public int FindAll(Span<uint> keys) => Number(keys[..Sift(keys)]);

    /// <summary>The same for keys that may be known, with a value that each of them has.</summary>
    public int FindAll(Span<uint> keys, Span<float> values)
    {
        ref var first = ref MemoryMarshal.GetReference(lines.Span);
        var known = 0;
        Touch(keys);
        for (var i = 0; i < keys.Length; i++)
        {
            var number = Find(keys[i], ref first);
            keys[known] = (uint)number;
            values[known] = values[i];
            known += 1 + (number >> 31);
        }

        return known;
    }

    /// <summary>The number of a key, or -1 where it is not known.</summary>
    public int Find(uint key) => key == 0 ? -1 : Find(key, ref MemoryMarshal.GetReference(lines.Span));

    private int Number(Span<uint> keys)
    {
        ref var first = ref MemoryMarshal.GetReference(lines.Span);
        var known = 0;
        Touch(keys);
        for (var i = 0; i < keys.Length; i++)
        {
            var number = Find(keys[i], ref first);
            keys[known] = (uint)number;
            known += 1 + (number >> 31);
        }

        return known;
    }

    /// <summary>Reads from the lines of all keys; no branch waits for a read, so that many are under way at once.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private uint Touch(ReadOnlySpan<uint> keys)
    {
        ref var first = ref MemoryMarshal.GetReference(lines.Span);
        var any = 0u;
        foreach (var key in keys)
            any |= Unsafe.Add(ref first, (nuint)HomeOf(key) * Lanes);
        return any;
    }

    private int Sift(Span<uint> keys)
    {
        var kept = 0;
        ref var first = ref MemoryMarshal.GetReference(keys);
        for (var i = 0; i < keys.Length; i++)
        {
            var key = Unsafe.Add(ref first, i);
            Unsafe.Add(ref first, kept) = key;
            kept += MayHave(key);
        }

        return kept;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint HomeOf(uint key) => (uint)(((ulong)key * homes) >> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Find(uint key, ref uint first)
    {
        var line = HomeOf(key);
        var same = Same(key, ref Unsafe.Add(ref first, (nuint)line * Lanes));
        // A full line goes on in the next; the last is never full.
        while (same == 0 && Unsafe.Add(ref first, ((nuint)line * Lanes) + Lanes - 1) != 0)
            same = Same(key, ref Unsafe.Add(ref first, (nuint)(++line) * Lanes));
        var number = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(firsts), line) + BitOperations.TrailingZeroCount(same);
        return same == 0 ? -1 : number;
    }

    /// <summary>A bit for each lane that holds the key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Same(uint key, ref uint line)
    {
        if (Vector512.IsHardwareAccelerated)
            return (uint)Vector512.Equals(Vector512.LoadUnsafe(ref line), Vector512.Create(key)).ExtractMostSignificantBits();
        var keys = Vector256.Create(key);
        return Vector256.Equals(Vector256.LoadUnsafe(ref line), keys).ExtractMostSignificantBits()
            | Vector256.Equals(Vector256.LoadUnsafe(ref line, 8), keys).ExtractMostSignificantBits() << 8;
    }

    /// <summary>The places of the keys, those of one home together, otherwise as they come.</summary>
    private int[] Order(ReadOnlySpan<uint> keys, int[] ends)
    {
        var order = new int[keys.Length];
        var next = new int[ends.Length];
        ends.AsSpan(0, ends.Length - 1).CopyTo(next.AsSpan(1));
        for (var i = 0; i < keys.Length; i++)
            order[next[HomeOf(keys[i])]++] = i;
        return order;
    }

    /// <summary>Fills the lines; keys that find their home full go on in the next.</summary>
    private static (ReadOnlyMemory<uint> Lines, int[] Firsts) Lay(ReadOnlySpan<uint> keys, int[] order, int[] ends)
    {
        var most = ends.Length + (keys.Length / Lanes) + 1;
        var lines = new uint[most * Lanes];
        var firsts = new int[most];
        var laid = 0;
        var line = 0;
        for (; line < ends.Length || laid < keys.Length; line++)
        {
            firsts[line] = laid;
            var end = Math.Min(laid + Lanes, line < ends.Length ? ends[line] : keys.Length);
            for (var lane = 0; laid < end; lane++)
                lines[(line * Lanes) + lane] = keys[order[laid++]];
        }

        return (CacheLines.Copy<uint>(lines.AsSpan(0, (line + 1) * Lanes)), firsts[..(line + 1)]);
    }
}
