using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pipeline;

/// <summary>
/// Keys that are well mixed hashes of 64 or 128 bits, each with a value of 64, for any number of entries in bounded memory.
/// Entries lie in buckets of 4,096 bytes, found by a key's first bits; the first buckets are held in memory, more of them
/// in a scratch file whose pages the system caches. Growing reads and writes the file once, in order. The first value of a
/// key stands. Not thread-safe.
/// </summary>
/// <param name="wide">128-bit keys with values; otherwise 64-bit keys alone.</param>
/// <param name="folder">Where the scratch file goes; the system's folder for such if <see langword="null"/>.</param>
internal sealed class HashStore(bool wide, string? folder = null) : IDisposable
{
    /// <summary>The start of a scratch file's name.</summary>
    public const string ScratchName = ".scratch-";

    /// <summary>
    /// Opens a new scratch file that only this user may read. It is gone when it is closed; where the system can, its name is gone at
    /// once, so that a killed process leaves nothing.
    /// </summary>
    /// <param name="folder">Its folder; the system's folder for such if <see langword="null"/>.</param>
    /// <exception cref="IOException">It cannot be made there.</exception>
    public static FileStream OpenScratch(string? folder)
    {
        var path = Path.Combine(folder ?? Path.GetTempPath(), ScratchName + Path.GetRandomFileName());
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 1 << 16 };
        if (OperatingSystem.IsWindows())
        {
            options.Options = FileOptions.DeleteOnClose;
            return new FileStream(path, options);
        }

