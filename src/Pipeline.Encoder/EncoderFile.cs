using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Pipeline.SentenceEncoding;

/// <summary>
/// The encoder's file: the mark <c>PIPEENCO</c>, a version, the SHA-256 of the payload, then the payload: the vocabulary, the ONNX
/// graph, the layer that makes a sentence's numbers, the fingerprints of its training articles. Little-endian. Every count is checked
/// before it is believed, and the graph may name no file outside itself.
/// </summary>
internal sealed record EncoderFile(
    string Sha256, IReadOnlyList<string> Vocabulary, byte[] Graph, float[] Hidden, float[] HiddenBias, ulong[] SeenArticles)
{
    /// <summary>Numbers that tell a sentence's place, behind those of its text.</summary>
    public const int PositionNumbers = 8;

    private const ushort Version = 1;
    private const int HeaderLength = 8 + 2 + 32;
    private const long MostBytes = 400L << 20;
    private const int MostWidth = 4096;

    private static ReadOnlySpan<byte> Mark => "PIPEENCO"u8;

    /// <summary>Reads an encoder.</summary>
    /// <exception cref="UserFileException">The file is missing, foreign, of another version or damaged.</exception>
    public static EncoderFile Read(string path)
    {
        byte[] bytes;
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MostBytes })
                throw new UserFileException(path, 0, "this is no encoder (it is too large); use the encoder.model that comes with the program");
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new UserFileException(path, 0, $"the encoder cannot be read ({e.Message}); --accurate needs the encoder.model that comes with the program", e);
        }

        if (bytes.Length < HeaderLength || !bytes.AsSpan(0, 8).SequenceEqual(Mark))
            throw new UserFileException(path, 0, "this is no encoder; use the encoder.model that comes with the program");
        if (BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8)) is var version && version != Version)
            throw new UserFileException(path, 0, $"the encoder has format {version}, this program reads {Version}; use the one that comes with it");
        var payload = bytes.AsSpan(HeaderLength);
        if (!SHA256.HashData(payload).AsSpan().SequenceEqual(bytes.AsSpan(10, 32)))
            throw new UserFileException(path, 0, "the encoder is damaged (its checksum does not match); copy it again");
        try
        {
            return ReadPayload(payload, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or OverflowException)
        {
            throw new UserFileException(path, 0, $"the encoder is malformed ({e.Message}); copy it again", e);
        }
    }

    private static EncoderFile ReadPayload(ReadOnlySpan<byte> payload, string sha256)
    {
        var vocabulary = System.Text.Encoding.UTF8.GetString(Take(ref payload, Count(ref payload, 1))).Split('\n');
        var graph = Take(ref payload, Count(ref payload, 1)).ToArray();
        var width = Count(ref payload, 4);
        var inputs = Count(ref payload, 4);
        if (width is 0 or > MostWidth || inputs is <= PositionNumbers or > MostWidth)
            throw new InvalidDataException("an impossible size");
        var hidden = Floats(Take(ref payload, checked(width * inputs * 4)));
        var bias = Floats(Take(ref payload, width * 4));
        var seen = MemoryMarshal.Cast<byte, ulong>(Take(ref payload, checked(Count(ref payload, 8) * 8))).ToArray();
        if (payload.Length != 0)
            throw new InvalidDataException("bytes left over");
        return new EncoderFile(sha256, vocabulary, graph, hidden, bias, seen);
    }

    private static int Count(ref ReadOnlySpan<byte> payload, int bytesEach)
    {
        var count = BinaryPrimitives.ReadInt32LittleEndian(Take(ref payload, 4));
        return count >= 0 && (long)count * bytesEach <= payload.Length ? count : throw new InvalidDataException("an impossible number");
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> payload, int count)
    {
        if (count > payload.Length)
            throw new InvalidDataException("the file ends early");
        var taken = payload[..count];
        payload = payload[count..];
        return taken;
    }

    private static float[] Floats(ReadOnlySpan<byte> bytes)
    {
        var values = MemoryMarshal.Cast<byte, float>(bytes).ToArray();
        return Array.TrueForAll(values, float.IsFinite) ? values : throw new InvalidDataException("a weight that is no number");
    }
}
