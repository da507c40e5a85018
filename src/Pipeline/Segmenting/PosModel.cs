using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Pipeline.Segmenting;

/// <summary>
/// The weights of the tagger: a row of 16 small whole numbers for each hash. There are 17 tags, but punctuation is
/// never a word and X always is one, so the two share a column. Immutable.
/// </summary>
internal sealed class PosModel
{
    /// <summary>Columns.</summary>
    public const int Columns = 16;

    private const int HeaderLength = 8;

    private readonly sbyte[] weights;
    private readonly uint mask;

    /// <summary>Takes the rows, a power of two of them.</summary>
    public PosModel(sbyte[] weights)
    {
        this.weights = weights;
        mask = (uint)(weights.Length / Columns) - 1;
    }

    private static ReadOnlySpan<byte> Header => "PIPEPOS\u0001"u8;

    /// <summary>The column of a tag.</summary>
    public static int ColumnOf(Upos tag) => tag == Upos.X ? (int)Upos.Punct : (int)tag;

    /// <summary>The tag of a column.</summary>
    public static Upos TagOf(int column, bool isWord) => column == (int)Upos.Punct && isWord ? Upos.X : (Upos)column;

    /// <summary>The column with the highest sum; the first of equals.</summary>
    public int Best(ReadOnlySpan<uint> features)
    {
        var low = Vector128<short>.Zero;
        var high = Vector128<short>.Zero;
        ref var first = ref MemoryMarshal.GetArrayDataReference(weights);
        foreach (var feature in features)
        {
            var row = Vector128.LoadUnsafe(ref first, (nuint)(feature & mask) * Columns);
            var (a, b) = Vector128.Widen(row);
            low += a;
            high += b;
        }

        Span<short> sums = stackalloc short[Columns];
        low.CopyTo(sums);
        high.CopyTo(sums[Vector128<short>.Count..]);
        var best = 0;
        for (var i = 1; i < sums.Length; i++)
        {
            if (sums[i] > sums[best])
                best = i;
        }

        return best;
    }

    /// <summary>Reads a model file.</summary>
    /// <exception cref="UserFileException">It cannot be read, is no such file, or is damaged.</exception>
    public static PosModel Load(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFileException(path, 0, $"cannot be read: {e.Message}", e);
        }

        if (!bytes.AsSpan().StartsWith(Header))
            throw new UserFileException(path, 0, "is no part-of-speech model of this version; train one with: pipeline train pos");
        var length = bytes.Length - HeaderLength - SHA256.HashSizeInBytes;
        if (length < Columns || length % Columns != 0 || !int.IsPow2(length / Columns))
            throw new UserFileException(path, 0, "is cut short or damaged; copy it again or train it anew with: pipeline train pos");
        var data = bytes.AsSpan(HeaderLength + SHA256.HashSizeInBytes);
        if (!SHA256.HashData(data).AsSpan().SequenceEqual(bytes.AsSpan(HeaderLength, SHA256.HashSizeInBytes)))
            throw new UserFileException(path, 0, "is damaged, its checksum is wrong; copy it again or train it anew with: pipeline train pos");
        return new PosModel(MemoryMarshal.Cast<byte, sbyte>(data).ToArray());
    }

    /// <summary>Writes a model file.</summary>
    public void Save(Stream stream)
    {
        var data = MemoryMarshal.AsBytes<sbyte>(weights);
        stream.Write(Header);
        stream.Write(SHA256.HashData(data));
        stream.Write(data);
    }
}
