using System.Globalization;

namespace Pipeline.Cleaning;

/// <summary>A logistic model of how likely a line is boilerplate; weights in <c>line-model.tsv</c>. Immutable.</summary>
internal sealed class LineModel
{
    private readonly float[] _weights;

    public LineModel(float[] weights) => _weights = weights;

    public static LineModel Default { get; } = Read();

    /// <summary>The logarithm of the odds that the line is boilerplate.</summary>
    public float Score(ReadOnlySpan<float> features)
    {
        var sum = 0f;
        for (var i = 0; i < _weights.Length; i++)
            sum += _weights[i] * features[i];
        return sum;
    }

    private static LineModel Read()
    {
        var byName = DataFile.Rows("line-model.tsv").ToDictionary(
            r => r[0], r => float.Parse(r[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
        return new LineModel([.. LineFeatures.Names.Select(n => byName.TryGetValue(n, out var w) ? w : 0)]);
    }
}
