using System.Text.Json;
using BenchmarkDotNet.Running;
using Pipeline.Benchmarks;

// --texts FILE writes the texts that are measured, for the peers.
if (args is ["--texts", var file])
{
    File.WriteAllLines(file, Corpus.Articles.Select(article => JsonSerializer.Serialize(new { text = article.Content })));
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
