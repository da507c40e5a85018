using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Writing;

/// <summary>
/// Where a run can be made to die by its tests: each change of a name in the output folder is announced here first. The variable
/// <c>PIPELINE_DIE_AT=N</c> kills the process at the N-th of them, counted from 1; a test inside the process hangs in with
/// <see cref="Hook"/>. Otherwise this does nothing.
/// </summary>
internal static class FaultPoint
{
    private static readonly AsyncLocal<Action<string>?> OfTest = new();

    private static readonly int DieAt = int.TryParse(
        Environment.GetEnvironmentVariable("PIPELINE_DIE_AT"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static int reached;

    /// <summary>Called at each point with its name, in the flow of the test that set it only; what it throws goes through.</summary>
    public static Action<string>? Hook
    {
        set => OfTest.Value = value;
    }

    /// <summary>What is about to happen.</summary>
    public static void Reach(string step)
    {
        OfTest.Value?.Invoke(step);
        if (DieAt == 0 || Interlocked.Increment(ref reached) != DieAt)
            return;
        using var self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite);
    }
}
