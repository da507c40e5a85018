using Pipeline.Evaluating;
using Pipeline.Segmenting;

namespace Pipeline.Training;

/// <summary>
/// Trains the tagger as an averaged perceptron (Collins 2002). Sentences go by in an order drawn from one seed: the
/// same treebanks give the same bytes.
/// </summary>
internal static class PosTrainer
{
    private const int Epochs = 8;
    private const int Rows = 1 << 18;
    private const int Seed = 20241111;

    /// <summary>Share of the weights, from the smallest, that must keep their size when all become bytes.</summary>
    private const double Kept = 0.9999;

    /// <summary>Trains on treebanks in CoNLL-U.</summary>
    /// <exception cref="UserFileException">A file cannot be read or is not CoNLL-U.</exception>
    public static PosModel Train(IReadOnlyList<string> paths, Action<string>? progress = null)
    {
        var sentences = paths.SelectMany(ReadSentences).ToArray();
        var weights = new int[Rows * PosModel.Columns];
        var totals = new long[weights.Length];
        var changed = new int[weights.Length];
        var longest = sentences.Max(sentence => sentence.Tokens.Length);
        var seen = new PosFeatures(new uint[longest], new uint[longest], new byte[longest]);
        Span<uint> features = stackalloc uint[PosFeatures.Count];
        var now = 0;

        void Change(uint feature, int column, int by)
        {
            var cell = (int)((feature & (Rows - 1)) * PosModel.Columns) + column;
            totals[cell] += (long)weights[cell] * (now - changed[cell]);
            changed[cell] = now;
            weights[cell] += by;
        }

#pragma warning disable CA5394 // no secret: the order of the examples
        var random = new Random(Seed);
        for (var epoch = 1; epoch <= Epochs; epoch++)
        {
            random.Shuffle(sentences);
            var right = 0;
            var all = 0;
            foreach (var (text, tokens, gold) in sentences)
            {
                seen.Read(text, tokens);
                var (tag1, tag2) = (PosModel.Columns, PosModel.Columns);
                for (var i = 0; i < tokens.Length; i++)
                {
                    now++;
                    seen.Fill(i, tokens.Length, (uint)tag1, (uint)tag2, features);
                    var found = Best(weights, features);
                    if (found != gold[i])
                    {
                        foreach (var feature in features)
                        {
                            Change(feature, gold[i], 1);
                            Change(feature, found, -1);
                        }
                    }

                    all++;
                    right += found == gold[i] ? 1 : 0;
                    (tag1, tag2) = (found, tag1);
                }
            }

            progress?.Invoke(FormattableString.Invariant($"epoch {epoch} of {Epochs}: {100.0 * right / all:F2}% right in training"));
        }
#pragma warning restore CA5394

        for (var cell = 0; cell < weights.Length; cell++)
            totals[cell] += (long)weights[cell] * (now - changed[cell]);
        return new PosModel(Quantize(totals));
    }

    private static int Best(int[] weights, ReadOnlySpan<uint> features)
    {
        Span<int> sums = stackalloc int[PosModel.Columns];
        foreach (var feature in features)
        {
            var row = weights.AsSpan((int)((feature & (Rows - 1)) * PosModel.Columns), PosModel.Columns);
            for (var i = 0; i < row.Length; i++)
                sums[i] += row[i];
        }

        var best = 0;
        for (var i = 1; i < sums.Length; i++)
        {
            if (sums[i] > sums[best])
                best = i;
        }

        return best;
    }

    private static sbyte[] Quantize(long[] totals)
    {
        var sizes = Array.FindAll(totals, total => total != 0);
        for (var i = 0; i < sizes.Length; i++)
            sizes[i] = Math.Abs(sizes[i]);
        Array.Sort(sizes);
        var largest = sizes.Length == 0 ? 1 : sizes[(int)((sizes.Length - 1) * Kept)];
        return Array.ConvertAll(
            totals, total => (sbyte)Math.Clamp(Math.Round((double)total / largest * sbyte.MaxValue), -sbyte.MaxValue, sbyte.MaxValue));
    }

    private static IEnumerable<(string Text, Token[] Tokens, int[] Columns)> ReadSentences(string path)
    {
        foreach (var document in ConlluFile.Read(path))
        {
            foreach (var sentence in document.Sentences)
            {
                var tokens = sentence.Words.Select(word => new Token(word.Span.Start, word.Span.End)).ToArray();
                var columns = sentence.Words.Select(word => PosModel.ColumnOf(TagOf(path, word))).ToArray();
                yield return (document.Text.Text, tokens, columns);
            }
        }
    }

    private static Upos TagOf(string path, ConlluWord word) =>
        Enum.TryParse<Upos>(word.Tag, ignoreCase: true, out var tag) && !char.IsDigit(word.Tag[0])
            ? tag
            : throw new UserFileException(path, word.Line, $"found the tag \"{word.Tag}\", expected a universal part of speech such as NOUN");
}
