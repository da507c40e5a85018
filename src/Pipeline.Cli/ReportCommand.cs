using System.CommandLine;
using System.Globalization;
using Pipeline.Inspect;

namespace Pipeline.Cli;

/// <summary><c>pipeline report</c>: an output folder as one HTML file.</summary>
internal static class ReportCommand
{
    private static readonly Argument<string> Folder = new("DIR") { Description = "Output folder of 'pipeline extract' (CSV or Parquet)." };
    private static readonly Option<string> Out = new("--out", "-o") { Description = "The HTML file.", Required = true, HelpName = "FILE" };
    private static readonly Option<int> Most = new("--articles") { Description = "At most so many articles, the first ones.", DefaultValueFactory = _ => 100, HelpName = "N" };
    private static readonly Option<bool> Overwrite = new("--overwrite") { Description = "Replace the file." };
    private static readonly Option<bool> Quiet = new("--quiet", "-q") { Description = "No summary." };

    public static Command Create()
    {
        var command = new Command("report", """
            One HTML file that needs no server and no network: the overview, and the articles with roles, names and dates marked.

            Example:
              pipeline report tables --out report.html
            """)
        {
            Folder, Out, Most, Overwrite, Quiet,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var target = parsed.GetValue(Out)!;
        var most = parsed.GetValue(Most);
        if (most is < 0 or > 100_000)
            throw new UsageException($"--articles {most}: give a number from 0 to 100000");
        if (Directory.Exists(target))
            throw new UsageException($"--out {target}: is a folder; name a file");
        if (File.Exists(target) && !parsed.GetValue(Overwrite))
            throw new UsageException($"{target} exists: choose another --out, or replace it with --overwrite");
        var shown = Report.Write(parsed.GetValue(Folder)!, target, most, TimeProvider.System, cancellation);
        new Terminal(parsed.GetValue(Quiet)).Say(string.Create(CultureInfo.InvariantCulture, $"{shown.Shown:N0} of {shown.All:N0} articles in {target}"));
        return ExitCode.Done;
    }
}
