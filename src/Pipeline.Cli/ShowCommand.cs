using System.CommandLine;
using Pipeline.Reading;

namespace Pipeline.Cli;

/// <summary><c>pipeline show</c>: one article in the terminal.</summary>
internal static class ShowCommand
{
    private static readonly Argument<string> PathArgument = new("FILE") { Description = "An article in any format that 'pipeline extract' reads; - reads JSON lines." };
    private static readonly Option<int> Number = new("--record") { Description = "Which article of a file of many, from 1.", DefaultValueFactory = _ => 1, HelpName = "N" };
    private static readonly Option<string?> ModelsFolder = new("--models") { Description = "Folder of the models; those that come with the program if left out.", HelpName = "DIR" };

    public static Command Create()
    {
        var command = new Command("show", """
            Prints one article with the role of each sentence, its names and its dates.

            Example:
              pipeline show article.html
            """)
        {
            PathArgument, Number, ModelsFolder,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var path = parsed.GetValue(PathArgument)!;
        var number = parsed.GetValue(Number);
        if (number < 1)
            throw new UsageException($"--record {number}: give a number from 1");
        if (path != "-" && !File.Exists(path))
            throw new UsageException($"{path}: no such file");
        var options = new ExtractOptions { Paths = [path], Reading = new ReadingOptions { DocumentReader = ExtractCommand.DocumentReader() } };
        var record = new InputWalker(options.Reading).Walk([path], () => StandardStreams.OpenInput(feedsOutput: false, cancellation)).Skip(number - 1).FirstOrDefault()
            ?? throw new UsageException($"{path} has no article {number}");
        using var reader = new ArticleReader(options.Reading);
        var (article, failure) = reader.Read(record);
        if (article is null)
            throw new UserFileException(path, 0, failure!.Error);
        cancellation.ThrowIfCancellationRequested();
        var (pipeline, _) = ExtractCommand.Load(parsed.GetValue(ModelsFolder) ?? Models.DefaultFolder, null, options);
        ArticlePrint.Print(StandardStreams.OpenConsole(error: false), pipeline.Process(article), pipeline.RoleLabels);
        return ExitCode.Done;
    }
}
