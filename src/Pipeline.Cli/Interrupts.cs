using System.Runtime.InteropServices;

namespace Pipeline.Cli;

/// <summary>
/// Ctrl+C, SIGTERM, and SIGHUP of a terminal that is closed: they stop a command by its cancellation, which keeps what is done, and end
/// the process where it does not come to that soon. Either way a run into a folder goes on with <c>--resume</c>, as after a kill.
/// A signal that the process was started to ignore, as behind <c>nohup</c>, stays ignored.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource late = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] registrations;

    /// <param name="patience">How long a command may take to stop.</param>
    public Interrupts(TimeSpan patience) =>
        registrations = [.. ((PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP]).Select(signal => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            _ = Task.Delay(patience).ContinueWith(_ => late.TrySetResult(), TaskScheduler.Default);
            stop.CancelAsync();
        }))];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => stop.Token;

    /// <summary>Completes when a signal came and patience is over.</summary>
    public Task Late => late.Task;

    public void Dispose()
    {
        foreach (var registration in registrations)
            registration.Dispose();
    }
}
