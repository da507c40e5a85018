using System.CommandLine;
using Pipeline;
using Pipeline.Cli;
using Pipeline.Entities;

// The word lists take longest to load and depend on no option.
if (args is ["extract" or "show", ..])
    _ = Task.Run(EntityRecognizer.LoadWordLists);

var parsed = CommandLine.Create().Parse(args);
if (parsed.Errors.Count > 0 || Usage.UnknownOption(parsed) is not null)
{
    Console.Error.WriteLine($"pipeline: {Usage.FirstProblem(parsed)} (see: {Usage.HelpFor(parsed)})");
    return ExitCode.Usage;
}

try
{
    return await parsed.InvokeAsync(new InvocationConfiguration {
        EnableDefaultExceptionHandler = false,
        // Time to write the checkpoint after Ctrl-C.
        ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
    });
}
catch (UserFileException e)
{
    Console.Error.WriteLine($"pipeline: {e.Message}");
    return ExitCode.Failed;
}
catch (UsageException e)
{
    Console.Error.WriteLine($"pipeline: {e.Message} (see: {Usage.HelpFor(parsed)})");
    return ExitCode.Usage;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("pipeline: interrupted; an extract into a folder goes on with --resume");
    return ExitCode.Interrupted;
}
catch (Exception e)
{
    Console.Error.WriteLine($"pipeline: a fault of the program, please report it: {e}");
    return ExitCode.Failed;
}
