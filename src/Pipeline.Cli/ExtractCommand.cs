using System.CommandLine;
using System.Globalization;
using System.Reflection;
using Pipeline.Classifying;
using Pipeline.Cleaning;
using Pipeline.Dates;
using Pipeline.Entities;
using Pipeline.Reading;
using Pipeline.Segmenting;
using Pipeline.Writing;

namespace Pipeline.Cli;

/// <summary><c>pipeline extract</c>: the main job.</summary>
internal static class ExtractCommand
{
    private static readonly Argument<string[]> Paths = new("PATH")
    {
        Description = $"Files, folders (walked recursively), or - for JSON lines on standard input. Reads {InputWalker.KnownEndings}.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string> Out = new("--out", "-o")
    {
        Description = "Output folder; - writes one JSON object an article to standard output.",
        Required = true,
        HelpName = "DIR",
    };

    private static readonly TableFormat Tables = new();

    private static readonly Option<bool> Accurate = new("--accurate")
    {
        Description = "Tells roles by a stronger model, which reads about a hundred sentences a second on one core; everything else stays the same.",
    };

    private static readonly Option<string?> ModelsFolder = new("--models")
    {
        Description = "Folder of the models; those that come with the program if left out.",
        HelpName = "DIR",
    };

    private static readonly Option<string?> Date = new("--date")
    {
        Description = "Article date where an article has none.",
        HelpName = "YYYY-MM-DD",
    };

    private static readonly Option<string> Body = new Option<string>("--body")
    {
        Description = "auto drops boilerplate; all keeps the text as it is.",
        DefaultValueFactory = _ => "auto",
    }.AcceptOnlyFromAmong("auto", "all");

    private static readonly Option<bool> Tokens = new("--tokens") { Description = "Also write tokens.csv." };

    private static readonly Option<bool> Explain = new("--explain")
    {
        Description = "Also say why a sentence got its role: adds the column why to sentences.csv.",
    };

    private static readonly Option<string?> GazetteerFile = new("--gazetteer")
    {
        Description = "Names that only you know: a CSV with name, type, canonical, country, which wins over the model.",
        HelpName = "FILE.csv",
    };

    private static readonly Option<double> MinConfidence = new("--min-confidence")
    {
        Description = "Leave out entities below this confidence.",
        DefaultValueFactory = _ => 0,
        HelpName = "0..1",
    };

    private static readonly Option<bool> SkipDuplicates = new("--skip-duplicates")
    {
        Description = "Write no sentences, entities and dates of an article that is a copy of an earlier one; its row in articles.csv says so.",
    };

    private static readonly Option<int> Threads = new("--threads")
    {
        Description = "Articles worked on at the same time; the output does not depend on it.",
        DefaultValueFactory = _ => Environment.ProcessorCount,
        HelpName = "N",
    };

    private static readonly Option<bool> Resume = new("--resume") { Description = "Go on where an interrupted run into DIR stopped." };
    private static readonly Option<bool> Overwrite = new("--overwrite") { Description = "Replace the output in DIR." };

    private static readonly Option<string?> ShardOption = new("--shard")
    {
        Description = "Do only part I of N, chosen by the hash of each source; 'pipeline merge' joins the parts.",
        HelpName = "I/N",
    };

    private static readonly Option<int> MaxSize = new("--max-size")
    {
        Description = "Largest article in megabytes; larger ones go to errors.csv.",
        DefaultValueFactory = _ => 20,
        HelpName = "MB",
    };

    private static readonly Option<string?> InputEncoding = new("--input-encoding")
    {
        Description = "Encoding of text files that are neither marked nor UTF-8, such as windows-1252; detected if left out.",
        HelpName = "NAME",
    };

    private static readonly Option<bool> Quiet = new("--quiet", "-q") { Description = "No progress, no summary." };

    public static Command Create()
    {
        var command = new Command("extract", """
            Articles in, tables out: every sentence with its role, every named entity, every date.

            Examples:
              pipeline extract articles --out tables
              pipeline extract news.jsonl.gz page.html --out tables --tokens --threads 2
              pipeline extract archive --out part1 --shard 1/4
              cat records.jsonl | pipeline extract - --out - > results.jsonl
            """);
        command.Add(Paths);
        foreach (var option in (Option[])[Out, Tables.Format, Tables.Compress, Accurate, ModelsFolder, Date, Body, Tokens, Explain, GazetteerFile, MinConfidence, SkipDuplicates, Threads, Resume, Overwrite, ShardOption, MaxSize, InputEncoding, Quiet])
            command.Add(option);
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var options = OptionsOf(parsed);
        var terminal = new Terminal(parsed.GetValue(Quiet));
        if (options.Out is not null)
        {
            FolderLock.MustBeFree(options.Out);
            if (CheckOutput(options) is { } message)
                throw new UsageException(message);
        }

        var folder = parsed.GetValue(ModelsFolder) ?? Models.DefaultFolder;
        var (pipeline, models) = Load(folder, parsed.GetValue(GazetteerFile), options);
        var version = typeof(ExtractCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        var run = new ExtractRun(pipeline, models, options, version, TimeProvider.System);
        if (options.Out is { } output && options.Resume && OutputFolder.StateOf(output) == OutputState.Complete)
        {
            if (!run.IsDone(output))
                throw new UsageException($"{output} holds the complete output of a run with other options, models or version: choose another --out, or --overwrite it");
            OutputFolder.TidyComplete(output);
            terminal.Say($"{output} is complete already; nothing to do");
            return ExitCode.Done;
        }

        var counts = terminal.Follow("extract", TotalBytes(options, cancellation), tell =>
        {
            void Progress(ExtractProgress at) => tell(at.Bytes, string.Create(
                CultureInfo.InvariantCulture, $"{at.Inputs:N0} articles, {at.Tokens:N0} tokens{(at.Errors > 0 ? $", {at.Errors:N0} errors" : "")}"));
            Stream Input() => StandardStreams.OpenInput(feedsOutput: options.Out is null, cancellation);
            return options.Out is null
                ? run.ToStream(StandardStreams.OpenOutput(), Input, Progress, cancellation)
                : run.ToFolder(Input, Progress, cancellation);
        });
        terminal.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{counts.Articles:N0} articles, {counts.Sentences:N0} sentences, {counts.Entities:N0} entities, {counts.Dates:N0} dates"
            + $"{(options.Out is null ? "" : $" in {options.Out}")}"));
        if (counts.Inputs == 0 && options.Shard.Count == 1)
            terminal.Say("nothing to read: no input holds a file or record (names that begin with a dot are left out)");
        if (counts.Errors == 0)
            return ExitCode.Done;
        terminal.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{counts.Errors:N0} inputs failed; {(options.Out is null ? "see the lines with \"error\"" : $"see {Path.Combine(options.Out, "errors" + TableConverter.EndingOf(options.Format, options.Compress))}")}"));
        return ExitCode.DoneWithErrors;
    }

