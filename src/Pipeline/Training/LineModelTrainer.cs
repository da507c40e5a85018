using System.Globalization;
using System.Text;
using Pipeline.Cleaning;

namespace Pipeline.Training;

/// <summary>
/// Fits the two layers of the line model by Newton's method on a weighted logistic loss with a ridge: long lines count
/// for more, and losing body costs more than keeping noise. The same pages give the same weights.
/// </summary>
internal static class LineModelTrainer
{
    private const double BodyCost = 3;
    private const double Ridge = 2;
    private const int Rounds = 30;

    /// <summary>Noise lines are few on the project's own pages and many on whole sites.</summary>
    private const double OwnNoiseWeight = 3;

    private readonly record struct Example(float[] Features, bool IsNoise, double Weight);

    private sealed record Page(PageContext Context, LineMark[] Marks, bool IsOwn);

    /// <summary>Trains on pages of the project and on rendered pages of whole sites.</summary>
    public static LineModel Train(IReadOnlyList<MarkedPage> own, IReadOnlyList<MarkedPage> sites, out string file)
    {
        var pages = own.Select((page, i) => Prepare(page, true, i)).Concat(sites.Select((page, i) => Prepare(page, false, i))).ToList();
        var local = LineFeatures.Names.Length;
        var first = Fit(Examples(pages, local, (_, _, _) => { }), local);
        var scores = pages.ToDictionary(page => page, page => new LineModel.NeighbourScores(page.Context, FirstScores(page, first)));
        var second = Fit(Examples(pages, LineModel.Width, (page, i, f) => scores[page].Fill(i, f[local..])), LineModel.Width);
        file = Write(first, second);
        return new LineModel(first, second);
    }

    private static Page Prepare(MarkedPage marked, bool isOwn, int index)
    {
        var buffer = PlainTextScanner.Scan(marked.Render(index % 3 == 0 ? "\n" : "\n\n"), 0, markdown: false);
        var marks = new LineMark[buffer.Lines.Count];
        var next = 0;
        for (var i = 0; i < marks.Length; i++)
        {
            marks[i] = LineMark.Unknown;
            var line = buffer[buffer.Lines[i]];
            for (var k = next; k < marked.Lines.Count; k++)
            {
                if (!Normal(marked.Lines[k].Text).AsSpan().SequenceEqual(line))
                    continue;
                marks[i] = marked.Lines[k].Mark;
                next = k + 1;
                break;
            }
        }

        return new Page(new PageContext(buffer, null), marks, isOwn);
    }

    private static string Normal(string text)
    {
        var buffer = new LineBuffer(text.Length);
        buffer.Append(text);
        return buffer.Slice(0, buffer.Length).ToString();
    }

    private static List<Example> Examples(List<Page> pages, int width, FillRest fillRest)
    {
        var examples = new List<Example>();
        foreach (var page in pages)
        {
            for (var i = 0; i < page.Marks.Length; i++)
            {
                // Titles are found by their own rule.
                if (page.Marks[i] is LineMark.Unknown or LineMark.Title)
                    continue;
                var features = new float[width];
                LineFeatures.Fill(page.Context, i, features);
                fillRest(page, i, features);
                var length = page.Context.Stats[i].Length;
                var isNoise = page.Marks[i] == LineMark.Noise;
                var weight = isNoise
                    ? Math.Min(150, length + 20) / 100.0 * (page.IsOwn ? OwnNoiseWeight : 1)
                    : BodyCost * Math.Min(400, length + 40) / 100.0;
                examples.Add(new Example(features, isNoise, weight));
            }
        }

        return examples;
    }

    private delegate void FillRest(Page page, int line, Span<float> features);

    private static float[] FirstScores(Page page, float[] weights)
    {
        var scores = new float[page.Marks.Length];
        var features = new float[weights.Length];
        for (var i = 0; i < scores.Length; i++)
        {
            LineFeatures.Fill(page.Context, i, features);
            for (var k = 0; k < weights.Length; k++)
                scores[i] += weights[k] * features[k];
        }

        return scores;
    }

    private static float[] Fit(List<Example> examples, int width)
    {
        var weights = new double[width];
        for (var round = 0; round < Rounds; round++)
        {
            var gradient = new double[width];
            var curvature = new double[width, width];
            foreach (var example in examples)
                Accumulate(example, weights, gradient, curvature);
            for (var i = 0; i < width; i++)
            {
                // The bias is not drawn towards zero.
                gradient[i] -= i > 0 ? Ridge * weights[i] : 0;
                curvature[i, i] += i > 0 ? Ridge : 1e-3;
            }

            var step = Solve(curvature, gradient);
            var largest = 0.0;
            for (var i = 0; i < width; i++)
            {
                var move = Math.Clamp(step[i], -1, 1);
                weights[i] += move;
                largest = Math.Max(largest, Math.Abs(move));
            }

            if (largest < 1e-4)
                break;
        }

        return [.. weights.Select(w => (float)w)];
    }

    private static void Accumulate(Example example, double[] weights, double[] gradient, double[,] curvature)
    {
        var features = example.Features;
        var score = 0.0;
        for (var i = 0; i < weights.Length; i++)
            score += weights[i] * features[i];
        var probability = 1 / (1 + Math.Exp(-score));
        var error = ((example.IsNoise ? 1 : 0) - probability) * example.Weight;
        var variance = Math.Max(1e-6, probability * (1 - probability) * example.Weight);
        for (var i = 0; i < weights.Length; i++)
        {
            if (features[i] == 0)
                continue;
            gradient[i] += error * features[i];
            for (var k = 0; k <= i; k++)
                curvature[i, k] += variance * features[i] * features[k];
        }
    }

    /// <summary>Cholesky; only the lower triangle of the matrix is read.</summary>
    private static double[] Solve(double[,] matrix, double[] right)
    {
        var n = right.Length;
        var lower = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k <= i; k++)
            {
                var sum = matrix[i, k];
                for (var m = 0; m < k; m++)
                    sum -= lower[i, m] * lower[k, m];
                lower[i, k] = i == k ? Math.Sqrt(Math.Max(sum, 1e-9)) : sum / lower[k, k];
            }
        }

        var x = new double[n];
        for (var i = 0; i < n; i++)
        {
            var sum = right[i];
            for (var k = 0; k < i; k++)
                sum -= lower[i, k] * x[k];
            x[i] = sum / lower[i, i];
        }

        for (var i = n - 1; i >= 0; i--)
        {
            var sum = x[i];
            for (var k = i + 1; k < n; k++)
                sum -= lower[k, i] * x[k];
            x[i] = sum / lower[i, i];
        }

        return x;
    }

    private static string Write(float[] first, float[] second)
    {
        var text = new StringBuilder(
            "# Weights of the line model: the log-odds that a line is boilerplate, by the first layer and the second; see data/cleaning/README.md.\n"
            + "feature\tfirst\tsecond\n");
        var names = LineFeatures.Names.Concat(LineModel.NeighbourNames).ToList();
        for (var i = 0; i < names.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{names[i]}\t{(i < first.Length ? first[i] : 0):F4}\t{second[i]:F4}\n");
        }

        return text.ToString();
    }
}
