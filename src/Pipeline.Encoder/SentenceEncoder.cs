using Microsoft.ML.OnnxRuntime;
using Pipeline.Classifying;
using Pipeline.Segmenting;

namespace Pipeline.SentenceEncoding;

/// <summary>
/// A small transformer (MiniLM, Wang et al. 2020) fine-tuned to tell roles, run by ONNX Runtime on one thread a call. Safe to share
/// between threads. The same article gives the same numbers on one kind of processor with one version of the runtime; another
/// processor may sum in another order, and the last digits differ.
/// </summary>
public sealed class SentenceEncoder : ISentenceEncoder, IDisposable
{
    private const int MostTogether = 8;

    private readonly EncoderFile file;
    private readonly InferenceSession session;
    private readonly ArticleWindows windows;

    private SentenceEncoder(EncoderFile file)
    {
        this.file = file;
        windows = new ArticleWindows(new WordPieces(file.Vocabulary));
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        session = new InferenceSession(file.Graph, options);
    }

    /// <inheritdoc/>
    public int Width => file.HiddenBias.Length;

    /// <inheritdoc/>
    public string Sha256 => file.Sha256;

    /// <inheritdoc/>
    public ReadOnlySpan<ulong> SeenArticles => file.SeenArticles;

    /// <summary>Loads an encoder that <c>finetune.py</c> wrote.</summary>
    /// <exception cref="UserFileException">The file is missing, damaged or no encoder.</exception>
    public static SentenceEncoder Load(string path)
    {
        var file = EncoderFile.Read(path);
        try
        {
            return new SentenceEncoder(file);
        }
        catch (Exception e) when (e is OnnxRuntimeException or InvalidDataException)
        {
            throw new UserFileException(path, 0, $"the encoder's graph cannot be used ({e.Message}); copy the file that comes with the program again", e);
        }
    }

    /// <inheritdoc/>
    public float[] Encode(SegmentedArticle article)
    {
        var count = article.Sentences.Count;
        var vectors = new float[count * Width];
        if (count == 0)
            return vectors;
        // A sentence that stands in two windows is taken from the one in which it stands further from an edge.
        var inside = new float[count];
        Array.Fill(inside, -1);
        var all = windows.Cut(article);
        all.Sort((a, b) => a.Pieces.Length != b.Pieces.Length ? a.Pieces.Length.CompareTo(b.Pieces.Length) : a.First.CompareTo(b.First));
        for (var i = 0; i < all.Count; i += MostTogether)
            Read(article, all.GetRange(i, Math.Min(MostTogether, all.Count - i)), inside, vectors);
        return vectors;
    }

    /// <summary>Gives the graph's memory back.</summary>
    public void Dispose() => session.Dispose();

    private void Read(SegmentedArticle article, List<Window> together, float[] inside, float[] vectors)
    {
        var length = together.Max(w => w.Pieces.Length);
        var ids = new long[together.Count * length];
        var attention = new long[ids.Length];
        for (var b = 0; b < together.Count; b++)
        {
            for (var i = 0; i < together[b].Pieces.Length; i++)
            {
                ids[(b * length) + i] = together[b].Pieces[i];
                attention[(b * length) + i] = 1;
            }
        }

        long[] shape = [together.Count, length];
        using var idValue = OrtValue.CreateTensorValueFromMemory(ids, shape);
        using var attentionValue = OrtValue.CreateTensorValueFromMemory(attention, shape);
        using var segments = OrtValue.CreateTensorValueFromMemory(new long[ids.Length], shape);
        using var run = new RunOptions();
        using var outputs = session.Run(
            run, ["input_ids", "attention_mask", "token_type_ids"], [idValue, attentionValue, segments], ["last_hidden_state"]);
        var states = outputs[0].GetTensorDataAsSpan<float>();
        var size = states.Length / ids.Length;
        var count = article.Sentences.Count;
        var titled = ArticleWindows.HasTitle(article);
        var input = new float[(2 * size) + EncoderFile.PositionNumbers];
        for (var b = 0; b < together.Count; b++)
        {
            var window = together[b];
            for (var s = window.First; s < window.End; s++)
            {
                var left = window.First == 0 ? 99 : s - window.First;
                var right = window.End == count ? 99 : window.End - 1 - s;
                var depth = Math.Min(left, right) + (0.01f * Math.Max(left, right));
                if (depth <= inside[s])
                    continue;
                inside[s] = depth;
                var (start, separator) = window.Spans[s - window.First];
                Pool(states.Slice(b * length * size, length * size), size, start, separator, input);
                Place(s, count, titled, input.AsSpan(2 * size));
                Hidden(input, vectors.AsSpan(s * Width, Width));
            }
        }
    }

    /// <summary>The state of the sentence's [SEP] and the mean of its pieces' states.</summary>
    private static void Pool(ReadOnlySpan<float> states, int size, int start, int separator, Span<float> into)
    {
        states.Slice(separator * size, size).CopyTo(into);
        var mean = into.Slice(size, size);
        mean.Clear();
        for (var i = start; i < separator; i++)
        {
            for (var j = 0; j < size; j++)
                mean[j] += states[(i * size) + j];
        }

        for (var j = 0; j < size; j++)
            mean[j] /= Math.Max(1, separator - start);
    }

    /// <summary>Where the sentence stands, counted in sentences from the article's ends, and whether there is a title.</summary>
    private static void Place(int sentence, int count, bool titled, Span<float> into)
    {
        into[0] = 0;
        into[1] = sentence == 0 ? 1 : 0;
        into[2] = sentence == count - 1 ? 1 : 0;
        into[3] = Math.Min(count, 60) / 60f;
        into[4] = sentence < 3 ? 1 : 0;
        into[5] = Math.Min(sentence, 20) / 20f;
        into[6] = Math.Min(count - 1 - sentence, 20) / 20f;
        into[7] = titled ? 0 : 1;
    }

    private void Hidden(ReadOnlySpan<float> input, Span<float> vector)
    {
        for (var j = 0; j < vector.Length; j++)
        {
            var row = file.Hidden.AsSpan(j * input.Length, input.Length);
            var sum = file.HiddenBias[j];
            for (var i = 0; i < input.Length; i++)
                sum += row[i] * input[i];
            vector[j] = MathF.Tanh(sum);
        }
    }
}
