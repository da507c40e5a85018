using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Pipeline.Benchmarks;

/// <summary>What people wait for at <c>pipeline inspect</c>: the start, each kind of filter, and the memory that the process takes.</summary>
internal static partial class InspectMeasure
{
    private const int Feeds = 12;
    private const int Times = 5;

    private static readonly string[] Filters =
    [
        "sentences?role=motivation", "sentences?role=motivation&year=2024", "sentences?q=sanctions", "sentences?q=the", "sentences?q=zzqqxx",
        "sentences?q=police&role=implication&year=2020&sort=-confidence", "sentences?q=the&role=context&sort=text", "sentences?confidence=under+40%25",
        "sentences?sort=text", "sentences?sort=-text&page=9000", "sentences?sort=-date&role=context", "sentences?sort=confidence&page=9000", "sentences?page=20000",
        "sentences?source=feed-03.jsonl", "sentences?corrected=yes",
        "entities?type=PERSON", "entities?country=USA&year=2020", "entities?q=york", "entities?name=United+States", "entities?sort=canonical",
        "entities?sort=-confidence&type=GPE", "entities?q=a&sort=country&page=500", "dates?type=DURATION", "dates?spans=2020", "dates?q=monday", "dates?sort=-earliest",
        "dates?sort=text&page=4000", "articles?country=USA", "articles?role=context&q=police", "articles?sort=-sentences", "articles?year=2020&country=USA&country=GBR",
    ];

    private static readonly string[] Views = ["", "sentences", "entities", "dates", "articles", "entity?name=United+States", "review"];

    /// <summary>Writes articles of the corpus, again and again, each time with other numbers, names of months, and words in other places.</summary>
    public static void WriteTexts(string folder, int articles)
    {
        Directory.CreateDirectory(folder);
        var feeds = Enumerable.Range(0, Feeds).Select(i => new StreamWriter(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"feed-{i:00}.jsonl")))).ToList();
        var random = new Random(7);
        for (var i = 0; i < articles; i++)
        {
            var text = Corpus.Articles[i % Corpus.Articles.Count].Content;
            text = Number().Replace(text, match => random.Next(2, match.Length < 4 ? 99 : 2024).ToString(CultureInfo.InvariantCulture));
            text = LowerWord().Replace(text, match => random.Next(25) == 0 ? match.Value + "s" : match.Value);
            var date = new DateOnly(2012, 1, 1).AddDays(random.Next(13 * 365));
            feeds[random.Next(Feeds)].WriteLine(JsonSerializer.Serialize(new { id = i, title = $"Article {i}", date = date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), text }));
        }

        feeds.ForEach(feed => feed.Dispose());
    }

    /// <summary>Starts the program as people do and asks for each view and filter.</summary>
    public static async Task RunAsync(string folder)
    {
        var program = Path.Combine(Corpus.Root, "src", "Pipeline.Cli", "bin", "Release", "net10.0", "pipeline.dll");
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "inspect", folder, "--no-open", "--port", "0"]) { RedirectStandardOutput = true })!;
        try
        {
            var address = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("pipeline inspect has not started");
            Say($"address printed                   {clock.ElapsedMilliseconds,6} ms");
            using var client = new HttpClient { BaseAddress = new Uri(new Uri(address).GetLeftPart(UriPartial.Authority)), Timeout = TimeSpan.FromMinutes(5) };
            await client.GetStringAsync(address);
            await Ask("");
            Say($"overview, first bytes to last     {clock.ElapsedMilliseconds,6} ms after the start");
            await Ask("sentences");
            Say($"sentences, while tables are read  {clock.ElapsedMilliseconds,6} ms after the start");
            while (!(await client.GetStringAsync("articles?sort=-sentences")).Contains("c-title", StringComparison.Ordinal))
                await Task.Delay(100);
            Say($"all tables read                   {clock.ElapsedMilliseconds,6} ms after the start, {process.TotalProcessorTime.TotalSeconds:0.0} s of processor time; memory at most {Peak()} MB");
            var articles = await client.GetStringAsync("articles?sort=-sentences");
            foreach (var view in Views.Append(ArticleLink().Match(articles).Groups[1].Value))
                await Measure(view);
            var filters = new List<double>();
            foreach (var filter in Filters)
                filters.Add(await Measure(filter));
            process.Refresh();
            Say($"filters: median {Median(filters):0} ms, worst {filters.Max():0} ms; memory {process.WorkingSet64 / 1_000_000} MB, at most {process.PeakWorkingSet64 / 1_000_000} MB");

            long Peak()
            {
                process.Refresh();
                return process.PeakWorkingSet64 / 1_000_000;
            }

            async Task<double> Ask(string path)
            {
                var watch = Stopwatch.StartNew();
                using var response = await client.GetAsync(path);
                await response.Content.ReadAsByteArrayAsync();
                return response.StatusCode == HttpStatusCode.OK ? watch.Elapsed.TotalMilliseconds : throw new InvalidOperationException($"{path}: {response.StatusCode}");
            }

            async Task<double> Measure(string path)
            {
                var first = await Ask(path);
                process.Refresh();
                var processor = process.TotalProcessorTime;
                var times = new List<double>();
                for (var i = 0; i < Times; i++)
                    times.Add(await Ask(path));
                process.Refresh();
                Say($"{Median(times),6:0} ms (first {first,5:0}, worst {times.Max(),5:0}, processor {(process.TotalProcessorTime - processor).TotalMilliseconds / Times,5:0})  /{path}");
                return Median(times);
            }
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\b[0-9]{1,4}\b", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex("href=\"(article/[^\"]+)\"", RegexOptions.CultureInvariant)]
    private static partial Regex ArticleLink();

    [GeneratedRegex(@"\b[a-z]{4,}\b", RegexOptions.CultureInvariant)]
    private static partial Regex LowerWord();
}
