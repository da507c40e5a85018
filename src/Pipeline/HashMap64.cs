using System.Diagnostics.CodeAnalysis;

namespace Pipeline;

/// <summary>
/// A map, or a set, of 64-bit hashes for millions of entries: open addressing in plain arrays, 8 bytes a key and 8 a
/// value, at most three quarters full. The first value of a key stands. Not thread-safe.
/// </summary>
internal sealed class HashMap64(bool withValues)
{
    private ulong[] keys = new ulong[1024];
    private ulong[]? values = withValues ? new ulong[1024] : null;
    private int count;

    /// <summary>Adds a key; false where it stands already.</summary>
    public bool Add(ulong key, ulong value = 0)
    {
        if (count * 4L >= keys.Length * 3L)
            Grow();
        var slot = SlotOf(key);
        if (keys[slot] != 0)
            return false;
        Set(slot, Stored(key), value);
        count++;
        return true;
    }

    /// <summary>The value of a key.</summary>
    public bool TryGetValue(ulong key, [MaybeNullWhen(false)] out ulong value)
    {
        var slot = SlotOf(key);
        value = values?[slot] ?? 0;
        return keys[slot] != 0;
    }

    /// <summary>Zero marks an empty slot.</summary>
    private static ulong Stored(ulong key) => key == 0 ? 1 : key;

    private int SlotOf(ulong key)
    {
        key = Stored(key);
        var mask = keys.Length - 1;
        var slot = (int)((key * 0x9E3779B97F4A7C15UL) >> 32) & mask;
        while (keys[slot] != 0 && keys[slot] != key)
            slot = (slot + 1) & mask;
        return slot;
    }

    private void Set(int slot, ulong key, ulong value)
    {
        keys[slot] = key;
        if (values is not null)
            values[slot] = value;
    }

    private void Grow()
    {
        var (oldKeys, oldValues) = (keys, values);
        keys = new ulong[checked(oldKeys.Length * 2)];
        values = oldValues is null ? null : new ulong[keys.Length];
        for (var i = 0; i < oldKeys.Length; i++)
        {
            if (oldKeys[i] != 0)
                Set(SlotOf(oldKeys[i]), oldKeys[i], oldValues?[i] ?? 0);
        }
    }
}
