using System.Globalization;

namespace Pipeline.Cleaning;

/// <summary>
/// How likely each line of a page is boilerplate, by two logistic layers: the first sees the line, the second also
/// what the first says of the lines around it. Weights in <c>line-model.tsv</c>. Immutable.
/// </summary>
internal sealed class LineModel
{
    /// <summary>What the second layer sees beside the features of the line.</summary>
    public static readonly string[] NeighbourNames =
    [
        "score", "score_previous", "score_next", "score_before", "score_after", "score_wide_before", "score_wide_after",
        "outside_body", "outside_body_short", "distance_to_body", "score_page",
    ];

    public static readonly int Width = LineFeatures.Names.Length + NeighbourNames.Length;

    private const float Bound = 5;

    private readonly float[] _first;
    private readonly float[] _second;

    public LineModel(float[] first, float[] second)
    {
        _first = first;
        _second = second;
    }

    public static LineModel Default { get; } = Read();

    /// <summary>For each line the logarithm of the odds that it is boilerplate.</summary>
    public float[] Score(PageContext page)
    {
        var count = page.Stats.Length;
        var local = LineFeatures.Names.Length;
        var features = new float[local];
        var first = new float[count];
        var second = new float[count];
        for (var i = 0; i < count; i++)
        {
            LineFeatures.Fill(page, i, features);
            var (a, b) = (0f, 0f);
            for (var k = 0; k < features.Length; k++)
            {
                a += _first[k] * features[k];
                b += _second[k] * features[k];
            }

            (first[i], second[i]) = (a, b);
        }

        var neighbours = new NeighbourScores(page, first);
        Span<float> around = stackalloc float[NeighbourNames.Length];
        var weights = _second.AsSpan(local);
        for (var i = 0; i < count; i++)
        {
            neighbours.Fill(i, around);
            for (var k = 0; k < around.Length; k++)
                second[i] += weights[k] * around[k];
        }

        return second;
    }

    private static LineModel Read()
    {
        var byName = DataFile.Rows("line-model.tsv").ToDictionary(r => r[0], StringComparer.Ordinal);
        float Weight(string name, int column) =>
            byName.TryGetValue(name, out var row) ? float.Parse(row[column], CultureInfo.InvariantCulture) : 0;
        return new LineModel(
            [.. LineFeatures.Names.Select(n => Weight(n, 1))],
            [.. LineFeatures.Names.Concat(NeighbourNames).Select(n => Weight(n, 2))]);
    }

    /// <summary>Sums of the first layer's scores over windows, and the stretch of lines that it takes for the body.</summary>
    internal sealed class NeighbourScores
    {
        private readonly PageContext _page;
        private readonly float[] _scores;
        private readonly double[] _sums;
        private readonly double[] _weights;
        private readonly int _start;
        private readonly int _end;

        public NeighbourScores(PageContext page, float[] scores)
        {
            _page = page;
            _scores = scores;
            _sums = new double[scores.Length + 1];
            _weights = new double[scores.Length + 1];
            for (var i = 0; i < scores.Length; i++)
            {
                var weight = Math.Min(page.Stats[i].Length, 200) + 20;
                _sums[i + 1] = _sums[i] + (weight * Math.Clamp(scores[i], -Bound, Bound));
                _weights[i + 1] = _weights[i] + weight;
            }

            (_start, _end) = FindBody();
        }

        public void Fill(int i, Span<float> f)
        {
            var count = _scores.Length;
            f[0] = Math.Clamp(_scores[i], -Bound, Bound);
            f[1] = i > 0 ? Math.Clamp(_scores[i - 1], -Bound, Bound) : 0;
            f[2] = i + 1 < count ? Math.Clamp(_scores[i + 1], -Bound, Bound) : 0;
            f[3] = Mean(i - 4, i);
            f[4] = Mean(i + 1, i + 5);
            f[5] = Mean(i - 12, i);
            f[6] = Mean(i + 1, i + 13);
            var outside = i < _start || i >= _end;
            f[7] = outside ? 1 : 0;
            f[8] = outside && _page.Stats[i].Length < 100 ? 1 : 0;
            f[9] = i < _start ? Math.Min(1, (_start - i) / 10f) : i >= _end ? Math.Min(1, (i - _end + 1) / 10f) : 0;
            f[10] = Mean(0, count);
        }

        private float Mean(int from, int to)
        {
            from = Math.Max(0, from);
            to = Math.Min(_scores.Length, to);
            return from >= to ? 0 : (float)((_sums[to] - _sums[from]) / (_weights[to] - _weights[from]));
        }

        private (int Start, int End) FindBody()
        {
            var (bestStart, bestEnd, best) = (0, _scores.Length, 0.0);
            var (start, sum) = (0, 0.0);
            for (var i = 0; i < _scores.Length; i++)
            {
                if (sum <= 0)
                    (start, sum) = (i, 0);
                sum -= _sums[i + 1] - _sums[i];
                if (sum > best)
                    (bestStart, bestEnd, best) = (start, i + 1, sum);
            }

            return (bestStart, bestEnd);
        }
    }
}
