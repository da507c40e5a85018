using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pipeline;

/// <summary>
/// Numbers the hashed features of a model. Most features of a text are in no model, and whether one is cannot be
/// foretold, so a filter of bits (one hash, after Bloom 1970) that stays in the nearer caches sorts them out without a
/// branch; only what passes is looked up, and all of it is read before any of it is compared. Immutable.
/// </summary>
internal sealed class FeatureIndex
{
    private const int BitsPerKey = 8;

    private readonly uint[] filter;
    private readonly int shift;
    private readonly ulong[] slots;
    private readonly int mask;

    /// <summary>Numbers the keys from 0 in their order; keys are well mixed, distinct, and not 0.</summary>
    public FeatureIndex(ReadOnlySpan<uint> keys)
    {
        var bits = BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)Math.Max(keys.Length * BitsPerKey, 64)));
        shift = 32 - bits;
        filter = new uint[1 << (bits - 5)];
        slots = new ulong[BitOperations.RoundUpToPowerOf2((uint)Math.Max(keys.Length * 2, 16))];
        mask = slots.Length - 1;
        for (var i = 0; i < keys.Length; i++)
        {
            var bit = keys[i] >> shift;
            filter[bit >> 5] |= 1u << (int)bit;
            var slot = (int)keys[i] & mask;
            while (slots[slot] != 0)
                slot = (slot + 1) & mask;
            slots[slot] = keys[i] | (ulong)i << 32;
        }
    }

    /// <summary>1 where the key may be known, 0 where it is not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MayHave(uint key)
    {
        var bit = key >> shift;
        return (int)(Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(filter), bit >> 5) >> (int)bit) & 1;
    }

    /// <summary>Puts the numbers of the known keys in the place of the keys, order kept, and returns how many they are.</summary>
    public int FindAll(Span<uint> keys)
    {
        const int Batch = 128;
        Span<ulong> read = stackalloc ulong[Batch];
        var known = 0;
        for (var from = 0; from < keys.Length; from += Batch)
        {
            var batch = keys[from..Math.Min(from + Batch, keys.Length)];
            batch = batch[..Sift(batch)];
            Read(batch, read);
            for (var i = 0; i < batch.Length; i++)
            {
                var number = Find(batch[i], read[i]);
                keys[known] = (uint)number;
                known += number >= 0 ? 1 : 0;
            }
        }

        return known;
    }

    /// <summary>Reads what stands where the keys should; no branch waits for a read, so that many are under way at once.</summary>
    public void Read(ReadOnlySpan<uint> keys, Span<ulong> read)
    {
        for (var i = 0; i < keys.Length; i++)
            read[i] = slots[(int)keys[i] & mask];
    }

    /// <summary>The number of a key, or -1, by what <see cref="Read"/> has read for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(uint key, ulong read) => (uint)read == key ? (int)(read >> 32) : read == 0 ? -1 : Find(key);

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

    /// <summary>The number of a key, or -1 where it is not known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(uint key)
    {
        for (var slot = (int)key & mask; ; slot = (slot + 1) & mask)
        {
            var found = slots[slot];
            if (found == 0)
                return -1;
            if ((uint)found == key)
                return (int)(found >> 32);
        }
    }
}