    /// <summary>Loads the stages, the models side by side, since each of them is a bulk of numbers.</summary>
    internal static (ArticlePipeline Pipeline, ModelFile[] Models) Load(string folder, string? gazetteerFile, ExtractOptions options)
    {
        var rolesPath = ModelFile.Find(folder, options.Accurate ? Models.AccurateRoles : Models.Roles);
        var encoderPath = options.Accurate ? Models.FindEncoder(folder) : null;
        var entitiesPath = ModelFile.Find(folder, Models.Entities);
        var posPath = options.Tokens ? ModelFile.Find(folder, Models.Pos) : null;
        if (gazetteerFile is not null && !File.Exists(gazetteerFile))
            throw new UsageException($"--gazetteer {gazetteerFile}: no such file");

        // On two cores: the roles on this one, the entities on the other, the dates on the one that is free first.
        var other = Task.Run(() =>
        {
            var entities = EntityRecognizer.Load(
                entitiesPath, gazetteerFile is null ? null : Gazetteer.Load(gazetteerFile), options.MinConfidence);
            return (entities, ((string?[])[entitiesPath, rolesPath, encoderPath, posPath, gazetteerFile]).OfType<string>().Select(ModelFile.Describe).ToArray());
        });
        var dates = Task.Run(() => new DateResolver());
        var roles = Models.LoadRoles(rolesPath);
        var tagger = posPath is null ? null : PosTagger.Load(posPath);
        var cleaner = new ArticleCleaner(options.Body);
        var segmenter = new Segmenter();
        WarmUp(cleaner, segmenter, roles);
        var (recognizer, described) = other.GetAwaiter().GetResult();
        return (new ArticlePipeline(cleaner, segmenter, roles, recognizer, dates.GetAwaiter().GetResult(), tagger, options.Explain), described);
    }

    /// <summary>What the first article would wait for, while the entities are still being loaded: word lists, code.</summary>
    private static void WarmUp(ArticleCleaner cleaner, Segmenter segmenter, RoleClassifier roles)
    {
        const string Text = "The minister said on Monday, e.g. in Paris, that it isn't over.\n\nIt could end by 2030.";
        roles.Classify(segmenter.Segment(cleaner.Clean(new Article { Id = "", Source = "", Content = Text, Format = ArticleFormat.PlainText })));
    }

