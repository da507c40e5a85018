using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Pipeline.Classifying;
using Pipeline.Cleaning;
using Pipeline.Dates;
using Pipeline.Entities;
using Pipeline.Segmenting;

namespace Pipeline.Benchmarks;

/// <summary>The main job, from a file of JSON lines to the CSV of the contract, models loaded.</summary>
[MemoryDiagnoser]
public class EndToEndBenchmarks
{
    private readonly ArticlePipeline pipeline = new(
        new ArticleCleaner(), new Segmenter(), RoleClassifier.Load(Path.Combine(Corpus.Models, "roles.model")),
        EntityRecognizer.Load(Path.Combine(Corpus.Models, "entities.model")), new DateResolver());

    private string folder = "";

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        folder = Directory.CreateTempSubdirectory("pipeline-benchmark-").FullName;
        File.WriteAllLines(
            Path.Combine(folder, "in.jsonl"),
            Corpus.Articles.Select(article => JsonSerializer.Serialize(new { id = article.Source, text = article.Content })));
    }

    [GlobalCleanup]
    public void Clean() => Directory.Delete(folder, recursive: true);

    /// <summary>Returns the number of tokens.</summary>
    [Benchmark]
    public long Extract()
    {
        var options = new ExtractOptions
        {
            Paths = [Path.Combine(folder, "in.jsonl")],
            Out = Path.Combine(folder, "out"),
            Overwrite = true,
            Threads = Threads,
        };
        return new ExtractRun(pipeline, [], options, "0", TimeProvider.System).ToFolder(() => Stream.Null, null, default).Tokens;
    }
}
