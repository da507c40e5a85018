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
    private readonly string fingerprint = RunReport.Fingerprint(options, models, version);

    /// <summary>Whether a complete output in a folder is just what this run would write there, as far as options and models tell.</summary>
    public bool IsDone(string folder) => OutputFolder.FingerprintOf(folder) == fingerprint;

    /// <summary>Fills the output folder.</summary>
    /// <param name="standardInput">Opens the stream behind <c>-</c>.</param>
    /// <param name="progress">Told after every input, on the calling thread.</param>
    /// <param name="cancellation">Stops the run; what is done is kept for <see cref="ExtractOptions.Resume"/>.</param>
    /// <exception cref="UserFileException">
    /// The output cannot be written, another process writes there, or the input is not the one that was interrupted.
    /// </exception>
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
            : (OutputFolder.Begin(folder, tables, options.Overwrite), new Checkpoint(fingerprint, 0, 0, [], new RunCounts()));
        using (output)
        {
            if (checkpoint.Fingerprint != fingerprint)
                throw new UserFileException(folder, 0, "the interrupted run there had other options, models or version; repeat its options, or begin anew with --overwrite");
            if (output.IsCompleting)
            {
                output.GoOnCompleting(options.Format, options.Compress, tables, cancellation);
                return checkpoint.Counts;
            }

            using var seen = new Seen(output.ScratchFolder);
            if (resumed)
                seen.Recall(output.PathOf(OutputTables.Articles));

            var counts = checkpoint.Counts;
            using var rows = new ArticleRows(options.Tokens, options.Explain);
            var (position, inputHash, bytes) = (checkpoint.Position, checkpoint.InputHash, 0L);
            void Save() => output.Save(fingerprint, position, inputHash, counts);

            Save();
            try
            {
                using var formatted = new FormattedRows(options);
                Run(standardInput, checkpoint, formatted, () => { }, done =>
                {
                    Append(output, rows, counts, seen, done);
                    formatted.GiveBack(done);
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

            seen.Dispose();
            var report = RunReport.Write(options, models, version, fingerprint, pipeline.RoleLabels, counts, clock.GetElapsedTime(start));
            output.Complete(options.Format, options.Compress, tables, DataPackage.Describe(tables, options.Format, options.Compress, version), report, cancellation);
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
        using var seen = new Seen(null);
        using var json = new JsonLinesWriter(pipeline.RoleLabels, options.Tokens, options.Explain);
        using var buffered = new BufferedStream(target, 1 << 16);
        Run(standardInput, null, null, buffered.Flush, done =>
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
                var result = seen.MakeDistinct(done.Article!.Result, done.Record, out var hash, out _);
                var duplicateOf = seen.DuplicateOf(hash, done.Article.Signature);
                Count(counts, result, duplicateOf, IsSkipped(duplicateOf));
                buffered.Write(json.Article(result, done.Article.Signature.Sha256, duplicateOf, IsSkipped(duplicateOf)));
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

    private void Append(OutputFolder output, ArticleRows rows, RunCounts counts, Seen seen, Done done)
    {
        if (done.IsElsewhere)
            return;
        counts.Inputs++;
        if (done.Failure is { } failure)
        {
            counts.Errors++;
            Place(output, done.Record, OutputTables.Errors, 0);
            output.Append(OutputTables.Errors, rows.Error(failure.Source, failure.Stage, failure.Error));
            return;
        }

        var article = done.Article!;
        var result = seen.MakeDistinct(article.Result, done.Record, out var hash, out var repeats);
        Place(output, done.Record, OutputTables.Articles, repeats);
        if (!ReferenceEquals(result, article.Result))
            article.Rows!.Format(result);
        var duplicateOf = seen.DuplicateOf(hash, article.Signature);
        Count(counts, result, duplicateOf, IsSkipped(duplicateOf));
        output.Append(OutputTables.Articles, rows.Article(result, article.Signature.Sha256, duplicateOf));
        if (IsSkipped(duplicateOf))
            return;
        output.Append(OutputTables.Sentences, article.Rows!.Sentences);
        output.Append(OutputTables.Entities, article.Rows.Entities);
        output.Append(OutputTables.Dates, article.Rows.Dates);
        if (options.Tokens)
            output.Append(OutputTables.Tokens, article.Rows.Tokens);
    }

    /// <summary>Tells the merge of a shard where a row stands in the order of all inputs.</summary>
    private void Place(OutputFolder output, InputRecord record, string table, int repeats)
    {
        if (options.Shard.Count > 1)
        {
            output.Append(ShardOrder.Name, System.Text.Encoding.UTF8.GetBytes(
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{record.Position},{table},{record.Number},{repeats}\n")));
        }
    }

    private void Run(
        Func<Stream> standardInput, Checkpoint? checkpoint, FormattedRows? formatted, Action idle, Action<Done> consume, CancellationToken cancellation)
    {
        using var reader = new ArticleReader(options.Reading);
        OrderedParallel.Run(
            Inputs(standardInput, checkpoint), (item, load) => Work(reader, item.Record, item.Hash, formatted, load), consume, idle, options.Threads,
            cancellation, item => WeightOf(item.Record), options.Reading.MaxArticleBytes);
    }

    /// <summary>
    /// What an input holds of memory before it is read, in bytes; a packed one tells more while it is read.
    /// </summary>
    private static long WeightOf(InputRecord record) => record.FullPath is null ? record.Content.Length : record.Bytes;

    /// <summary>The inputs behind the checkpoint, each with the hash over all up to it.</summary>
    private IEnumerable<(InputRecord Record, ulong Hash)> Inputs(Func<Stream> standardInput, Checkpoint? checkpoint)
    {
        var hash = 0UL;
        var walker = new InputWalker(options.Reading with
        {
            ExcludedFolder = options.Out,
            ScratchFolder = options.Out is null ? null : OutputFolder.ScratchOf(options.Out),
        });
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

    private Done Work(ArticleReader reader, InputRecord record, ulong hash, FormattedRows? formatted, OrderedParallel.Load load)
    {
        // A file's shard is known before it is read; a record's only when its id is.
        if (record.FullPath is not null && !options.Shard.Contains(record.Source))
            return new Done(record, hash, null, null, true);
        var (source, stage) = (record.Source, "reading");
        ReadFailure failure;
        try
        {
            var (article, refused) = reader.Read(record, load.Grow);
            source = article?.Source ?? refused!.Source;
            if (!options.Shard.Contains(source))
                return new Done(record, hash, refused, null, true);
            if (article is not null)
            {
                var result = pipeline.Process(article, options.Date, out stage);
                stage = "writing";
                return new Done(record, hash, null, new DoneArticle(result, ArticleSignature.Of(result.Article.Text), formatted?.Format(result)), false);
            }

            failure = refused!;
        }
        catch (InvalidDataException e)
        {
            failure = new ReadFailure(source, stage, e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The one place where what nobody expected of one input becomes its row: it must not end the run of all others.
            failure = ReadFailure.OfFault(source, stage, e);
        }

        return new Done(record, hash, failure, null, !options.Shard.Contains(failure.Source));
    }

    private sealed record Done(InputRecord Record, ulong InputHash, ReadFailure? Failure, DoneArticle? Article, bool IsElsewhere);

    private sealed record DoneArticle(ArticleResult Result, ArticleSignature Signature, ArticleRows? Rows);

    /// <summary>Rows that workers fill and the writing thread gives back.</summary>
    private sealed class FormattedRows(ExtractOptions options) : IDisposable
    {
        /// <summary>Rows of an article longer than most are not held on to.</summary>
        private const int LargestKept = 1 << 20;

        private readonly ConcurrentBag<ArticleRows> free = [];

        public ArticleRows Format(ArticleResult result)
        {
            if (!free.TryTake(out var rows))
                rows = new ArticleRows(options.Tokens, options.Explain);
            rows.Format(result);
            return rows;
        }

        public void GiveBack(Done done)
        {
            if (done.Article?.Rows is not { } rows)
                return;
            if (rows.Capacity <= LargestKept)
                free.Add(rows);
            else
                rows.Dispose();
        }

        public void Dispose()
        {
            foreach (var rows in free)
                rows.Dispose();
        }
    }

    /// <summary>What the run remembers of the articles before: their sources as hashes, their texts as signatures.</summary>
    private sealed class Seen(string? scratch) : IDisposable
    {
        private readonly DistinctSources sources = new(scratch);
        private readonly NearDuplicates duplicates = new(scratch);

        public void Dispose()
        {
            sources.Dispose();
            duplicates.Dispose();
        }

        /// <summary>Remembers what an interrupted run wrote.</summary>
        public void Recall(string articles)
        {
            using var reader = TableConverter.Reader(articles);
            while (reader.Read())
            {
                var article = ArticleReader.HashOf(FormulaGuard.Undo(reader.GetString(1)));
                sources.Add(article);
                duplicates.Find(article, ArticleSignature.Of(FormulaGuard.Undo(reader.GetString(13))));
            }
        }

        public string? DuplicateOf(ulong article, ArticleSignature signature) =>
            duplicates.Find(article, signature) is { } original ? ArticleReader.IdOf(original) : null;

        /// <summary>
        /// Two records of a file can state the same id: the later one's line number tells them apart. Gives the hash of the
        /// source that the article now has, and how often the number was put behind it.
        /// </summary>
        public ArticleResult MakeDistinct(ArticleResult result, InputRecord record, out ulong hash, out int repeats)
        {
            var text = result.Article.Article;
            var source = sources.Add(text.Article.Source, record.Number, out hash, out repeats);
            return repeats == 0 ? result : result with
            {
                Article = result.Article with
                {
                    Article = text with { Article = text.Article with { Id = ArticleReader.IdOf(hash), Source = source } },
                },
            };
        }
    }
}
