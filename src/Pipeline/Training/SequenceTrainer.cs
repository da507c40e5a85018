using System.Numerics;
using Pipeline.Classifying;

namespace Pipeline.Training;

/// <summary>Trains the sequence layer by conditional likelihood on out-of-fold answers of the first stage.</summary>
internal static class SequenceTrainer
{
    /// <summary>One article as the layer sees it.</summary>
    internal sealed record Example(double[] Features, ushort[] Steps, int[] Labels, double Weight);

    /// <summary>The weights with which the layer repeats the first stage.</summary>
    public static double[] Neutral(int labels)
    {
        var weights = new double[SequenceLayer.WeightCount(labels)];
        for (var l = 0; l < labels; l++)
            weights[(l * labels) + l] = 1;
        return weights;
    }

    /// <summary>Finds the weights; the temperature is left at 1.</summary>
    public static double[] Train(IReadOnlyList<Example> examples, int labels, double l2)
    {
        var width = SequenceLayer.FeatureCount(labels);
        var point = Neutral(labels);
        var start = (double[])point.Clone();
        var chains = examples.Select(e => new Chain(e.Steps.Length, labels)).ToArray();
        Lbfgs.Minimize(
            (at, gradient) =>
            {
                var value = 0.0;
                for (var i = 0; i < at.Length; i++)
                {
                    var away = at[i] - start[i];
                    value += 0.5 * l2 * away * away;
                    gradient[i] = l2 * away;
                }

                for (var e = 0; e < examples.Count; e++)
                    value += Add(examples[e], chains[e], at, gradient, labels, width);
                return value;
            },
            point,
            iterations: 60);
        return point;
    }

    private static double Add(Example example, Chain chain, ReadOnlySpan<double> at, Span<double> gradient, int labels, int width)
    {
        var count = example.Steps.Length;
        var emissions = new double[count * labels];
        SequenceLayer.Emissions(at, labels, example.Features, emissions);
        var offset = width * labels;
        chain.Run(emissions, at[offset..], example.Steps);
        var score = 0.0;
        Span<double> error = stackalloc double[labels];
        for (var t = 0; t < count; t++)
        {
            var gold = example.Labels[t];
            score += emissions[(t * labels) + gold];
            for (var l = 0; l < labels; l++)
                error[l] = example.Weight * (chain.Marginals[(t * labels) + l] - (l == gold ? 1 : 0));
            for (var f = 0; f < width; f++)
            {
                var x = example.Features[(t * width) + f];
                if (x == 0)
                    continue;
                for (var l = 0; l < labels; l++)
                    gradient[(f * labels) + l] += x * error[l];
            }

            if (t == 0)
                continue;
            var before = example.Labels[t - 1];
            for (var bits = (uint)example.Steps[t]; bits != 0; bits &= bits - 1)
            {
                var at0 = offset + (BitOperations.TrailingZeroCount(bits) * labels * labels);
                score += at[at0 + (before * labels) + gold];
                for (var from = 0; from < labels; from++)
                {
                    for (var to = 0; to < labels; to++)
                        gradient[at0 + (from * labels) + to] += example.Weight * chain.Pair(t, from, to);
                }

                gradient[at0 + (before * labels) + gold] -= example.Weight;
            }
        }

        return example.Weight * (chain.LogSum - score);
    }
}
