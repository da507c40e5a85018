using System.CommandLine;
using System.Runtime.InteropServices;
using Pipeline;
using Pipeline.Cli;
using Pipeline.Entities;
using Pipeline.Reading;

// One of this program's own processes, which reads documents for it. It ends with its input, whatever a terminal or a scheduler
// sends to the group, so that a stopped run never takes its end for the document's fault.
if (args is [DocumentServer.Argument])
{
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true);
    using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true);
    DocumentServer.Run(Console.OpenStandardInput(), Console.OpenStandardOutput());
    return ExitCode.Done;
}

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
