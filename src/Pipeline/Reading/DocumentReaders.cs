using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Reading;

/// <summary>
/// Reads documents of Word and PDF in processes of the same program (<see cref="DocumentServer"/>), whose memory is limited
/// and which can be lost without the run. Each is started when a document comes and none is free, and used for many. Safe to
/// share between threads.
/// </summary>
/// <param name="command">The program and the arguments that make it a document server.</param>
/// <param name="maxBytes">Largest document and largest text.</param>
internal sealed class DocumentReaders(IReadOnlyList<string> command, long maxBytes) : IDisposable
{
    /// <summary>Only for a process that hangs as a whole; it ends itself long before.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(30);

    /// <summary>Exit codes of a process that aborted itself (a stack without end) or met a fault in memory.</summary>
    private const int Aborted = 134, Faulted = 139;

    private readonly ConcurrentBag<Server> free = [];
    private bool disposed;

    /// <summary>Reads one document.</summary>
    /// <exception cref="InvalidDataException">It is none, or goes over a bound.</exception>
    public DocumentContent Read(InputKind kind, byte[] bytes)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (!free.TryTake(out var server))
                server = new Server(command, maxBytes);
            try
            {
                var content = server.Ask(kind, bytes, maxBytes, out var refusal, out var isGone);
                if (isGone)
                    server.Dispose();
                else
                    GiveBack(server);
                return content ?? throw new InvalidDataException(refusal);
            }
            catch (IOException)
            {
                // Something from outside may have ended it; a document that ends two of them, or makes one abort, has its verdict.
                var code = server.ExitCode();
                server.Dispose();
                if (attempt > 1 || code is Aborted or Faulted)
                    throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"it ended the process that read it (exit code {code})"));
            }
        }
    }

    public void Dispose()
    {
        Volatile.Write(ref disposed, true);
        while (free.TryTake(out var server))
            server.Dispose();
    }

    private void GiveBack(Server server)
    {
        free.Add(server);
        if (Volatile.Read(ref disposed))
            Dispose();
    }

    private sealed class Server : IDisposable
    {
        private readonly Process process;
        private readonly BinaryWriter writer;
        private readonly BinaryReader reader;

        public Server(IReadOnlyList<string> command, long maxBytes)
        {
            var start = new ProcessStartInfo(command[0])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            foreach (var argument in command.Skip(1))
                start.ArgumentList.Add(argument);
            start.Environment["DOTNET_GCHeapHardLimit"] = "0x" + MostMemory(maxBytes).ToString("x", CultureInfo.InvariantCulture);
            start.Environment["DOTNET_gcConcurrent"] = "0";
            start.Environment["DOTNET_EnableDiagnostics"] = "0";
            process = Process.Start(start)!;
            // What a runtime says when it dies is for nobody.
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            writer = new BinaryWriter(process.StandardInput.BaseStream);
            reader = new BinaryReader(process.StandardOutput.BaseStream);
        }

        /// <summary>What a process may hold: 200 MB, and ten times the largest document.</summary>
        private static long MostMemory(long maxBytes) => 200_000_000 + (10 * maxBytes);

        /// <exception cref="IOException">The process has ended without an answer.</exception>
        public DocumentContent? Ask(InputKind kind, byte[] bytes, long maxBytes, out string refusal, out bool isGone)
        {
            (refusal, isGone) = ("", false);
            using var backstop = new Timer(_ => process.Kill(), null, LongestWait, Timeout.InfiniteTimeSpan);
            writer.Write((byte)kind);
            writer.Write(maxBytes);
            writer.Write(bytes.Length);
            writer.Write(bytes);
            writer.Flush();
            var answer = reader.ReadByte();
            if (answer == DocumentServer.Accepted)
                return new DocumentContent(reader.ReadString(), NullIfEmpty(reader.ReadString()), NullIfEmpty(reader.ReadString()));
            refusal = reader.ReadString();
            isGone = answer == DocumentServer.RefusedAndGone;
            return null;
        }

        public int ExitCode()
        {
            process.WaitForExit();
            return process.ExitCode;
        }

        public void Dispose()
        {
            try
            {
                writer.Dispose();
            }
            catch (IOException)
            {
                // It is gone.
            }

            process.Kill();
            process.Dispose();
        }

        private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
    }
}
