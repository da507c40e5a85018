using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Pipeline.Inspect.Plain;
using Pipeline.Reading;
using Spectre.Console;

namespace Pipeline.Cli;

/// <summary>
/// Standard input, output and error as the system has them. The console streams of .NET are quiet about a reader that is gone, and
/// cannot be told to stop waiting.
/// </summary>
internal static class StandardStreams
{
    private const int Input = 0;
    private const int Output = 1;
    private const int Error = 2;

    /// <summary>
    /// From here on nothing that <see cref="Console"/> writes can move, colour or hide what else a terminal shows, whatever names and labels
    /// hold; an output that nobody takes ends the command with one line, and errors that nobody takes are let go.
    /// </summary>
    public static void Guard()
    {
        Console.SetOut(new PlainText(OpenOutput()));
        Console.SetError(new PlainText(new OutputStream(Error, mustArrive: false)));
    }

    /// <summary>Standard output for bytes; what cannot be written throws <see cref="UserFileException"/>.</summary>
    public static Stream OpenOutput() => new OutputStream(Output, mustArrive: true);

    /// <summary>Standard input, whose reader stops waiting when it is cancelled, and when the reader of standard output is gone.</summary>
    /// <param name="feedsOutput">Whether what is read ends on standard output.</param>
    /// <param name="cancellation">Ends a wait with <see cref="OperationCanceledException"/>.</param>
    public static Stream OpenInput(bool feedsOutput, CancellationToken cancellation) =>
        OperatingSystem.IsWindows() ? Console.OpenStandardInput() : new InputStream(feedsOutput, cancellation);

    /// <summary>A console whose colours reach the terminal: what it prints of unknown origin has to be harmless already.</summary>
    public static IAnsiConsole OpenConsole(bool error) => AnsiConsole.Create(new AnsiConsoleSettings { Out = new Colours(error) });

    private static UserFileException Unwritable(int file, string problem) =>
        new(file == Output ? "standard output" : "standard error", 0, $"cannot be written: {problem}");

    private sealed class Colours(bool error) : IAnsiConsoleOutput
    {
        private readonly AnsiConsoleOutput known = new(error ? Console.Error : Console.Out);

        public TextWriter Writer { get; } = new StreamWriter(new OutputStream(error ? Error : Output, mustArrive: !error), new UTF8Encoding(false)) { AutoFlush = true };

        public bool IsTerminal => !(error ? Console.IsErrorRedirected : Console.IsOutputRedirected);

        public int Width => known.Width;

        public int Height => known.Height;

        public void SetEncoding(Encoding encoding)
        {
        }
    }

