using System.IO.Compression;
using ZstdSharp;

namespace Pipeline.Reading;

/// <summary>How a file is packed.</summary>
public enum Compression
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>gzip (RFC 1952), <c>.gz</c>.</summary>
    Gzip,

    /// <summary>Zstandard (RFC 8878), <c>.zst</c>.</summary>
    Zstd,
}

/// <summary>Packs and unpacks streams. How much comes out is the reader's to limit; none of them holds the whole.</summary>
internal static class Compressions
{
    /// <summary>As small as a table gets without taking longer than writing it did.</summary>
    private const int ZstdLevel = 6;

    /// <summary>The end of a packed file's name.</summary>
    public static string Ending(this Compression compression) => compression switch
    {
        Compression.Gzip => ".gz",
        Compression.Zstd => ".zst",
        _ => "",
    };

    /// <summary>How a file is packed, by its name, and the name without that.</summary>
    public static (Compression Compression, string Name) Of(string path)
    {
        foreach (var compression in (Compression[])[Compression.Gzip, Compression.Zstd])
        {
            if (path.EndsWith(compression.Ending(), StringComparison.OrdinalIgnoreCase))
                return (compression, path[..^compression.Ending().Length]);
        }

        return (Compression.None, path);
    }

    /// <summary>
    /// What is in a packed stream, which goes with it. Broken data, data that break off, and what swells to more than 100 MB
    /// and a hundred times its packed size are <see cref="InvalidDataException"/>.
    /// </summary>
    public static Stream Unpack(Stream stream, Compression compression) => compression switch
    {
        Compression.Gzip => new Unpacked(new GZipStream(stream, CompressionMode.Decompress), stream),
        Compression.Zstd => new Unpacked(new DecompressionStream(stream, leaveOpen: false), stream),
        _ => stream,
    };

    /// <summary>Packs what is written; holds neither name nor time, so that the same bytes give the same bytes.</summary>
    public static Stream Pack(Stream target, Compression compression) => compression switch
    {
        Compression.Gzip => new GZipStream(target, CompressionLevel.Optimal),
        Compression.Zstd => new CompressionStream(target, ZstdLevel, leaveOpen: false),
        _ => target,
    };

    /// <summary>
    /// What comes out of a packed stream, within bounds, its faults as one kind of exception. A zstd frame that wants more than
    /// 128 MB of memory is refused.
    /// </summary>
    private sealed class Unpacked(Stream frames, Stream packed) : ForwardStream
    {
        private const long AlwaysAllowed = 100_000_000;
        private const long MostTimes = 100;
        private readonly long most = packed.CanSeek ? AlwaysAllowed + (MostTimes * packed.Length) : long.MaxValue;
        private long length;

        public override int Read(Span<byte> buffer)
        {
            int read;
            try
            {
                read = frames.Read(buffer);
            }
            catch (Exception e) when (e is not (IOException or InvalidDataException or OutOfMemoryException))
            {
                // ZstdSharp is a port of C code: damaged data give more than its own exception.
                throw new InvalidDataException(e is ZstdException ? e.Message : "damaged data", e);
            }

            length += read;
            return length <= most ? read : throw new InvalidDataException($"it swells to more than {MostTimes} times its size; unpack it first if that is right");
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                frames.Dispose();
            base.Dispose(disposing);
        }
    }
}
