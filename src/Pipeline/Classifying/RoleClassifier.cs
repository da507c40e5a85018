using Pipeline.Segmenting;

namespace Pipeline.Classifying;

/// <summary>Gives each sentence of an article its role. Safe to share between threads; never throws on article content.</summary>
public sealed class RoleClassifier
{
    private const int MostOnOwnThread = 10_000;

    [ThreadStatic]
    private static ArticleScan? scratch;

    [ThreadStatic]
    private static double[]? logs;

    private readonly RoleModel model;
    private readonly ISentenceEncoder? encoder;

    internal RoleClassifier(RoleModel model, ISentenceEncoder? encoder = null)
    {
        this.model = model;
        this.encoder = model.Head is null ? null : encoder;
    }

    /// <summary>The labels that the model knows, in ordinal order.</summary>
    public IReadOnlyList<string> Labels => model.Labels;

    internal RoleModel Model => model;

    /// <summary>Loads a model written by <c>pipeline train roles</c>.</summary>
    /// <exception cref="UserFileException">The file is missing or no role model.</exception>
    public static RoleClassifier Load(string path) => Load(path, null);

    /// <summary>Loads a model written by <c>pipeline train roles</c>, with the encoder that an accurate one reads by.</summary>
    /// <param name="path">The model.</param>
    /// <param name="encoderOf">Gives the encoder, and is asked only if the model needs one.</param>
    /// <exception cref="UserFileException">The file is missing or no role model, or needs an encoder that is not at hand.</exception>
    public static RoleClassifier Load(string path, Func<ISentenceEncoder>? encoderOf)
    {
        var model = RoleModelFile.Read(path);
        if (model.Head is null)
            return new RoleClassifier(model);
        var encoder = encoderOf?.Invoke()
            ?? throw new UserFileException(path, 0, "this role model was trained with --accurate and needs its encoder; use it with --accurate");
        return encoder.Sha256 == model.Head.EncoderSha256 && encoder.Width == model.Head.Width
            ? new RoleClassifier(model, encoder)
            : throw new UserFileException(path, 0, $"this role model was trained with another encoder ({model.Head.EncoderSha256[..12]}…, at hand is {encoder.Sha256[..12]}…); put that encoder.model beside it, or train it again with --accurate");
    }

    /// <summary>Classifies all sentences of an article; the result has one entry a sentence.</summary>
    public IReadOnlyList<RoledSentence> Classify(SegmentedArticle article) => Classify(article, explain: false);

    /// <summary>Classifies all sentences of an article; the result has one entry a sentence.</summary>
    /// <param name="article">The article.</param>
    /// <param name="explain">Whether to tell why, in words.</param>
    public IReadOnlyList<RoledSentence> Classify(SegmentedArticle article, bool explain)
    {
        // The working memory of a book goes with its thread.
        return article.Sentences.Count <= MostOnOwnThread
            ? ClassifyHere(article, explain)
            : Task.Factory.StartNew(() => ClassifyHere(article, explain), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                .GetAwaiter().GetResult();
    }

    private RoledSentence[] ClassifyHere(SegmentedArticle article, bool explain)
    {
        var count = article.Sentences.Count;
        if (count == 0)
            return [];
        var labels = model.Labels.Count;
        var scan = scratch ??= new ArticleScan();
        scan.Load(article, CueLexicon.Default);
        logs ??= [];
        var logProbabilities = NetPass.Room(ref logs, count * labels);
        model.Score(scan, logProbabilities);
        if (encoder is not null)
            model.Head!.Mix(encoder.Encode(article), logProbabilities);
        var marginals = new double[count * labels];
        model.Sequence.Decode(logProbabilities, scan, marginals);
        var roles = new RoledSentence[count];
        for (var s = 0; s < count; s++)
        {
            var best = Best(marginals.AsSpan(s * labels, labels));
            var why = explain ? RoleReasons.Tell(model, scan, s, best, marginals.AsSpan(s * labels, labels)) : null;
            roles[s] = new RoledSentence(
                model.Labels[best], marginals[(s * labels) + best], new ArraySegment<double>(marginals, s * labels, labels), why);
        }

        return roles;
    }

    internal static int Best(ReadOnlySpan<double> probabilities)
    {
        var best = 0;
        for (var l = 1; l < probabilities.Length; l++)
        {
            if (probabilities[l] > probabilities[best])
                best = l;
        }

        return best;
    }
}
