using System.CommandLine;
using System.Globalization;
using Pipeline.Writing;

namespace Pipeline.Cli;

/// <summary><c>pipeline merge</c>: shards into one output.</summary>
internal static class MergeCommand
{
    private static readonly Argument<string[]> Folders = new("DIR")
    {
        Description = "Complete CSV outputs of 'pipeline extract': all shards of one run, or outputs to stand one behind the other.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string> Out = new("--out", "-o") { Description = "Output folder.", Required = true, HelpName = "DIR" };

    private static readonly TableFormat Tables = new();

    private static readonly Option<bool> Overwrite = new("--overwrite") { Description = "Replace the output in DIR." };
    private static readonly Option<bool> Quiet = new("--quiet", "-q") { Description = "No progress, no summary." };

    public static Command Create()
    {
        var command = new Command("merge", """
            Joins outputs into one; shards give, byte for byte, the tables of a single run.

            Example:
              pipeline merge part1 part2 part3 part4 --out tables
            """)
        {
            Folders, Out, Tables.Format, Tables.Compress, Overwrite, Quiet,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var folders = parsed.GetValue(Folders)!;
        var target = parsed.GetValue(Out)!;
        foreach (var folder in folders)
        {
            if (!Directory.Exists(folder))
                throw new UsageException($"{folder}: no such folder");
            if (Path.GetFullPath(folder).TrimEnd('/') == Path.GetFullPath(target).TrimEnd('/'))
                throw new UsageException($"--out {target} is one of the folders to merge; choose another");
        }

        var (format, compression) = Tables.Of(parsed);
        FolderLock.MustBeFree(target);
        if (!parsed.GetValue(Overwrite) && OutputFolder.StateOf(target) != OutputState.Empty)
            throw new UsageException($"{target} is not empty: choose another --out, or replace it with --overwrite");
        var terminal = new Terminal(parsed.GetValue(Quiet));
        var counts = terminal.Follow("merge", () => null, tell => OutputMerge.Merge(
            folders, target, format, compression, done => tell(done, string.Create(CultureInfo.InvariantCulture, $"{done:N0} articles")), cancellation));
        terminal.Say(string.Create(CultureInfo.InvariantCulture, $"{counts.Articles:N0} articles, {counts.Errors:N0} errors in {target}"));
        return counts.Errors == 0 ? ExitCode.Done : ExitCode.DoneWithErrors;
    }
}
