using System.Collections.Concurrent;
using Pipeline.Cleaning;
using Pipeline.Reading;
using Pipeline.Writing;

namespace Pipeline;

/// <summary>
/// The main job: inputs in, tables out. Articles go through in parallel, rows come out in input order; a run that was
/// interrupted goes on with <see cref="ExtractOptions.Resume"/> and ends with the same bytes.
/// </summary>
/// <param name="pipeline">The stages.</param>
/// <param name="models">The models that the stages were loaded from, for the report.</param>
/// <param name="options">What to do.</param>
/// <param name="version">The program's version, for the report.</param>
/// <param name="clock">Measures the run for the report.</param>
public sealed class ExtractRun(
    ArticlePipeline pipeline, IReadOnlyList<ModelFile> models, ExtractOptions options, string version, TimeProvider clock)
{
    private const int ArticlesBetweenCheckpoints = 500;
    private readonly ArticleReader reader = new(options.Reading);
    private readonly string fingerprint = RunReport.Fingerprint(options, models, version);
    private readonly Seen seen = new();

    /// <summary>Whether a complete output in a folder is just what this run would write there, as far as options and models tell.</summary>
    public bool IsDone(string folder) => OutputFolder.FingerprintOf(folder) == fingerprint;

    /// <summary>Fills the output folder.</summary>
    /// <param name="standardInput">Opens the stream behind <c>-</c>.</param>
    /// <param name="progress">Told after every input, on the calling thread.</param>
    /// <param name="cancellation">Stops the run; what is done is kept for <see cref="ExtractOptions.Resume"/>.</param>
    /// <exception cref="UserFileException">The output cannot be written, or the input is not the one that was interrupted.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public RunCounts ToFolder(Func<Stream> standardInput, Action<ExtractProgress>? progress, CancellationToken cancellation)
    {
        var start = clock.GetTimestamp();
        var folder = options.Out!;
        var tables = OutputTables.For(pipeline.RoleLabels, options.Tokens, options.Explain).ToList();
        if (options.Shard.Count > 1)
            tables.Add(ShardOrder.Table);

        var resumed = options.Resume && OutputFolder.StateOf(folder) == OutputState.Interrupted;
        var (output, checkpoint) = resumed
            ? OutputFolder.Continue(folder)
            : (OutputFolder.Begin(folder, tables), new Checkpoint(fingerprint, 0, 0, [], new RunCounts()));
        using (output)
        {
            if (checkpoint.Fingerprint != fingerprint)
                throw new UserFileException(folder, 0, "the interrupted run there had other options, models or version; repeat its options, or begin anew with --overwrite");
            if (resumed)
                seen.Recall(output.PathOf(OutputTables.Articles));

            var counts = checkpoint.Counts;
            using var rows = new ArticleRows(options.Tokens, options.Explain);
            var (position, inputHash, bytes) = (checkpoint.Position, checkpoint.InputHash, 0L);
            void Save() => output.Save(fingerprint, position, inputHash, counts);

            Save();
            try
            {
                Run(standardInput, checkpoint, new WorkerRows(options), () => { }, done =>
                {
                    Append(output, rows, counts, done);
                    (position, inputHash, bytes) = (done.Record.Position + 1, done.InputHash, bytes + done.Record.Bytes);
                    if (position % ArticlesBetweenCheckpoints == 0)
                        Save();
                    progress?.Invoke(new ExtractProgress(counts.Inputs, counts.Errors, counts.Tokens, bytes));
                }, cancellation);
            }
            catch (OperationCanceledException)
            {
                Save();
                throw;
            }

            var report = RunReport.Write(options, models, version, fingerprint, pipeline.RoleLabels, counts, clock.GetElapsedTime(start));
            output.Complete(options.Format, tables, DataPackage.Describe(tables, options.Format, version), report);
            return counts;
        }
    }

    /// <summary>Writes one JSON object an input to a stream, each as soon as it and all before it are done.</summary>
    /// <param name="target">Where to; it is flushed whenever no more is ready, and left open.</param>
    /// <param name="standardInput">Opens the stream behind <c>-</c>.</param>
    /// <param name="progress">Told after every input, on the calling thread.</param>
    /// <param name="cancellation">Stops the run.</param>
    public RunCounts ToStream(Stream target, Func<Stream> standardInput, Action<ExtractProgress>? progress, CancellationToken cancellation)
    {
        var counts = new RunCounts();
        var bytes = 0L;
        using var json = new JsonLinesWriter(pipeline.RoleLabels, options.Tokens, options.Explain);
        using var buffered = new BufferedStream(target, 1 << 16);
        Run(standardInput, null, new WorkerRows(null), buffered.Flush, done =>
        {
            if (done.IsElsewhere)
                return;
            bytes += done.Record.Bytes;
            counts.Inputs++;
            if (done.Failure is { } failure)
            {
                counts.Errors++;
                buffered.Write(json.Error(failure.Source, failure.Stage, failure.Error));
            }
            else
            {
                var article = seen.MakeDistinct(done.Article!, done.Record, null);
                var duplicateOf = seen.DuplicateOf(article);
                Count(counts, article.Result, duplicateOf, IsSkipped(duplicateOf));
                buffered.Write(json.Article(article.Result, article.Signature.Sha256, duplicateOf, IsSkipped(duplicateOf)));
            }

            progress?.Invoke(new ExtractProgress(counts.Inputs, counts.Errors, counts.Tokens, bytes));
        }, cancellation);
        buffered.Flush();
        return counts;
    }

    private bool IsSkipped(string? duplicateOf) => duplicateOf is not null && options is { SkipDuplicates: true, Shard.Count: 1 };

    private static void Count(RunCounts counts, ArticleResult result, string? duplicateOf, bool skipped)
    {
        counts.Articles++;
        counts.Duplicates += duplicateOf is null ? 0 : 1;
        counts.Tokens += result.Article.Tokens.Length;
        if (skipped)
            return;
        counts.Sentences += result.Article.Sentences.Count;
        counts.Entities += result.Entities.Count;
        counts.Dates += result.Dates.Count;
    }

    private static ulong HashOn(ulong hash, InputRecord record)
    {
        // FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/
        foreach (var c in record.Source)
            hash = (hash ^ c) * 0x100000001B3;
        return (hash ^ (uint)record.Number) * 0x100000001B3;
    }

    private void Append(OutputFolder output, ArticleRows rows, RunCounts counts, Done done)
    {
        if (done.IsElsewhere)
            return;
        counts.Inputs++;
        if (options.Shard.Count > 1)
        {
            output.Append(ShardOrder.Name, System.Text.Encoding.UTF8.GetBytes(
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{done.Record.Position},{(done.Failure is null ? OutputTables.Articles : OutputTables.Errors)}\n")));
        }

        if (done.Failure is { } failure)
        {
            counts.Errors++;
            output.Append(OutputTables.Errors, rows.Error(failure.Source, failure.Stage, failure.Error));
            return;
        }

        var article = seen.MakeDistinct(done.Article!, done.Record, rows);
        var duplicateOf = seen.DuplicateOf(article);
        Count(counts, article.Result, duplicateOf, IsSkipped(duplicateOf));
        output.Append(OutputTables.Articles, rows.Article(article.Result, article.Signature.Sha256, duplicateOf));
        if (IsSkipped(duplicateOf))
            return;
        output.Append(OutputTables.Sentences, article.Sentences);
        output.Append(OutputTables.Entities, article.Entities);
        output.Append(OutputTables.Dates, article.Dates);
        if (options.Tokens)
            output.Append(OutputTables.Tokens, article.Tokens);
    }

    private void Run(
        Func<Stream> standardInput, Checkpoint? checkpoint, WorkerRows workerRows, Action idle, Action<Done> consume, CancellationToken cancellation)
    {
        using (workerRows)
        {
            OrderedParallel.Run(
                Inputs(standardInput, checkpoint), item => Work(item.Record, item.Hash, workerRows), consume, idle, options.Threads, cancellation);
        }
    }

    /// <summary>The inputs behind the checkpoint, each with the hash over all up to it.</summary>
    private IEnumerable<(InputRecord Record, ulong Hash)> Inputs(Func<Stream> standardInput, Checkpoint? checkpoint)
    {
        var hash = 0UL;
        var walker = new InputWalker(options.Reading with { ExcludedFolder = options.Out });
        var skip = checkpoint?.Position ?? 0;
        foreach (var record in walker.Walk(options.Paths, standardInput))
        {
            hash = HashOn(hash, record);
            if (record.Position < skip)
            {
                if (record.Position == skip - 1 && hash != checkpoint!.InputHash)
                    throw InputChanged();
                continue;
            }

            skip = 0;
            yield return (record, hash);
        }

        if (skip > 0 && hash != checkpoint!.InputHash)
            throw InputChanged();
    }

    private UserFileException InputChanged() =>
        new(options.Out!, 0, "the input is not the one of the interrupted run there (files were added, removed or renamed); begin anew with --overwrite");

    private Done Work(InputRecord record, ulong hash, WorkerRows workerRows)
    {
        // A file's shard is known before it is read; a record's only when its id is.
        if (record.FullPath is not null && !options.Shard.Contains(record.Source))
            return new Done(record, hash, null, null, true);
        var (article, failure) = reader.Read(record);
        if (!options.Shard.Contains(article?.Source ?? failure!.Source))
            return new Done(record, hash, null, null, true);
        if (article is null)
            return new Done(record, hash, failure, null, false);
        var result = pipeline.Process(article, options.Date);
        return new Done(record, hash, null, workerRows.Format(result), false);
    }

    private sealed record Done(InputRecord Record, ulong InputHash, ReadFailure? Failure, FormattedArticle? Article, bool IsElsewhere);

    /// <summary>Row writers for the workers, reused.</summary>
    private sealed class WorkerRows(ExtractOptions? options) : IDisposable
    {
        private readonly ConcurrentBag<ArticleRows> free = [];

        public FormattedArticle Format(ArticleResult result)
        {
            if (options is null)
                return new FormattedArticle(result, ArticleSignature.Of(result.Article.Text), [], [], [], []);
            var rows = free.TryTake(out var taken) ? taken : new ArticleRows(options.Tokens, options.Explain);
            var formatted = rows.Format(result);
            free.Add(rows);
            return formatted;
        }

        public void Dispose()
        {
            foreach (var rows in free)
                rows.Dispose();
        }
    }

    /// <summary>What the run remembers of the articles before: their sources as hashes, their texts as signatures.</summary>
    private sealed class Seen
    {
        private readonly HashSet<ulong> sources = [];
        private readonly NearDuplicates duplicates = new();

        /// <summary>Remembers what an interrupted run wrote.</summary>
        public void Recall(string articles)
        {
            using var reader = TableConverter.Reader(articles);
            while (reader.Read())
            {
                sources.Add(ArticleReader.HashOf(FormulaGuard.Undo(reader.GetString(1))));
                duplicates.Find(reader.GetString(0), FormulaGuard.Undo(reader.GetString(13)));
            }
        }

        public string? DuplicateOf(FormattedArticle article) =>
            duplicates.Find(article.Result.Article.Article.Article.Id, article.Signature);

        /// <summary>Two records of a file can state the same id: the later one's line number tells them apart.</summary>
        public FormattedArticle MakeDistinct(FormattedArticle formatted, InputRecord record, ArticleRows? rows)
        {
            var text = formatted.Result.Article.Article;
            var source = text.Article.Source;
            if (sources.Add(ArticleReader.HashOf(source)))
                return formatted;
            do
                source += $"@{record.Number}";
            while (!sources.Add(ArticleReader.HashOf(source)));
            var result = formatted.Result with
            {
                Article = formatted.Result.Article with
                {
                    Article = text with { Article = text.Article with { Id = ArticleReader.IdOf(source), Source = source } },
                },
            };
            return rows?.Format(result) ?? formatted with { Result = result };
        }
    }
}
