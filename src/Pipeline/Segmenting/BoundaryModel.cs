namespace Pipeline.Segmenting;

/// <summary>
/// Logistic regression over hashed features of a position: does a sentence end here? The weights are small whole
/// numbers in <c>boundaries.txt</c>, so that every machine decides alike. Immutable.
/// </summary>
internal sealed class BoundaryModel
{
    /// <summary>Number of weights, a power of two.</summary>
    public const int Size = 1 << 16;

    /// <summary>Weight units of one natural logarithm of the odds.</summary>
    public const double Scale = 24;

    // A missed end spoils two sentences, an extra one only one, so that even odds are too much to ask.
    private const int Threshold = -8;
    private const int StrictThreshold = 24;
    private const int LineLength = 120;

    private readonly sbyte[] weights;

    public BoundaryModel(sbyte[] weights, WordCasing casing)
    {
        this.weights = weights;
        Casing = casing;
    }

    /// <summary>What the features know about words.</summary>
    public WordCasing Casing { get; }

    /// <summary>The weights embedded in the library.</summary>
    public static BoundaryModel Embedded { get; } = Load();

    /// <summary>Whether a sentence ends at the cursor's position.</summary>
    public bool Ends(scoped in BoundaryCursor cursor)
    {
        Span<uint> features = stackalloc uint[BoundaryCursor.FeatureCount];
        var count = cursor.Features(features);
        var sum = 0;
        foreach (var feature in features[..count])
            sum += weights[feature & (Size - 1)];
        return sum > (cursor.NeedsMore ? StrictThreshold : Threshold);
    }

    /// <summary>The weights as lines of text.</summary>
    public void Save(TextWriter writer)
    {
        var bytes = Array.ConvertAll(weights, weight => (byte)weight).Concat(Casing.Slots.ToArray()).ToArray();
        var text = Convert.ToBase64String(bytes);
        for (var i = 0; i < text.Length; i += LineLength)
            writer.Write(text[i..Math.Min(text.Length, i + LineLength)] + "\n");
    }

    private static BoundaryModel Load()
    {
        using var stream = typeof(BoundaryModel).Assembly.GetManifestResourceStream("Pipeline.Segmenting.boundaries.txt");
        if (stream is null)
            return new BoundaryModel(new sbyte[Size], new WordCasing(new byte[WordCasing.Size]));
        using var reader = new StreamReader(stream);
        var bytes = Convert.FromBase64String(reader.ReadToEnd());
        return new BoundaryModel(Array.ConvertAll(bytes[..Size], value => (sbyte)value), new WordCasing(bytes[Size..]));
    }
}
