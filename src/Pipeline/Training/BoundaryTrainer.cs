using Pipeline.Evaluating;
using Pipeline.Segmenting;

namespace Pipeline.Training;

/// <summary>
/// Trains the sentence boundary model by stochastic gradient descent with AdaGrad (Duchi et al. 2011) on the logistic
/// loss. One order, one seed: the same treebanks give the same weights.
/// </summary>
internal static class BoundaryTrainer
{
    private const int Epochs = 12;
    private const double Rate = 0.15;
    private const double Decay = 2e-6;
    private const int Seed = 20241111;

    /// <summary>Trains on treebanks in CoNLL-U.</summary>
    /// <exception cref="UserFileException">A file cannot be read or is not CoNLL-U.</exception>
    public static BoundaryModel Train(IReadOnlyList<string> paths, Action<string>? progress = null)
    {
        var features = new List<uint[]>();
        var labels = new List<bool>();
        foreach (var path in paths)
        {
            foreach (var document in ConlluFile.Read(path))
                Collect(document, features, labels);
        }

        progress?.Invoke($"{labels.Count} positions, {labels.Count(label => label)} ends");
        var order = Enumerable.Range(0, labels.Count).ToArray();
#pragma warning disable CA5394 // no secret: the order of the examples
        var random = new Random(Seed);
        var weights = new double[BoundaryModel.Size];
        var squares = new double[BoundaryModel.Size];
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            random.Shuffle(order);
            var loss = 0.0;
            foreach (var example in order)
            {
                var sum = 0.0;
                foreach (var feature in features[example])
                    sum += weights[feature];
                var error = (labels[example] ? 1 : 0) - (1 / (1 + Math.Exp(-sum)));
                loss -= Math.Log(Math.Max(1e-12, 1 - Math.Abs(error)));
                foreach (var feature in features[example])
                {
                    var gradient = error - (Decay * labels.Count * weights[feature] / 100);
                    squares[feature] += gradient * gradient;
                    weights[feature] += Rate * gradient / Math.Sqrt(squares[feature] + 1e-3);
                }
            }

            progress?.Invoke($"epoch {epoch + 1}: loss {loss / labels.Count:F5}");
        }
#pragma warning restore CA5394

        return new BoundaryModel(Array.ConvertAll(
            weights, weight => (sbyte)Math.Clamp(Math.Round(weight * BoundaryModel.Scale), sbyte.MinValue, sbyte.MaxValue)));
    }

    private static void Collect(ConlluDocument document, List<uint[]> features, List<bool> labels)
    {
        var text = document.Text.Text;
        var ends = document.Sentences.Select(sentence => sentence.Span.End).ToHashSet();
        Span<uint> buffer = stackalloc uint[BoundaryCursor.FeatureCount];
        foreach (var block in document.Text.Blocks)
        {
            var tokens = new TokenBuffer(block.Span.Length);
            TokenScanner.Scan(text, block.Span, ref tokens);
            var cursor = new BoundaryCursor(text, tokens.Written, 0);
            while (cursor.MoveNext())
            {
                var count = cursor.Features(buffer);
                var isEnd = ends.Contains(tokens[cursor.Position].End);
                features.Add(Array.ConvertAll(buffer[..count].ToArray(), hash => hash & (BoundaryModel.Size - 1)));
                labels.Add(isEnd);
                if (isEnd)
                    cursor.EndSentence();
            }

            tokens.Dispose();
        }
    }
}
