using Pipeline.Classifying;
using Pipeline.Segmenting;

namespace Pipeline.Training;

/// <summary>
/// Trains one member of <see cref="ContextNet"/>, article by article, by AdaGrad (Duchi et al. 2011) with features and units
/// dropped at random (Srivastava et al. 2014). The random numbers depend on the seed only.
/// </summary>
internal sealed class ContextNetTrainer
{
    private const int Width = NetLayers.Width;
    private const int Hidden = NetLayers.Hidden;
    private const float DroppedFeatures = 0.6f;
    private const float DroppedUnits = 0.2f;
    private const float LearningRate = 0.05f;

    // So many articles' sentences in all; large sets are seen less often.
    private const long Sentences = 400_000;
    private const int MostPasses = 8;
    private const int FewestPasses = 3;

    private readonly int labels;
    private readonly FeatureTable table;
    private readonly int[] rowOf;
    private readonly float[] vectors;
    private readonly float[] vectorSums;
    private readonly NetLayers layers;
    private readonly NetLayers sums;
    private readonly NetLayers gradient;
    private readonly NetPass pass = new();
    private uint random;

    // The state of one article.
    private float[][] kept = [];
    private float[] keptUnits = [];
    private float[] keptHidden = [];
    private float[] encodedError = [];
    private float[] paragraphError = [];
    private readonly float[] articleError = new float[Width];
    private readonly float[] hiddenError = new float[Hidden];
    private float[] labelError = [];

    private ContextNetTrainer(FeatureTable table, int[] rowOf, int rows, int labels, uint seed)
    {
        this.labels = labels;
        this.table = table;
        this.rowOf = rowOf;
        vectors = new float[rows * Width];
        vectorSums = new float[rows];
        layers = new NetLayers(labels);
        sums = new NetLayers(labels);
        gradient = new NetLayers(labels);
        random = (seed * 2654435761) + 12345;
        Fill(vectors, 0.1f);
        Fill(layers.Context, 0.15f);
        Fill(layers.FromHidden, 0.2f);
        Fill(layers.FromEncoded, 0.2f);
        Fill(layers.Place, 0.1f);
    }

    /// <summary>One article: its first row in the table and the share of each label that the net should answer.</summary>
    internal sealed record Example(int Start, NetLayout Layout, float[] Targets, float[] Weights);

    /// <summary>A trained member: for each of the table's columns that it uses a vector, and the layers.</summary>
    internal sealed record Member(float[] Vectors, NetLayers Layers);

    /// <summary>The columns of the table that the nets use get rows, in order; the others -1.</summary>
    public static (int[] RowOf, int Rows) Choose(FeatureTable table, int fewestArticles)
    {
        var rows = 0;
        var rowOf = new int[table.Keys.Length];
        for (var c = 0; c < rowOf.Length; c++)
            rowOf[c] = (table.Families[c] & ContextNet.Families) != 0 && table.Articles[c] >= fewestArticles ? rows++ : -1;
        return (rowOf, rows);
    }

    public static Example See(SegmentedArticle article, int start, float[] targets, int labels, float weight, IReadOnlyList<float> weights, ArticleScan scan)
    {
        scan.Load(article, CueLexicon.Default);
        var all = new float[targets.Length / labels];
        for (var s = 0; s < all.Length; s++)
            all[s] = weight * (weights.Count > 0 ? weights[s] : 1);
        var layout = new NetLayout();
        layout.Load(scan);
        return new Example(start, layout, targets, all);
    }

    public static Member Train(FeatureTable table, int[] rowOf, int rows, IReadOnlyList<Example> examples, int labels, uint seed, CancellationToken stop = default)
    {
        var trainer = new ContextNetTrainer(table, rowOf, rows, labels, seed);
        var order = Enumerable.Range(0, examples.Count).ToArray();
        var sentences = examples.Sum(e => (long)e.Weights.Length);
        var passes = (int)Math.Clamp(Sentences / Math.Max(sentences, 1), FewestPasses, MostPasses);
        for (var p = 0; p < passes; p++)
        {
            stop.ThrowIfCancellationRequested();
            for (var i = order.Length - 1; i > 0; i--)
            {
                var j = (int)(trainer.Draw() * (i + 1));
                (order[i], order[j]) = (order[j], order[i]);
            }

            var rate = LearningRate * (1 - ((float)p / passes));
            foreach (var i in order)
                trainer.Learn(examples[i], rate);
        }

        return new Member(trainer.vectors, trainer.layers);
    }

