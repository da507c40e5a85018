using System.Numerics;

namespace Pipeline.Classifying;

/// <summary>
/// Forward and backward sums over a chain of labels, scaled at each step so that nothing overflows. Its memory is reused, so
/// it belongs to one thread.
/// </summary>
internal sealed class Chain
{
    private double[] forward = [];
    private double[] backward = [];
    private double[] local = [];
    private double[] scale = [];
    private double[] steps = [];
    private double[] marginals = [];
    private int count;
    private int labels;

    public Chain(int count, int labels) => Prepare(count, labels);

    /// <summary>Makes room for a chain of another length.</summary>
    public void Prepare(int places, int labelCount)
    {
        (count, labels) = (places, labelCount);
        if (scale.Length >= count && steps.Length >= count * labels * labels)
            return;
        var size = Math.Max(count, Math.Min(scale.Length * 2, 1 << 14));
        (forward, backward, local) = (new double[size * labels], new double[size * labels], new double[size * labels]);
        (scale, steps, marginals) = (new double[size], new double[size * labels * labels], new double[size * labels]);
    }

    /// <summary>The probability of each label at each place.</summary>
    public ReadOnlySpan<double> Marginals => marginals.AsSpan(0, count * labels);

    /// <summary>The logarithm of the sum over all sequences.</summary>
    public double LogSum { get; private set; }

    /// <summary>Runs both sums.</summary>
    /// <param name="emissions">One row a place.</param>
    /// <param name="transitions">By step feature, from, to.</param>
    /// <param name="stepFeatures">Which features the step to each place has, as bits; the first is not used.</param>
    public void Run(ReadOnlySpan<double> emissions, ReadOnlySpan<double> transitions, ReadOnlySpan<ushort> stepFeatures)
    {
        if (count == 0)
            return;
        var square = labels * labels;
        steps.AsSpan(0, count * square).Clear();
        for (var t = 1; t < count; t++)
        {
            var step = steps.AsSpan(t * square, square);
            for (var bits = (uint)stepFeatures[t]; bits != 0; bits &= bits - 1)
            {
                var weights = transitions.Slice(BitOperations.TrailingZeroCount(bits) * square, square);
                for (var i = 0; i < square; i++)
                    step[i] += weights[i];
            }

            for (var i = 0; i < square; i++)
                step[i] = Math.Exp(Math.Clamp(step[i], -30, 30));
        }

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
                    into += forward[((t - 1) * labels) + from] * Step(t, from, to);
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
                    sum += Step(t + 1, from, to) * local[((t + 1) * labels) + to] * backward[((t + 1) * labels) + to];
                backward[(t * labels) + from] = sum / scale[t + 1];
            }
        }

        for (var i = 0; i < count * labels; i++)
            marginals[i] = forward[i] * backward[i];
    }

    /// <summary>The probability of a pair of labels at a place and the one before.</summary>
    public double Pair(int t, int from, int to) =>
        forward[((t - 1) * labels) + from] * Step(t, from, to) * local[(t * labels) + to] * backward[(t * labels) + to] / scale[t];

    private double Step(int t, int from, int to) => steps[(((t * labels) + from) * labels) + to];
}
