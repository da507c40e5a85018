using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Reading;

/// <summary>
/// The names in one folder in the order that gives ordinal order of whole relative paths, in bounded memory: what is more
/// than a few thousand names is sorted in parts, which lie in a scratch file until they are merged (Knuth, vol. 3, 5.4).
/// Not thread-safe.
/// </summary>
internal static class SortedNames
{
    private const int MostInMemory = 8192;

    /// <summary>In 16-bit units; no file system has names of more than 255.</summary>
    private const int LongestEntry = 512;
    private const int BufferLength = 2048;

    /// <summary>Reads the names; the folder has been listed when this returns.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="scratch">Where the scratch file goes; the system's folder for such if <see langword="null"/>.</param>
    /// <param name="mostInMemory">Names of one part.</param>
    public static IEnumerable<(string Name, bool IsFolder)> Of(string folder, string? scratch, int mostInMemory = MostInMemory)
    {
        var part = new List<(string Key, bool IsFolder)>();
        FileStream? file = null;
        var starts = new List<long>();
        try
        {
            foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
            {
                if (entry.Name.StartsWith('.'))
                    continue;
                if (part.Count == mostInMemory)
                {
                    file ??= NewFile(scratch);
                    starts.Add(file.Position);
                    Write(file, part);
                }

                // A folder sorts as "name/", so that "a.txt" and "a/b.txt" stand in ordinal order of the whole path.
                var isFolder = Directory.Exists(entry.FullName);
                part.Add((isFolder ? entry.Name + "/" : entry.Name, isFolder));
            }
        }
        catch
        {
            file?.Dispose();
            throw;
        }

        Sort(part);
        return file is null ? part.Select(Named) : Merge(file, starts, part);
    }

    /// <summary>Names of files may be private: the scratch file is its user's alone.</summary>
    private static FileStream NewFile(string? scratch)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 1 << 16, Options = FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(HashStore.NewScratch(scratch), options);
    }

    private static (string, bool) Named((string Key, bool IsFolder) entry) => (entry.IsFolder ? entry.Key[..^1] : entry.Key, entry.IsFolder);

    private static void Sort(List<(string Key, bool IsFolder)> part) => part.Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key));

    private static void Write(FileStream file, List<(string Key, bool IsFolder)> part)
    {
        Sort(part);
        foreach (var (key, isFolder) in part)
        {
            var head = (ushort)((key.Length << 1) | (isFolder ? 1 : 0));
            file.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<ushort>(in head)));
            file.Write(MemoryMarshal.AsBytes(key.AsSpan()));
        }

        part.Clear();
    }

    private static IEnumerable<(string Name, bool IsFolder)> Merge(FileStream file, List<long> starts, List<(string Key, bool IsFolder)> last)
    {
        using (file)
        {
            file.Flush();
            starts.Add(file.Position);
            var next = new PriorityQueue<(IEnumerator<(string Key, bool IsFolder)> Part, bool IsFolder), string>(StringComparer.Ordinal);
            void Take(IEnumerator<(string Key, bool IsFolder)> part)
            {
                if (part.MoveNext())
                    next.Enqueue((part, part.Current.IsFolder), part.Current.Key);
            }

            for (var i = 0; i + 1 < starts.Count; i++)
                Take(Read(file.SafeFileHandle, starts[i], starts[i + 1]).GetEnumerator());
            Take(last.GetEnumerator());
            while (next.TryDequeue(out var smallest, out var key))
            {
                yield return Named((key, smallest.IsFolder));
                Take(smallest.Part);
            }
        }
    }

    private static IEnumerable<(string Key, bool IsFolder)> Read(SafeFileHandle file, long from, long to)
    {
        var buffer = new ushort[BufferLength];
        var (start, end) = (0, 0);
        while (true)
        {
            if (end - start < LongestEntry && from < to)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
                while (from < to && end < BufferLength)
                {
                    var free = buffer.AsSpan(end, (int)Math.Min(BufferLength - end, (to - from) / sizeof(ushort)));
                    var read = RandomAccess.Read(file, MemoryMarshal.AsBytes(free), from) & ~1;
                    if (read == 0)
                        throw new EndOfStreamException();
                    from += read;
                    end += read / sizeof(ushort);
                }
            }

            if (start == end)
                yield break;
            var length = buffer[start] >> 1;
            yield return (new string(MemoryMarshal.Cast<ushort, char>(buffer.AsSpan(start + 1, length))), (buffer[start] & 1) != 0);
            start += 1 + length;
        }
    }
}