        options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        File.Delete(path);
        return file;
    }

    /// <summary>Buckets held in memory, one megabyte of them.</summary>
    private const int MostInMemory = 256;

    private const int BucketBytes = 4096;
    private const int Words = BucketBytes / sizeof(ulong);
    private const int BucketsAtOnce = 8;

    // A bucket is a count, the first halves of its keys, their second halves, their values.
    private readonly int capacity = (Words - 1) / (wide ? 3 : 1);
    private readonly ulong[] page = new ulong[Words];

    /// <summary>Entries of buckets that are full before their time, as crafted keys could make one.</summary>
    private readonly Dictionary<(ulong, ulong), ulong> overflow = [];
    private ulong[] memory = new ulong[Words];
    private FileStream? scratch;
    private SafeFileHandle? file;
    private int buckets = 1;
    private long count;

    /// <summary>Adds a key; false where it stands already.</summary>
    public bool Add(ulong key, ulong more = 0, ulong value = 0)
    {
        var bucket = BucketOf(key, buckets);
        var entries = Load(bucket);
        if (Find(entries, key, more) >= 0 || (overflow.Count > 0 && overflow.ContainsKey((key, more))))
            return false;
        if (!TryPut(entries, key, more, value))
            overflow.Add((key, more), value);
        else if (file is not null)
            Write(file, entries, (long)bucket * BucketBytes);
        if (++count >= (long)buckets * capacity * 3 / 5)
            Grow();
        return true;
    }

    /// <summary>The value of a key.</summary>
    public bool TryGetValue(ulong key, ulong more, out ulong value)
    {
        var entries = Load(BucketOf(key, buckets));
        var at = Find(entries, key, more);
        value = at >= 0 && wide ? entries[1 + (2 * capacity) + at] : 0;
        return at >= 0 || (overflow.Count > 0 && overflow.TryGetValue((key, more), out value));
    }

    public void Dispose() => scratch?.Dispose();

    private static int BucketOf(ulong key, int buckets) => (int)(key >> 32 >> (32 - BitOperations.Log2((uint)buckets)));

    private int Find(ReadOnlySpan<ulong> entries, ulong key, ulong more)
    {
        var keys = entries.Slice(1, (int)entries[0]);
        for (var from = 0; ;)
        {
            var at = keys[from..].IndexOf(key);
            if (at < 0)
                return -1;
            at += from;
            if (!wide || entries[1 + capacity + at] == more)
                return at;
            from = at + 1;
        }
    }

    private bool TryPut(Span<ulong> entries, ulong key, ulong more, ulong value)
    {
        var at = (int)entries[0];
        if (at == capacity)
            return false;
        entries[0]++;
        entries[1 + at] = key;
        if (wide)
        {
            entries[1 + capacity + at] = more;
            entries[1 + (2 * capacity) + at] = value;
        }

        return true;
    }

    private Span<ulong> Load(int bucket)
    {
        if (file is null)
            return memory.AsSpan(bucket * Words, Words);
        Read(file, page, (long)bucket * BucketBytes);
        return page;
    }

    /// <summary>Twice the buckets: the entries of one go to two neighbours.</summary>
    private void Grow()
    {
        var (oldMemory, oldFile, oldScratch, oldBuckets) = (memory, file, scratch, buckets);
        buckets = checked(buckets * 2);
        if (buckets <= MostInMemory)
        {
            memory = new ulong[buckets * Words];
            for (var b = 0; b < oldBuckets; b++)
                Divide(oldMemory.AsSpan(b * Words, Words), b, memory.AsSpan(2 * b * Words, 2 * Words));
        }
        else
        {
            file = Open();
            var from = new ulong[BucketsAtOnce * Words];
            var to = new ulong[2 * from.Length];
            for (var b = 0; b < oldBuckets; b += BucketsAtOnce)
            {
                if (oldFile is null)
                    oldMemory.AsSpan(b * Words, from.Length).CopyTo(from);
                else
                    Read(oldFile, from, (long)b * BucketBytes);
                to.AsSpan().Clear();
                for (var i = 0; i < BucketsAtOnce; i++)
                    Divide(from.AsSpan(i * Words, Words), b + i, to.AsSpan(2 * i * Words, 2 * Words));
                Write(file, to, 2L * b * BucketBytes);
            }

            memory = [];
            oldScratch?.Dispose();
        }

        if (overflow.Count == 0)
            return;
        var waiting = overflow.ToArray();
        overflow.Clear();
        count -= waiting.Length;
        foreach (var ((key, more), value) in waiting)
            Add(key, more, value);
    }

    private void Divide(ReadOnlySpan<ulong> entries, int bucket, Span<ulong> two)
    {
        for (var i = 0; i < (int)entries[0]; i++)
        {
            var key = entries[1 + i];
            var half = BucketOf(key, buckets) - (2 * bucket);
            TryPut(two.Slice(half * Words, Words), key, wide ? entries[1 + capacity + i] : 0, wide ? entries[1 + (2 * capacity) + i] : 0);
        }
    }

    private SafeFileHandle Open()
    {
        try
        {
            scratch = OpenScratch(folder);
            return scratch.SafeFileHandle;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(e);
        }
    }

    private void Read(SafeFileHandle from, ulong[] words, long offset)
    {
        try
        {
            var bytes = MemoryMarshal.AsBytes(words.AsSpan());
            while (!bytes.IsEmpty)
            {
                var read = RandomAccess.Read(from, bytes, offset);
                if (read == 0)
                    throw new EndOfStreamException();
                bytes = bytes[read..];
                offset += read;
            }
        }
        catch (IOException e)
        {
            throw Unusable(e);
        }
    }

    private void Write(SafeFileHandle to, ReadOnlySpan<ulong> words, long offset)
    {
        try
        {
            RandomAccess.Write(to, MemoryMarshal.AsBytes(words), offset);
        }
        catch (IOException e)
        {
            throw Unusable(e);
        }
    }

    private UserFileException Unusable(Exception e) => new(
        folder ?? Path.GetTempPath(), 0, $"a scratch file cannot be written or read: {e.Message.ReplaceLineEndings(" ")} Make room there, or name another folder in TMPDIR; what is done is kept, go on with --resume", e);
}
