using Pipeline.Evaluating;
using Pipeline.Segmenting;

namespace Pipeline.Training;

/// <summary>
/// Trains the sentence boundary model by stochastic gradient descent with AdaGrad (Duchi et al. 2011) on the logistic
/// loss. One order, one seed: the same treebanks give the same weights.
/// </summary>
internal static class BoundaryTrainer
{
    private const int Epochs = 10;

    // The weights after this epoch and each later one are averaged.
    private const int FirstAveraged = 2;

    private const double Rate = 0.05;
    private const double Damping = 0.03;
    private const int Folds = 10;
    private const int Seed = 20241111;

    /// <summary>Trains on treebanks in CoNLL-U.</summary>
    /// <exception cref="UserFileException">A file cannot be read or is not CoNLL-U.</exception>
    public static BoundaryModel Train(IReadOnlyList<string> paths, Action<string>? progress = null)
    {
        var features = new List<uint[]>();
        var labels = new List<bool>();
        var documents = paths.SelectMany(ConlluFile.Read).ToList();
        var casing = CountCasing(documents);
        for (var fold = 0; fold < Folds; fold++)
        {
            // A word must not know its own case from the very place that is learned.
            var others = CountCasing(documents.Where((_, i) => i % Folds != fold));
            foreach (var document in documents.Where((_, i) => i % Folds == fold))
                Collect(document, others, features, labels);
        }

        progress?.Invoke($"{labels.Count} positions, {labels.Count(label => label)} ends");
        var order = Enumerable.Range(0, labels.Count).ToArray();
#pragma warning disable CA5394 // no secret: the order of the examples
        var random = new Random(Seed);
        var weights = new double[BoundaryModel.Size];
        var sums = new double[BoundaryModel.Size];
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
                    squares[feature] += error * error;
                    weights[feature] += Rate * error / Math.Sqrt(squares[feature] + Damping);
                }
            }

            if (epoch >= FirstAveraged)
            {
                for (var i = 0; i < weights.Length; i++)
                    sums[i] += weights[i] / (Epochs - FirstAveraged);
            }

            progress?.Invoke($"epoch {epoch + 1}: loss {loss / labels.Count:F5}");
        }
#pragma warning restore CA5394

        return new BoundaryModel(Array.ConvertAll(
            sums, weight => (sbyte)Math.Clamp(Math.Round(weight * BoundaryModel.Scale), sbyte.MinValue, sbyte.MaxValue)), casing);
    }

    private static WordCasing CountCasing(IEnumerable<ConlluDocument> documents)
    {
        var counter = new WordCasing.Counter();
        foreach (var document in documents)
        {
            foreach (var sentence in document.Sentences)
            {
                foreach (var word in sentence.Words.Skip(1))
                {
                    var letters = word.Span.In(document.Text.Text);
                    if (CharTable.IsLetter(letters[0]))
                        counter.Add(BoundaryCursor.HashOf(letters), CharTable.Of(letters[0]) == CharClass.Upper);
                }
            }
        }

        return counter.Finish();
    }

    private static void Collect(ConlluDocument document, WordCasing casing, List<uint[]> features, List<bool> labels)
    {
        var text = document.Text.Text;
        var ends = document.Sentences.Select(sentence => sentence.Span.End).ToHashSet();
        var looseness = BoundaryCursor.LoosenessOf(text, document.Text.Blocks);
        Span<uint> buffer = stackalloc uint[BoundaryCursor.FeatureCount];
        foreach (var block in document.Text.Blocks)
        {
            var tokens = new TokenBuffer(block.Span.Length);
            TokenScanner.Scan(text, block.Span, ref tokens);
            var cursor = new BoundaryCursor(text, tokens.Written, 0, looseness, casing);
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