    /// <summary>Lines of text with control and direction characters spelled out.</summary>
    private sealed class PlainText : TextWriter
    {
        private static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c), '\n', '\t']);

        private readonly Stream target;

        public PlainText(Stream target)
        {
            this.target = target;
            CoreNewLine = ['\n'];
        }

        public override Encoding Encoding { get; } = new UTF8Encoding(false);

        public override void Write(char value) => Write([value]);

        public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

        public override void Write(string? value) => Write(value.AsSpan());

        public override void WriteLine(string? value) => Write(value + "\n");

        public override void Write(ReadOnlySpan<char> buffer)
        {
            // Most lines are plain, and the look at the others lies in an assembly that most commands do without.
            var text = buffer.ContainsAnyExcept(Plain) ? VisibleText.Of(buffer.ToString().Replace("\r\n", "\n", StringComparison.Ordinal)).AsSpan() : buffer;
            var bytes = new byte[Encoding.GetByteCount(text)];
            Encoding.GetBytes(text, bytes);
            lock (target)
                target.Write(bytes);
        }
    }

    private sealed class OutputStream(int file, bool mustArrive) : Stream
    {
        private readonly Stream? console = !OperatingSystem.IsWindows() ? null : file == Output ? Console.OpenStandardOutput() : Console.OpenStandardError();

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            try
            {
                if (console is not null)
                    console.Write(buffer);
                else
                    WriteAll(buffer);
            }
            catch (IOException e) when (mustArrive)
            {
                throw Unwritable(file, e.Message.ReplaceLineEndings(" "));
            }
            catch (Exception e) when (!mustArrive && e is IOException or UserFileException)
            {
                // There is nobody left to tell.
            }
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        private void WriteAll(ReadOnlySpan<byte> buffer)
        {
            while (!buffer.IsEmpty)
            {
                var written = NativeMethods.Write(file, in MemoryMarshal.GetReference(buffer), (nuint)buffer.Length);
                if (written >= 0)
                {
                    buffer = buffer[(int)written..];
                    continue;
                }

                var error = Marshal.GetLastPInvokeError();
                if (error == NativeMethods.Interrupted)
                    continue;
                if (error is NativeMethods.WouldBlock or NativeMethods.WouldBlockOfBsd)
                {
                    NativeMethods.Await(NativeMethods.PollOut, file, null, Timeout.Infinite);
                    continue;
                }

                throw Unwritable(file, error == NativeMethods.BrokenPipe ? "nobody reads it any more" : Marshal.GetPInvokeErrorMessage(error));
            }
        }
    }

    private sealed class InputStream(bool feedsOutput, CancellationToken cancellation) : ForwardStream
    {
        private const int Milliseconds = 100;

        public override int Read(Span<byte> buffer)
        {
            while (!buffer.IsEmpty)
            {
                cancellation.ThrowIfCancellationRequested();
                var (ready, broken) = NativeMethods.Await(NativeMethods.PollIn, Input, feedsOutput ? Output : null, Milliseconds);
                if (broken)
                    throw Unwritable(Output, "nobody reads it any more");
                if (!ready)
                    continue;
                var read = NativeMethods.Read(Input, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length);
                if (read >= 0)
                    return (int)read;
                var error = Marshal.GetLastPInvokeError();
                if (error is NativeMethods.Interrupted or NativeMethods.WouldBlock or NativeMethods.WouldBlockOfBsd)
                    continue;
                throw new UserFileException("standard input", 0, $"cannot be read: {Marshal.GetPInvokeErrorMessage(error)}");
            }

            return 0;
        }
    }

    /// <summary>read(2), write(2) and poll(2) of POSIX; the numbers are those of Linux, macOS and the BSDs.</summary>
    private static class NativeMethods
    {
        public const int Interrupted = 4;
        public const int WouldBlock = 11;
        public const int WouldBlockOfBsd = 35;
        public const int BrokenPipe = 32;
        public const short PollIn = 1;
        public const short PollOut = 4;
        private const short PollErr = 8;
        private const short PollHup = 16;

        [DllImport("libc", EntryPoint = "read", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        public static extern nint Read(int file, ref byte buffer, nuint count);

        [DllImport("libc", EntryPoint = "write", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        public static extern nint Write(int file, in byte buffer, nuint count);

        /// <summary>Waits for a file; says whether it can be gone on with, and whether the other one is broken.</summary>
        public static (bool Ready, bool Broken) Await(short what, int file, int? other, int milliseconds)
        {
            Watched[] watched = other is { } watch ? [new() { File = file, Wanted = what }, new() { File = watch }] : [new() { File = file, Wanted = what }];
            if (Poll(watched, (nuint)watched.Length, milliseconds) <= 0)
                return (false, false);
            return (watched[0].Happened != 0, watched.Length > 1 && (watched[1].Happened & (PollErr | PollHup)) != 0);
        }

        [DllImport("libc", EntryPoint = "poll", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        private static extern int Poll([In, Out] Watched[] files, nuint count, int milliseconds);

        [StructLayout(LayoutKind.Sequential)]
        private struct Watched
        {
            public int File;
            public short Wanted;
            public short Happened;
        }
    }
}
