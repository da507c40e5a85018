using System.CommandLine;
using Pipeline;
using Pipeline.Cli;
using Pipeline.Entities;

// The word lists take longest to load and depend on no option.
if (args is ["extract" or "show", ..])
    _ = Task.Run(EntityRecognizer.LoadWordLists);

StandardStreams.Guard();
var parsed = CommandLine.Create().Parse(args);
// The page says good-bye to its browsers; for all else less than a second must do.
using var interrupts = new Interrupts(parsed.CommandResult.Command.Name == "inspect" ? TimeSpan.FromSeconds(8) : TimeSpan.FromMilliseconds(700));
var work = Task.Run(RunAsync);
if (await Task.WhenAny(work, interrupts.Late) == work)
    return await work;
Environment.Exit(Interrupted());
return ExitCode.Interrupted;

async Task<int> RunAsync()
{
    try
    {
        if (parsed.Errors.Count > 0 || Usage.UnknownOption(parsed) is not null)
            throw new UsageException(Usage.FirstProblem(parsed));
        // Signals are taken care of here.
        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interrupts.Token);
    }
    catch (UserFileException e)
    {
        Console.Error.WriteLine($"pipeline: {e.Message.ReplaceLineEndings(" ")}");
        return ExitCode.Failed;
    }
    catch (UsageException e)
    {
        Console.Error.WriteLine($"pipeline: {e.Message.ReplaceLineEndings(" ")} (see: {Usage.HelpFor(parsed)})");
        return ExitCode.Usage;
    }
    catch (OperationCanceledException)
    {
        return Interrupted();
    }
    catch (Exception e)
    {
        Console.Error.WriteLine($"pipeline: a fault of the program, please report it: {e}");
        return ExitCode.Failed;
    }
}

int Interrupted()
{
    Console.Error.WriteLine("pipeline: interrupted" + (parsed.CommandResult.Command.Name == "extract" ? "; an extract into a folder goes on with --resume" : ""));
    return ExitCode.Interrupted;
}
