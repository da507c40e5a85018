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