    /// <summary>Adds a member's probabilities for an article, each times the share.</summary>
    public static void AddAnswers(
        Member member, FeatureTable table, int[] rowOf, Example example, NetPass pass, int labels, double share, double[] answers)
    {
        var count = example.Weights.Length;
        pass.Prepare(count, labels);
        for (var t = 0; t < count; t++)
        {
            var columns = table.Columns[example.Start + t];
            var values = table.Values[example.Start + t];
            for (var i = 0; i < columns.Length; i++)
            {
                if (rowOf[columns[i]] is >= 0 and var row)
                    NetLayers.Add(values[i], member.Vectors.AsSpan(row * Width, Width), pass.Encoded(t));
            }
        }

        pass.Run(member.Layers, example.Layout);
        pass.AddAnswers(answers, share);
    }

    /// <summary>
    /// The members as one, with vectors for plain values. A vector keeps 127 steps of its largest number, as in the model file.
    /// </summary>
    public static ContextNet Join(IReadOnlyList<Member> members, FeatureTable table, int[] rowOf, int labels)
    {
        var width = members.Count * Width;
        var keys = new List<uint>();
        var steps = new List<float>();
        var joined = new List<sbyte>();
        var vector = new float[width];
        for (var c = 0; c < rowOf.Length; c++)
        {
            if (rowOf[c] < 0)
                continue;
            for (var m = 0; m < members.Count; m++)
            {
                for (var j = 0; j < Width; j++)
                    vector[(m * Width) + j] = members[m].Vectors[(rowOf[c] * Width) + j] * table.Scale[c];
            }

            keys.Add(table.Keys[c]);
            var step = ContextNet.StepOf(vector);
            steps.Add(step);
            foreach (var x in vector)
                joined.Add(ContextNet.StepsOf(x, step));
        }

        return new ContextNet(labels, [.. keys], [.. steps], [.. joined], [.. members.Select(m => m.Layers)]);
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0f;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private float Draw()
    {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        return (random >> 8) * (1f / (1 << 24));
    }

    private void Fill(float[] weights, float spread)
    {
        for (var i = 0; i < weights.Length; i++)
            weights[i] = spread * 1.73f * (Draw() + Draw() + Draw() + Draw() - 2);
    }

    private void Learn(Example example, float rate)
    {
        var count = example.Weights.Length;
        Room(count);
        foreach (var part in gradient.All)
            Array.Clear(part);
        Forward(example);
        for (var t = 0; t < count; t++)
            LearnAnswer(example, t);
        for (var t = 0; t < count; t++)
        {
            NetLayers.Add(1f / count, articleError, Of(encodedError, t));
            var length = example.Layout.Ends[t] - example.Layout.Starts[t];
            for (var s = example.Layout.Starts[t]; s < example.Layout.Ends[t]; s++)
                NetLayers.Add(1f / length, Of(paragraphError, s), Of(encodedError, t));
        }

        for (var t = 0; t < count; t++)
            LearnVectors(example, t, rate);
        var (weights, past, now) = (layers.All, sums.All, gradient.All);
        for (var part = 0; part < weights.Length; part++)
            Step(weights[part], past[part], now[part], rate);
    }

    private static Span<float> Of(float[] rows, int t) => rows.AsSpan(t * Width, Width);

    private void Room(int count)
    {
        pass.Prepare(count, labels);
        if (kept.Length < count)
        {
            kept = [.. kept, .. Enumerable.Range(0, (count * 2) - kept.Length).Select(_ => Array.Empty<float>())];
            keptUnits = new float[count * 2 * Width];
            keptHidden = new float[count * 2 * Hidden];
            encodedError = new float[count * 2 * Width];
            paragraphError = new float[count * 2 * Width];
        }

        if (labelError.Length < labels)
            labelError = new float[labels];
        encodedError.AsSpan(0, count * Width).Clear();
        paragraphError.AsSpan(0, count * Width).Clear();
        articleError.AsSpan().Clear();
    }

    private void Forward(Example example)
    {
        for (var t = 0; t < example.Weights.Length; t++)
        {
            var columns = table.Columns[example.Start + t];
            var values = table.Values[example.Start + t];
            if (kept[t].Length < columns.Length)
                kept[t] = new float[columns.Length * 2];
            var sum = pass.Encoded(t);
            layers.EncodedBias.CopyTo(sum);
            for (var i = 0; i < columns.Length; i++)
            {
                var row = rowOf[columns[i]];
                if (row < 0)
                    continue;
                var x = kept[t][i] = Draw() < DroppedFeatures ? 0 : values[i] / (1 - DroppedFeatures);
                if (x != 0)
                    NetLayers.Add(x, vectors.AsSpan(row * Width, Width), sum);
            }

            Drop(sum, keptUnits.AsSpan(t * Width, Width));
        }

        pass.See(layers, example.Layout);
        for (var t = 0; t < example.Weights.Length; t++)
            Drop(pass.HiddenOf(t), keptHidden.AsSpan(t * Hidden, Hidden));
        pass.Answer(layers);
    }

    private void Drop(Span<float> units, Span<float> factors)
    {
        for (var i = 0; i < units.Length; i++)
        {
            factors[i] = units[i] > 0 && Draw() >= DroppedUnits ? 1 / (1 - DroppedUnits) : 0;
            units[i] *= factors[i];
        }
    }

    private void LearnAnswer(Example example, int t)
    {
        var scores = pass.Scores(t);
        Span<double> parts = stackalloc double[labels];
        var (_, sum) = Softmax.Exponentials(scores, parts);
        var error = labelError.AsSpan(0, labels);
        for (var l = 0; l < labels; l++)
            error[l] = example.Weights[t] * ((float)(parts[l] / sum) - example.Targets[(t * labels) + l]);
        NetLayers.Add(1, error, gradient.LabelBias);
        var encoded = pass.Encoded(t);
        for (var j = 0; j < Width; j++)
        {
            if (encoded[j] == 0)
                continue;
            NetLayers.Add(encoded[j], error, gradient.FromEncoded.AsSpan(j * labels, labels));
            encodedError[(t * Width) + j] += Dot(error, layers.FromEncoded.AsSpan(j * labels, labels));
        }

        var hidden = pass.HiddenOf(t);
        for (var j = 0; j < Hidden; j++)
        {
            hiddenError[j] = 0;
            if (hidden[j] == 0)
                continue;
            NetLayers.Add(hidden[j], error, gradient.FromHidden.AsSpan(j * labels, labels));
            hiddenError[j] = Dot(error, layers.FromHidden.AsSpan(j * labels, labels)) * keptHidden[(t * Hidden) + j];
        }

        NetLayers.Add(1, hiddenError, gradient.HiddenBias);
        for (var block = 0; block < 5; block++)
        {
            var s = t + block - 2;
            if (s >= 0 && s < example.Weights.Length)
                LearnContext(block, pass.Encoded(s), Of(encodedError, s));
        }

        LearnContext(5, pass.ArticleMean, articleError);
        if (example.Layout.Ends[t] > example.Layout.Starts[t])
            LearnContext(6, pass.ParagraphMean(t), Of(paragraphError, t));
        for (var p = 0; p < NetLayout.Places; p++)
        {
            var x = example.Layout.Place[(t * NetLayout.Places) + p];
            if (x != 0)
                NetLayers.Add(x, hiddenError, gradient.Place.AsSpan(p * Hidden, Hidden));
        }
    }

    private void LearnContext(int block, ReadOnlySpan<float> from, Span<float> error)
    {
        for (var j = 0; j < Width; j++)
        {
            // What is off passes nothing on, and a mean is zero only where all are off.
            if (from[j] == 0)
                continue;
            var row = ((block * Width) + j) * Hidden;
            error[j] += Dot(hiddenError, layers.Context.AsSpan(row, Hidden));
            NetLayers.Add(from[j], hiddenError, gradient.Context.AsSpan(row, Hidden));
        }
    }

    private void LearnVectors(Example example, int t, float rate)
    {
        var error = Of(encodedError, t);
        var size = 0f;
        for (var j = 0; j < Width; j++)
        {
            error[j] *= keptUnits[(t * Width) + j];
            size += error[j] * error[j] / Width;
        }

        if (size == 0)
            return;
        NetLayers.Add(1, error, gradient.EncodedBias);
        var columns = table.Columns[example.Start + t];
        for (var i = 0; i < columns.Length; i++)
        {
            var row = rowOf[columns[i]];
            if (row < 0 || kept[t][i] == 0)
                continue;
            var x = kept[t][i];
            vectorSums[row] += size * x * x;
            NetLayers.Add(-rate * x / (MathF.Sqrt(vectorSums[row]) + 1e-4f), error, vectors.AsSpan(row * Width, Width));
        }
    }

    private static void Step(float[] weights, float[] past, float[] gradient, float rate)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            if (gradient[i] == 0)
                continue;
            past[i] += gradient[i] * gradient[i];
            weights[i] -= rate * gradient[i] / (MathF.Sqrt(past[i]) + 1e-4f);
        }
    }
}
