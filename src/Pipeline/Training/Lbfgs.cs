namespace Pipeline.Training;

/// <summary>Limited-memory BFGS (Nocedal and Wright, algorithm 7.5) with a backtracking line search, for smooth convex functions.</summary>
internal static class Lbfgs
{
    /// <summary>Writes the gradient and returns the value.</summary>
    public delegate double Function(ReadOnlySpan<double> point, Span<double> gradient);

    /// <summary>Walks from the point to the minimum, in place.</summary>
    public static void Minimize(Function function, double[] point, int iterations, double tolerance = 1e-6, int memory = 8)
    {
        var n = point.Length;
        var gradient = new double[n];
        var value = function(point, gradient);
        var steps = new List<double[]>();
        var changes = new List<double[]>();
        var direction = new double[n];
        var next = new double[n];
        var nextGradient = new double[n];
        var alphas = new double[memory];
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            for (var i = 0; i < n; i++)
                direction[i] = -gradient[i];
            for (var k = steps.Count - 1; k >= 0; k--)
            {
                alphas[k] = Dot(steps[k], direction) / Dot(steps[k], changes[k]);
                Add(direction, changes[k], -alphas[k]);
            }

            var scale = steps.Count > 0 ? Dot(steps[^1], changes[^1]) / Dot(changes[^1], changes[^1]) : 1 / Math.Max(1, Math.Sqrt(Dot(gradient, gradient)));
            for (var i = 0; i < n; i++)
                direction[i] *= scale;
            for (var k = 0; k < steps.Count; k++)
                Add(direction, steps[k], alphas[k] - (Dot(changes[k], direction) / Dot(steps[k], changes[k])));

            var slope = Dot(gradient, direction);
            if (slope > -1e-12)
                return;
            var length = 1.0;
            double nextValue;
            while (true)
            {
                for (var i = 0; i < n; i++)
                    next[i] = point[i] + (length * direction[i]);
                nextValue = function(next, nextGradient);
                if (nextValue <= value + (1e-4 * length * slope))
                    break;
                length /= 2;
                if (length < 1e-10)
                    return;
            }

            var step = new double[n];
            var change = new double[n];
            for (var i = 0; i < n; i++)
            {
                step[i] = next[i] - point[i];
                change[i] = nextGradient[i] - gradient[i];
            }

            if (Dot(step, change) > 1e-12)
            {
                if (steps.Count == memory)
                {
                    steps.RemoveAt(0);
                    changes.RemoveAt(0);
                }

                steps.Add(step);
                changes.Add(change);
            }

            next.CopyTo(point, 0);
            nextGradient.CopyTo(gradient, 0);
            if (value - nextValue < tolerance * Math.Max(1, Math.Abs(value)))
                return;
            value = nextValue;
        }
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static void Add(double[] to, double[] what, double times)
    {
        for (var i = 0; i < to.Length; i++)
            to[i] += times * what[i];
    }
}
