using BenchmarkDotNet.Attributes;
using Pipeline.Classifying;
using Pipeline.Cleaning;
using Pipeline.Dates;
using Pipeline.Entities;
using Pipeline.Segmenting;
using Pipeline.Writing;

namespace Pipeline.Benchmarks;

/// <summary>Each stage alone over the whole corpus, on one thread, with its allocations.</summary>
[MemoryDiagnoser]
public class StageBenchmarks : IDisposable
{
    private readonly ArticleCleaner cleaner = new();
    private readonly Segmenter segmenter = new();
    private readonly RoleClassifier roles = RoleClassifier.Load(Path.Combine(Corpus.Models, "roles.model"));
    private readonly EntityRecognizer entities = EntityRecognizer.Load(Path.Combine(Corpus.Models, "entities.model"));
    private readonly DateResolver dates = new();
    private readonly ArticleRows rows = new(withTokens: false, withWhy: false);
    private ArticleText[] texts = [];
    private SegmentedArticle[] segmented = [];
    private ArticleResult[] results = [];

    [GlobalSetup]
    public void Prepare()
    {
        texts = [.. Corpus.Articles.Select(cleaner.Clean)];
        segmented = [.. texts.Select(segmenter.Segment)];
        results = [.. segmented.Select(article => new ArticleResult(
            article, roles.Classify(article), entities.Recognize(article), dates.Resolve(article, article.Article.Date)))];
        Console.WriteLine($"// {texts.Length} articles, {texts.Sum(text => text.Text.Length)} characters, {segmented.Sum(article => article.Tokens.Length)} tokens");
    }

    [GlobalCleanup]
    public void Dispose()
    {
        rows.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public int Cleaning() => Corpus.Articles.Sum(article => cleaner.Clean(article).Blocks.Count);

    [Benchmark]
    public int Segmenting() => texts.Sum(text => segmenter.Segment(text).Sentences.Count);

    [Benchmark]
    public int Classifying() => segmented.Sum(article => roles.Classify(article).Count);

    [Benchmark]
    public int Entities() => segmented.Sum(article => entities.Recognize(article).Count);

    [Benchmark]
    public int Dates() => segmented.Sum(article => dates.Resolve(article, article.Article.Date).Count);

    [Benchmark]
    public int Writing() => results.Sum(result =>
    {
        rows.Format(result);
        return rows.Sentences.Length;
    });
}
