using System.Runtime.InteropServices;

namespace Pipeline;

/// <summary>Tables that start where a cache line starts, so that rows of half a line or a quarter lie in one line.</summary>
internal static class CacheLines
{
    private const int Line = 64;

    /// <summary>A copy whose first value is at a line's start, in memory that the collector does not move.</summary>
    public static Memory<T> Copy<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var size = Marshal.SizeOf<T>();
        var memory = GC.AllocateUninitializedArray<T>(values.Length + (Line / size), pinned: true);
        var address = (long)Marshal.UnsafeAddrOfPinnedArrayElement(memory, 0);
        var skip = (int)((Line - (address % Line)) % Line / size);
        var aligned = memory.AsMemory(skip, values.Length);
        values.CopyTo(aligned.Span);
        return aligned;
    }
}
