using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Classifying;

/// <summary>
/// The model file: the mark <c>PIPEROLE</c>, a version, the SHA-256 of the payload, the payload. Little-endian
/// throughout. Data only: nothing in a file from a stranger can run, and every count is checked before it is believed.
/// </summary>
internal static class RoleModelFile
{
    /// <summary>The format of a model that reads an encoder's numbers too.</summary>
    public const ushort Version = 4;

    /// <summary>The format without: the same but for the last part.</summary>
    public const ushort PlainVersion = 3;

    private const int HeaderLength = 8 + 2 + 32;
    private const int MostLabels = 200;
    private const int MostNets = 16;
    private const int MostEncoderWidth = 4096;

    // The number of a vector is kept as a float (FeatureRows), which is exact that far.
    private const int MostNetFeatures = 1 << 24;

    private static ReadOnlySpan<byte> Mark => "PIPEROLE"u8;

    /// <summary>Reads a model.</summary>
    /// <exception cref="UserFileException">The file is missing, foreign, too new or damaged.</exception>
    public static RoleModel Read(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new UserFileException(path, 0, $"the role model cannot be read ({e.Message}); train one with: pipeline train roles LABELS.csv --out {path}", e);
        }

        return Read(bytes, path);
    }

    /// <summary>Reads a model from its bytes; the path is for messages.</summary>
    public static RoleModel Read(byte[] bytes, string path)
    {
        if (bytes.Length < HeaderLength || !bytes.AsSpan(0, 8).SequenceEqual(Mark))
            throw new UserFileException(path, 0, "this is no role model; expected a file written by: pipeline train roles");
        var version = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8));
        if (version > Version)
            throw new UserFileException(path, 0, $"the role model has format {version}, this program reads up to {Version}; use a newer pipeline, or train again");
        if (version < PlainVersion)
            throw new UserFileException(path, 0, $"the role model has the old format {version}, this program reads {PlainVersion} and {Version}; train it again");
        var payload = bytes.AsSpan(HeaderLength);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(payload, hash);
        if (!hash.SequenceEqual(bytes.AsSpan(10, 32)))
            throw new UserFileException(path, 0, "the role model is damaged (its checksum does not match); copy it again, or train again");
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes, HeaderLength, payload.Length, writable: false), Encoding.UTF8);
            return ReadPayload(reader, payload.Length, version == Version);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ArgumentException or OverflowException or FormatException)
        {
            throw new UserFileException(path, 0, $"the role model is malformed ({e.Message}); train it again", e);
        }
    }

    /// <summary>Writes a model under a temporary name and renames it when it is complete.</summary>
    public static void Write(string path, RoleModel model)
    {
        var temporary = path + ".tmp";
        File.WriteAllBytes(temporary, ToBytes(model));
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>The bytes of the file: the same for the same model.</summary>
    public static byte[] ToBytes(RoleModel model)
    {
        using var payload = new MemoryStream();
        using (var writer = new BinaryWriter(payload, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(model.Labels.Count);
            foreach (var label in model.Labels)
                writer.Write(label);
            writer.Write((int)model.Features.Families);
            writer.Write(model.Keys.Length);
            foreach (var key in model.Keys)
                writer.Write(key);
            foreach (var weight in model.Weights)
                writer.Write(weight);
            foreach (var bias in model.Biases)
                writer.Write(bias);
            writer.Write(model.Sequence.Weights.Length);
            foreach (var weight in model.Sequence.Weights)
                writer.Write(weight);
            writer.Write(model.Sequence.Calibration.Temperature);
            writer.Write(model.Sequence.Calibration.Rarity);
            foreach (var prior in model.Sequence.Calibration.Priors)
                writer.Write(prior);
            WriteNets(writer, model.Sequence.Nets);
            writer.Write(model.SeenArticles.Length);
            foreach (var article in model.SeenArticles)
                writer.Write(article);
            if (model.Head is { } head)
                WriteHead(writer, head);
        }

        var bytes = new byte[HeaderLength + payload.Length];
        Mark.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), model.Head is null ? PlainVersion : Version);
        payload.ToArray().CopyTo(bytes, HeaderLength);
        SHA256.HashData(bytes.AsSpan(HeaderLength), bytes.AsSpan(10, 32));
        return bytes;
    }

    private static RoleModel ReadPayload(BinaryReader reader, long length, bool hasHead)
    {
        var labelCount = Count(reader, MostLabels, 1, "labels");
        if (labelCount < 2)
            throw new InvalidDataException("fewer than two labels");
        var labels = new string[labelCount];
        for (var i = 0; i < labelCount; i++)
        {
            labels[i] = reader.ReadString();
            if (i > 0 && string.CompareOrdinal(labels[i - 1], labels[i]) >= 0)
                throw new InvalidDataException("labels out of order");
        }

        var families = (FeatureFamilies)reader.ReadInt32();
        if ((families & ~FeatureFamilies.All) != 0)
            throw new InvalidDataException("unknown features");
        var keys = Keys(reader, Count(reader, length, 4 + (4 * labelCount), "features"));
        var weights = Floats(reader, keys.Length * labelCount);
        var biases = Floats(reader, labelCount);
        var sequenceCount = Count(reader, length, 8, "sequence weights");
        if (sequenceCount != SequenceLayer.WeightCount(labelCount))
            throw new InvalidDataException("sequence weights of another size");
        var sequence = new double[sequenceCount];
        for (var i = 0; i < sequence.Length; i++)
            sequence[i] = Finite(reader.ReadDouble());
        var temperature = Finite(reader.ReadDouble());
        var rarity = Finite(reader.ReadDouble());
        if (temperature is < 0.05 or > 20 || rarity is < 0 or > 2)
            throw new InvalidDataException("calibration out of range");
        var priors = new double[labelCount];
        for (var i = 0; i < labelCount; i++)
        {
            priors[i] = Finite(reader.ReadDouble());
            if (priors[i] is < 0 or > 1)
                throw new InvalidDataException("a prior out of range");
        }

        var nets = ReadNets(reader, labelCount);
        var seen = new ulong[Count(reader, length, 8, "articles")];
        for (var i = 0; i < seen.Length; i++)
            seen[i] = reader.ReadUInt64();
        var head = hasHead ? ReadHead(reader, labelCount) : null;
        if (reader.BaseStream.Position != reader.BaseStream.Length)
            throw new InvalidDataException("bytes left over");
        return new RoleModel(
            labels, new FeatureSettings(families), keys, weights, biases,
            new SequenceLayer(labelCount, sequence, new RoleCalibration(temperature, rarity, priors)) { Nets = nets }, seen) { Head = head };
    }

    // The encoder's hash, the share, how many numbers it reads, weights, biases.
    private static void WriteHead(BinaryWriter writer, EncoderHead head)
    {
        writer.Write(Convert.FromHexString(head.EncoderSha256));
        writer.Write(head.Share);
        writer.Write(head.Width);
        foreach (var weight in head.Weights.Concat(head.Biases))
            writer.Write(weight);
    }

    private static EncoderHead ReadHead(BinaryReader reader, int labels)
    {
        var hash = new byte[32];
        reader.BaseStream.ReadExactly(hash);
        var share = Finite(reader.ReadDouble());
        if (share is < 0 or > 1)
            throw new InvalidDataException("a share out of range");
        var width = Count(reader, MostEncoderWidth, 4 * labels, "numbers of the encoder");
        if (width == 0)
            throw new InvalidDataException("an encoder without numbers");
        return new EncoderHead(Convert.ToHexStringLower(hash), Floats(reader, width * labels), Floats(reader, labels), share);
    }

    // How many nets, the features, each feature's step and its vector in steps, then the layers of each net.
    private static void WriteNets(BinaryWriter writer, ContextNet? nets)
    {
        writer.Write(nets?.Members.Length ?? 0);
        if (nets is null)
            return;
        writer.Write(nets.Keys.Length);
        foreach (var key in nets.Keys)
            writer.Write(key);
        var width = nets.Members.Length * NetLayers.Width;
        for (var i = 0; i < nets.Keys.Length; i++)
        {
            writer.Write(nets.Steps[i]);
            writer.Write(MemoryMarshal.AsBytes(nets.Vectors.Span.Slice(i * width, width)));
        }

        foreach (var part in nets.Members.SelectMany(m => m.All))
        {
            foreach (var weight in part)
                writer.Write(weight);
        }
    }

    private static ContextNet? ReadNets(BinaryReader reader, int labels)
    {
        var count = Count(reader, MostNets, 4, "nets");
        if (count == 0)
            return null;
        var width = count * NetLayers.Width;
        var keys = Keys(reader, Count(reader, MostNetFeatures, 8 + width, "features of the nets"));
        var steps = new float[keys.Length];
        var vectors = new sbyte[keys.Length * width];
        for (var i = 0; i < keys.Length; i++)
        {
            steps[i] = reader.ReadSingle();
            if (!(steps[i] is > 0 and < 1e4f))
                throw new InvalidDataException("a weight that is no number");
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(vectors.AsSpan(i * width, width)));
        }

        var members = new NetLayers[count];
        for (var m = 0; m < count; m++)
        {
            members[m] = new NetLayers(labels);
            foreach (var part in members[m].All)
                Floats(reader, part.Length).CopyTo(part, 0);
        }

        return new ContextNet(labels, keys, steps, vectors, members);
    }

    private static uint[] Keys(BinaryReader reader, int count)
    {
        var keys = new uint[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(keys.AsSpan()));
        for (var i = 0; i < count; i++)
        {
            if (i == 0 ? keys[i] == 0 : keys[i] <= keys[i - 1])
                throw new InvalidDataException("features out of order");
        }

        return keys;
    }

    private static int Count(BinaryReader reader, long most, int bytesEach, string what)
    {
        var count = reader.ReadInt32();
        var left = reader.BaseStream.Length - reader.BaseStream.Position;
        if (count < 0 || count > most || (long)count * bytesEach > left)
            throw new InvalidDataException($"an impossible number of {what}");
        return count;
    }

    private static float[] Floats(BinaryReader reader, int count)
    {
        var values = new float[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        foreach (var value in values)
        {
            if (!float.IsFinite(value) || Math.Abs(value) > 1e6f)
                throw new InvalidDataException("a weight that is no number");
        }

        return values;
    }

    private static double Finite(double value) =>
        double.IsFinite(value) && Math.Abs(value) <= 1e6 ? value : throw new InvalidDataException("a weight that is no number");
}
