using System.Runtime.CompilerServices;

namespace Pipeline.Classifying;

/// <summary>Takes the numbered rows of a model, each with the value of its feature. A struct, so that each use is compiled for itself.</summary>
internal interface IFeatureRows
{
    /// <summary>Adds a row, times the value.</summary>
    void Add(int row, float value);
}

/// <summary>
/// Gathers the features that a model may know and hands over the rows of those that it knows, in their order, many at a
/// time (<see cref="FeatureIndex"/>). The caller flushes it after the last feature.
/// </summary>
/// <param name="index">The model's features.</param>
/// <param name="rows">Takes the rows.</param>
/// <param name="keys">Room for <see cref="SiftingSink.Capacity"/> keys.</param>
/// <param name="values">Room for as many values.</param>
internal ref struct SiftingSink<TRows>(FeatureIndex index, TRows rows, Span<uint> keys, Span<float> values) : IFeatureSink
    where TRows : struct, IFeatureRows, allows ref struct
{
    private readonly FeatureIndex index = index;
    private readonly Span<uint> keys = keys;
    private readonly Span<float> values = values;
    private TRows rows = rows;
    private int count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(FeatureFamilies family, uint key, float value, FeatureSource source)
    {
        keys[count] = key;
        values[count] = value;
        count += index.MayHave(key);
        if (count == SiftingSink.Capacity)
            Flush();
    }

    public void Flush()
    {
        Span<ulong> read = stackalloc ulong[SiftingSink.Capacity];
        index.Read(keys[..count], read);
        for (var k = 0; k < count; k++)
        {
            var row = index.Find(keys[k], read[k]);
            if (row >= 0)
                rows.Add(row, values[k]);
        }

        count = 0;
    }
}

/// <summary>What all sinks of that kind share.</summary>
internal static class SiftingSink
{
    public const int Capacity = 512;
}