    private static ExtractOptions OptionsOf(ParseResult parsed)
    {
        var paths = parsed.GetValue(Paths)!;
        foreach (var path in paths)
        {
            if (path != "-" && !File.Exists(path) && !Directory.Exists(path))
                throw new UsageException($"{path}: no such file or folder");
        }

        if (paths.Count(path => path == "-") > 1)
            throw new UsageException("- stands twice; standard input can be read once");
        var threads = parsed.GetValue(Threads);
        if (threads is < 1 or > 1024)
            throw new UsageException($"--threads {threads}: give a number from 1 to 1024");
        var maxSize = parsed.GetValue(MaxSize);
        if (maxSize is < 1 or > 1000)
            throw new UsageException($"--max-size {maxSize}: give megabytes from 1 to 1000");
        var minConfidence = parsed.GetValue(MinConfidence);
        if (minConfidence is not (>= 0 and <= 1))
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--min-confidence {minConfidence}: give a number from 0 to 1"));
        var output = parsed.GetValue(Out)!;
        if (output.Length == 0)
            throw new UsageException("--out is empty; name a folder, or - for standard output");
        var (format, compression) = Tables.Of(parsed);
        var options = new ExtractOptions
        {
            Paths = paths,
            Out = output == "-" ? null : output,
            Format = format,
            Compress = compression,
            Date = DateOf(parsed.GetValue(Date)),
            Body = parsed.GetValue(Body) == "all" ? BodyMode.All : BodyMode.Auto,
            Tokens = parsed.GetValue(Tokens),
            Explain = parsed.GetValue(Explain),
            Accurate = parsed.GetValue(Accurate),
            MinConfidence = minConfidence,
            SkipDuplicates = parsed.GetValue(SkipDuplicates),
            Threads = threads,
            Resume = parsed.GetValue(Resume),
            Overwrite = parsed.GetValue(Overwrite),
            Shard = ShardOf(parsed.GetValue(ShardOption)),
            Reading = new ReadingOptions
            {
                MaxArticleBytes = maxSize * 1_000_000L, InputEncoding = EncodingOf(parsed.GetValue(InputEncoding)), DocumentReader = DocumentReader(),
            },
        };
        if (compression != Compression.None && (options.Out is null || options.Shard.Count > 1))
        {
            throw new UsageException("--compress: " + (options.Out is null ? $"pipe the output through {parsed.GetValue(Tables.Compress)} instead"
                : "merge reads the shards as they are; give --compress to pipeline merge"));
        }

        if (options is { Resume: true, Overwrite: true })
            throw new UsageException("--resume and --overwrite exclude each other: the one goes on, the other begins anew");
        if (options.Out is null && (options.Resume || options.Overwrite))
            throw new UsageException("--resume and --overwrite need an output folder; --out - has none");
        if (options.Resume && paths.Contains("-"))
            throw new UsageException("--resume cannot go on with standard input; give a file or folder");
        return options;
    }

    /// <summary>How this program is started again to read documents: by its own executable, or by the dotnet that runs it.</summary>
    internal static string[]? DocumentReader() => Environment.ProcessPath switch
    {
        null => null,
        var host when Path.GetFileNameWithoutExtension(host).Equals("dotnet", StringComparison.OrdinalIgnoreCase) =>
            [host, Path.Combine(AppContext.BaseDirectory, typeof(ExtractCommand).Assembly.GetName().Name + ".dll"), DocumentServer.Argument],
        var own => [own, DocumentServer.Argument],
    };

    /// <summary>Nothing is overwritten or mixed into without the user's word.</summary>
    private static string? CheckOutput(ExtractOptions options)
    {
        if (File.Exists(options.Out))
            return $"--out {options.Out}: is a file; name a folder";
        return OutputFolder.StateOf(options.Out!) switch
        {
            OutputState.Interrupted when !options.Resume && !options.Overwrite =>
                $"{options.Out} holds an interrupted run: go on with --resume, or begin anew with --overwrite",
            OutputState.Complete when !options.Resume && !options.Overwrite =>
                $"{options.Out} holds a complete output: choose another --out, or replace it with --overwrite",
            OutputState.Foreign when !options.Overwrite =>
                $"{options.Out} is not empty: choose another --out, or put the tables beside what is there with --overwrite",
            _ => null,
        };
    }

    private static DateOnly? DateOf(string? text)
    {
        if (text is null)
            return null;
        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : throw new UsageException($"--date {text}: write it as YYYY-MM-DD, such as 2024-11-11");
    }

    private static Shard ShardOf(string? text)
    {
        if (text is null)
            return new Shard(1, 1);
        var parts = text.Split('/');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && index >= 1 && index <= count && count <= 100_000
            ? new Shard(index, count)
            : throw new UsageException($"--shard {text}: write it as I/N with I from 1 to N, such as 1/4");
    }

    private static System.Text.Encoding? EncodingOf(string? name)
    {
        if (name is null)
            return null;
        return TextDecoder.Named(name)
            ?? throw new UsageException($"--input-encoding {name}: unknown; use a name such as windows-1252, iso-8859-2, shift_jis");
    }

    /// <summary>Counts the input's bytes beside the run, so that the bar can say how much is left.</summary>
    private static Func<long?> TotalBytes(ExtractOptions options, CancellationToken cancellation)
    {
        var counting = Task.Run(
            () =>
            {
                var total = 0L;
                foreach (var path in options.Paths)
                {
                    if (path == "-")
                        return (long?)null;
                    total += Directory.Exists(path)
                        ? new DirectoryInfo(path).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
                            .TakeWhile(_ => !cancellation.IsCancellationRequested).Sum(file => file.Length)
                        : new FileInfo(path).Length;
                }

                return total;
            },
            cancellation);
        return () => counting.IsCompletedSuccessfully ? counting.Result : null;
    }
}
