using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Pipeline.Tests.Cli;

/// <summary>The program as a process, as users run it.</summary>
internal sealed record Command(int ExitCode, string Output, string Error)
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "pipeline.dll");

    public static Command Run(params string[] arguments) => RunWith(null, null, arguments);

    public static Command RunWith(string? input, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        using var process = Start(environment, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (input is not null)
            process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        return new Command(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    /// <summary>Runs the program under a limit on the size of each file that it writes.</summary>
    public static Command RunLimited(int kilobytes, params string[] arguments) =>
        RunShell($"trap '' XFSZ; ulimit -f {kilobytes}; exec dotnet \"$0\" \"$@\"", arguments);

    /// <summary>Runs a line of bash in which <c>$0</c> is the program and <c>$@</c> its arguments.</summary>
    public static Command RunShell(string line, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/bash")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // The runtime writes larger files than the limit allows, unless told not to: code in files in memory, and what profilers and debuggers ask for.
            Environment = { ["DOTNET_EnableWriteXorExecute"] = "0", ["DOTNET_EnableDiagnostics"] = "0" },
        };
        foreach (var argument in (string[])["-c", line, Program, .. arguments])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return new Command(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    /// <summary>
    /// Starts the program so that it hears signals, also where this process was started to ignore them, as in the background of a shell: what
    /// is ignored is inherited.
    /// </summary>
    public static Process StartListening(params string[] arguments)
    {
        int[] signals = [1, 2, 15];
        var before = signals.Select(number => NativeMethods.Signal(number, NativeMethods.Default)).ToArray();
        try
        {
            return Start(null, arguments);
        }
        finally
        {
            for (var i = 0; i < signals.Length; i++)
                _ = NativeMethods.Signal(signals[i], before[i]);
        }
    }

    /// <summary>Sends a signal, such as <c>INT</c>.</summary>
    public static void Signal(Process process, string name)
    {
        using var kill = Process.Start("kill", ["-" + name, process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public static Process Start(IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardInputEncoding = new UTF8Encoding(false),
        };
        start.ArgumentList.Add(Program);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static class NativeMethods
    {
        public const nint Default = 0;

        [DllImport("libc", EntryPoint = "signal")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        public static extern nint Signal(int number, nint handler);
    }
}
