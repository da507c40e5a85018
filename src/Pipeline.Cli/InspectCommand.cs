using System.CommandLine;
using System.Diagnostics;
using Pipeline.Inspect;

namespace Pipeline.Cli;

/// <summary><c>pipeline inspect</c>: the local web page over an output folder.</summary>
internal static class InspectCommand
{
    private static readonly Argument<string> Folder = new("DIR") { Description = "Output folder of 'pipeline extract' (CSV or Parquet)." };

    private static readonly Option<int> Port = new("--port") { Description = "Port on 127.0.0.1; 0 takes a free one.", DefaultValueFactory = _ => 5577, HelpName = "N" };
    private static readonly Option<bool> NoOpen = new("--no-open") { Description = "Only print the address; open no browser." };
    private static readonly Option<string?> Who = new("--who") { Description = "Name that stands beside your corrections; the user name if left out.", HelpName = "NAME" };

    private static readonly Option<bool> Key = new("--key")
    {
        Description = "Answer only who comes by the printed address: it carries a key that is new at each start.",
    };

    private static readonly Option<string?> ModelsFolder = new("--models")
    {
        Description = "Folder of the models that retraining replaces; those that come with the program if left out.",
        HelpName = "DIR",
    };

    private static readonly Option<string[]> Labels = new("--labels")
    {
        Description = "Labels CSVs that corrections are added to when retraining; those that come with the program if left out.",
        HelpName = "CSV",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string?> Gold = new("--gold")
    {
        Description = "Labels CSV on which the old and the new model are compared; neither may have been trained on it.",
        HelpName = "CSV",
    };

    public static Command Create()
    {
        var command = new Command("inspect", """
            A local web page over an output folder: read, filter, correct, retrain. Listens on 127.0.0.1 only.

            Example:
              pipeline inspect tables
              pipeline inspect tables --key        (on a machine that others use too)
            """)
        {
            Folder, Port, NoOpen, Key, Who, ModelsFolder, Labels, Gold,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var port = parsed.GetValue(Port);
        if (port is < 0 or > 65535)
            throw new UsageException($"--port {port}: give a number from 0 to 65535");
        var data = Path.Combine(AppContext.BaseDirectory, "data", "roles");
        var shipped = Path.Combine(data, "train.csv");
        var gold = parsed.GetValue(Gold) ?? Path.Combine(data, "heldout.csv");
        var labels = parsed.GetValue(Labels);
        var options = new InspectOptions
        {
            Folder = parsed.GetValue(Folder)!,
            Port = port,
            Key = parsed.GetValue(Key),
            Who = parsed.GetValue(Who) ?? Environment.UserName,
            Models = parsed.GetValue(ModelsFolder) ?? Models.DefaultFolder,
            Labels = labels is { Length: > 0 } ? labels : File.Exists(shipped) ? [shipped] : [],
            Gold = parsed.GetValue(Gold) is not null || File.Exists(gold) ? gold : null,
        };
        foreach (var file in options.Labels.Append(parsed.GetValue(Gold)))
        {
            if (file is not null && !File.Exists(file))
                throw new UsageException($"{file}: no such file");
        }

        await using var server = await InspectServer.StartAsync(options, TimeProvider.System, line => Console.Error.WriteLine($"pipeline: {line}")).ConfigureAwait(false);
        Console.WriteLine(server.Address);
        Console.Error.WriteLine("Ctrl+C stops.");
        if (!parsed.GetValue(NoOpen))
            Open(server.AddressToOpen);
        await server.WaitAsync(cancellation).ConfigureAwait(false);
        return ExitCode.Done;
    }

    private static void Open(string address)
    {
        try
        {
            var start = OperatingSystem.IsWindows() ? new ProcessStartInfo(address) { UseShellExecute = true }
                : new ProcessStartInfo(OperatingSystem.IsMacOS() ? "open" : "xdg-open", [address]) { RedirectStandardError = true, RedirectStandardOutput = true };
            Process.Start(start)?.Dispose();
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            Console.Error.WriteLine("No browser could be opened; open the printed address by hand.");
        }
    }
}
