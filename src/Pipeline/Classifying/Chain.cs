namespace Pipeline.Classifying;

/// <summary>Forward and backward sums over a chain of labels, scaled at each step so that nothing overflows.</summary>
internal sealed class Chain(int count, int labels)
{
    private readonly double[] forward = new double[count * labels];
    private readonly double[] backward = new double[count * labels];
    private readonly double[] local = new double[count * labels];
    private readonly double[] scale = new double[count];
    private double[] steps = [];

    /// <summary>The probability of each label at each place.</summary>
    public double[] Marginals { get; } = new double[count * labels];

    /// <summary>The logarithm of the sum over all sequences.</summary>
    public double LogSum { get; private set; }

    /// <summary>Runs both sums.</summary>
    /// <param name="emissions">One row a place.</param>
    /// <param name="transitions">By kind of step, from, to.</param>
    /// <param name="kinds">The kind of the step that leads to each place; the first is not used.</param>
    public void Run(ReadOnlySpan<double> emissions, ReadOnlySpan<double> transitions, ReadOnlySpan<byte> kinds)
    {
        if (count == 0)
            return;
        if (steps.Length != transitions.Length)
            steps = new double[transitions.Length];
        for (var i = 0; i < steps.Length; i++)
            steps[i] = Math.Exp(Math.Clamp(transitions[i], -30, 30));

        LogSum = 0;
        for (var t = 0; t < count; t++)
        {
            var max = double.NegativeInfinity;
            for (var l = 0; l < labels; l++)
                max = Math.Max(max, emissions[(t * labels) + l]);
            LogSum += max;
            var sum = 0.0;
            for (var to = 0; to < labels; to++)
            {
                var e = local[(t * labels) + to] = Math.Exp(emissions[(t * labels) + to] - max);
                var into = t == 0 ? 1.0 : 0.0;
                for (var from = 0; t > 0 && from < labels; from++)
                    into += forward[((t - 1) * labels) + from] * Step(kinds[t], from, to);
                forward[(t * labels) + to] = into * e;
                sum += into * e;
            }

            scale[t] = sum;
            LogSum += Math.Log(sum);
            for (var l = 0; l < labels; l++)
                forward[(t * labels) + l] /= sum;
        }

        for (var l = 0; l < labels; l++)
            backward[((count - 1) * labels) + l] = 1;
        for (var t = count - 2; t >= 0; t--)
        {
            for (var from = 0; from < labels; from++)
            {
                var sum = 0.0;
                for (var to = 0; to < labels; to++)
                    sum += Step(kinds[t + 1], from, to) * local[((t + 1) * labels) + to] * backward[((t + 1) * labels) + to];
                backward[(t * labels) + from] = sum / scale[t + 1];
            }
        }

        for (var i = 0; i < Marginals.Length; i++)
            Marginals[i] = forward[i] * backward[i];
    }

    /// <summary>The probability of a pair of labels at a place and the one before.</summary>
    public double Pair(int t, int kind, int from, int to) =>
        forward[((t - 1) * labels) + from] * Step(kind, from, to) * local[(t * labels) + to] * backward[(t * labels) + to] / scale[t];

    private double Step(int kind, int from, int to) => steps[(((kind * labels) + from) * labels) + to];
}
