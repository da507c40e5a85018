using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace Pipeline.Cli;

/// <summary>
/// Everything that is said beside the results, on standard error: a bar on a terminal, plain lines when redirected,
/// nothing with <c>--quiet</c>.
/// </summary>
internal sealed class Terminal
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(10);
    private readonly bool quiet;
    private IAnsiConsole? console;

    public Terminal(bool quiet) => this.quiet = quiet;

    /// <summary>Standard error; made when first asked for, which a short run never does.</summary>
    public IAnsiConsole Console => console ??= Open();

    /// <summary>One line, unless quiet.</summary>
    public void Say(string line)
    {
        if (!quiet)
            System.Console.Error.WriteLine(line);
    }

    /// <summary>Runs long work and shows how far it is.</summary>
    /// <param name="task">What it does, in one or two words.</param>
    /// <param name="total">Size of the whole, asked once it is known; <see langword="null"/> until then or for good.</param>
    /// <param name="work">Does it; tells how much is done, and a text about it.</param>
    public T Follow<T>(string task, Func<long?> total, Func<Action<long, string>, T> work)
    {
        if (quiet)
            return work((_, _) => { });
        return System.Console.IsErrorRedirected ? FollowPlain(task, total, work) : FollowBar(task, total, work);
    }

    private static IAnsiConsole Open()
    {
        var console = StandardStreams.OpenConsole(error: true);
        if (System.Console.IsErrorRedirected)
            console.Profile.Width = 160;
        return console;
    }

    private static T FollowPlain<T>(string task, Func<long?> total, Func<Action<long, string>, T> work)
    {
        var watch = Stopwatch.StartNew();
        var next = PlainInterval;
        return work((done, text) =>
        {
            if (watch.Elapsed < next)
                return;
            next = watch.Elapsed + PlainInterval;
            var share = total() is > 0 and var whole
                ? string.Create(CultureInfo.InvariantCulture, $" {Math.Min(100, done * 100 / whole)}%, {Left(watch.Elapsed, done, whole)} left,")
                : "";
            System.Console.Error.WriteLine($"{task}:{share} {text}");
        });
    }

    private T FollowBar<T>(string task, Func<long?> total, Func<Action<long, string>, T> work) =>
        Console.Progress()
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var bar = context.AddTask(task);
                bar.IsIndeterminate = true;
                var watch = Stopwatch.StartNew();
                var next = TimeSpan.Zero;
                return work((done, text) =>
                {
                    if (watch.Elapsed < next)
                        return;
                    next = watch.Elapsed + TimeSpan.FromMilliseconds(200);
                    if (total() is > 0 and var whole)
                    {
                        bar.IsIndeterminate = false;
                        bar.MaxValue = whole;
                        bar.Value = Math.Min(done, whole);
                    }

                    bar.Description = Markup.Escape($"{task} {text}");
                });
            });

    private static string Left(TimeSpan elapsed, long done, long whole)
    {
        if (done <= 0)
            return "?";
        var left = TimeSpan.FromSeconds(Math.Max(0, elapsed.TotalSeconds * (whole - done) / done));
        return left.ToString(left.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);
    }
}
