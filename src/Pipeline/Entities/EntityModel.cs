using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Entities;

/// <summary>
/// The trained weights: for each feature key a row of 32 bytes, the weight of each tag in units of <see cref="Unit"/>,
/// which is one read of memory and integer additions; the weights between tags; the word clusters; the calibration.
/// Immutable.
/// </summary>
internal sealed class EntityModel
{
    private const int Version = 1;
    private const int ChecksumBytes = 32;
    private readonly ReadOnlyMemory<sbyte> rows;
    private readonly int[] order;
    private static ReadOnlySpan<byte> Magic => "PIPE-ENT"u8;

    public EntityModel(
        uint[] keys, ReadOnlySpan<sbyte> rows, float unit, Transitions transitions, WordClusters clusters, EntityCalibration calibration)
    {
        Keys = keys;
        Unit = unit;
        Transitions = transitions;
        Clusters = clusters;
        Calibration = calibration;
        Index = new FeatureIndex(keys, out order);
        this.rows = CacheLines.Copy<sbyte>(Laid(rows, order));
    }

    public uint[] Keys { get; }

    /// <summary>32 weights a feature in the order of <see cref="Index"/>, so laid out that no row lies across two cache lines.</summary>
    public ReadOnlySpan<sbyte> Rows => rows.Span;

    /// <summary>The number of each key's row.</summary>
    public FeatureIndex Index { get; }

    public float Unit { get; }

    public Transitions Transitions { get; }

    public WordClusters Clusters { get; }

    public EntityCalibration Calibration { get; }

    /// <summary>The same weights with another calibration.</summary>
    public EntityModel With(EntityCalibration calibration) => new(Keys, InOrderOfKeys(), Unit, Transitions, Clusters, calibration);

    /// <summary>Writes the model; the same model gives the same bytes.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Magic);
            writer.Write(Version);
            writer.Write(NameLists.Shared.Checksum);
            writer.Write(Unit);
            Write(writer, Transitions.Start);
            Write(writer, Transitions.ToOutside);
            Write(writer, Transitions.Within);
            Write(writer, Calibration.Values);
            writer.Write(Clusters.Words.Length);
            foreach (var word in Clusters.Words) writer.Write(word);
            foreach (var path in Clusters.Paths) writer.Write(path);
            writer.Write(Keys.Length);
            foreach (var key in Keys) writer.Write(key);
            writer.Write(MemoryMarshal.AsBytes<sbyte>(InOrderOfKeys()));
        }

        var body = stream.ToArray();
        return [.. body, .. SHA256.HashData(body)];
    }

    private static sbyte[] Laid(ReadOnlySpan<sbyte> rows, int[] order)
    {
        var laid = new sbyte[rows.Length];
        for (var number = 0; number < order.Length; number++)
            rows.Slice(order[number] * TagSet.Scored, TagSet.Scored).CopyTo(laid.AsSpan(number * TagSet.Scored));
        return laid;
    }

    private sbyte[] InOrderOfKeys()
    {
        var sorted = new sbyte[Rows.Length];
        for (var number = 0; number < order.Length; number++)
            Rows.Slice(number * TagSet.Scored, TagSet.Scored).CopyTo(sorted.AsSpan(order[number] * TagSet.Scored));
        return sorted;
    }

    /// <summary>Reads a model file in one go.</summary>
    /// <exception cref="UserFileException">The file is missing, foreign, cut short, changed, or of other word lists.</exception>
    public static EntityModel Load(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFileException(path, 0, $"the entity model cannot be read ({e.Message}); give the path of a file that 'pipeline train entities' has written", e);
        }

        if (bytes.Length < Magic.Length + ChecksumBytes || !bytes.AsSpan(0, Magic.Length).SequenceEqual(Magic))
            throw new UserFileException(path, 0, "this is no entity model; give the path of a file that 'pipeline train entities' has written");
        var version = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(Magic.Length));
        if (version != Version)
            throw new UserFileException(path, 0, $"the entity model has format {version}, this program reads format {Version}; train it again with 'pipeline train entities'");
        var body = bytes.AsSpan(0, bytes.Length - ChecksumBytes);
        if (!SHA256.HashData(body).AsSpan().SequenceEqual(bytes.AsSpan(body.Length)))
            throw new UserFileException(path, 0, "the entity model is damaged (its checksum differs); copy or train it again");
        try
        {
            return Parse(bytes, body.Length, path);
        }
        catch (Exception e) when (e is EndOfStreamException or IOException or ArgumentException or OverflowException)
        {
            throw new UserFileException(path, 0, "the entity model is damaged; copy or train it again", e);
        }
    }

    private static EntityModel Parse(byte[] bytes, int length, string path)
    {
        using var stream = new MemoryStream(bytes, 0, length, writable: false);
        using var reader = new BinaryReader(stream, Encoding.UTF8);
        stream.Position = Magic.Length + sizeof(int);
        var lists = reader.ReadString();
        if (!string.Equals(lists, NameLists.Shared.Checksum, StringComparison.Ordinal))
            throw new UserFileException(path, 0, $"the entity model was trained with other word lists ({lists}, this program has {NameLists.Shared.Checksum}); train it again with 'pipeline train entities'");
        var unit = reader.ReadSingle();
        var transitions = new Transitions
        {
            Start = ReadFloats(reader, Transitions.Sources * TagSet.Types),
            ToOutside = ReadFloats(reader, Transitions.Sources),
            Within = ReadFloats(reader, 4 * TagSet.Types),
        };
        var calibration = new EntityCalibration(ReadFloats(reader, EntityCalibration.Count));
        var words = ReadArray<uint>(reader);
        var paths = ReadArray<ushort>(reader, words.Length);
        var keys = ReadArray<uint>(reader);
        var rows = ReadArray<sbyte>(reader, checked(keys.Length * TagSet.Scored));
        return new EntityModel(keys, rows, unit, transitions, new WordClusters(words, paths), calibration);
    }

    private static void Write(BinaryWriter writer, float[] values)
    {
        foreach (var value in values) writer.Write(value);
    }

    private static float[] ReadFloats(BinaryReader reader, int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++) values[i] = reader.ReadSingle();
        return values;
    }

    private static T[] ReadArray<T>(BinaryReader reader, int count = -1)
        where T : unmanaged
    {
        if (count < 0) count = reader.ReadInt32();
        if (count < 0 || (long)count * Marshal.SizeOf<T>() > reader.BaseStream.Length - reader.BaseStream.Position)
            throw new EndOfStreamException();
        var values = new T[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
