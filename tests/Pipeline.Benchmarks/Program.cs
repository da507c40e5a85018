using System.Text.Json;
using BenchmarkDotNet.Running;
using Pipeline.Benchmarks;

// --texts FILE writes the texts that are measured, for the peers.
if (args is ["--texts", var file])
{
    File.WriteAllLines(file, Corpus.Articles.Select(article => JsonSerializer.Serialize(new { text = article.Content })));
    return;
}

// --repeat N FOLDER writes N of the texts, altered, as JSON lines; --inspect FOLDER measures the page over an output of them.
if (args is ["--repeat", var count, var target])
{
    InspectMeasure.WriteTexts(target, int.Parse(count, System.Globalization.CultureInfo.InvariantCulture));
    return;
}

if (args is ["--inspect", var output])
{
    await InspectMeasure.RunAsync(output);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
