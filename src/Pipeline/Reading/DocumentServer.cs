using System.Diagnostics;

namespace Pipeline.Reading;

/// <summary>
/// The other side of <see cref="DocumentReaders"/>: a process that reads one document after the other from its input and answers
/// on its output, until the input ends. It ends by itself when a document goes over its bounds, since no thread can be stopped
/// from outside.
/// </summary>
internal static class DocumentServer
{
    /// <summary>The argument that makes the program be one.</summary>
    public const string Argument = "read-documents";

    public const byte Accepted = 1, Refused = 2, RefusedAndGone = 3;

    /// <summary>Calls go as deep as a file nests; this much is never reached where depths are limited.</summary>
    private const int StackBytes = 64 << 20;

    /// <summary>The monitor sees allocations of a thread in steps of its allocation buffers.</summary>
    private const long Slack = 64 << 20;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public static void Run(Stream input, Stream output)
    {
        using var reader = new BinaryReader(input);
        using var writer = new BinaryWriter(output);
        while (true)
        {
            var kind = input.ReadByte();
            if (kind < 0)
                return;
            var maxBytes = reader.ReadInt64();
            var bytes = reader.ReadBytes(reader.ReadInt32());
            if (!Answer((InputKind)kind, bytes, maxBytes, writer))
                return;
        }
    }

    private static bool Answer(InputKind kind, byte[] bytes, long maxBytes, BinaryWriter writer)
    {
        DocumentContent? content = null;
        var (refusal, isGone) = (DocumentFile.TooMuchWork, false);
        var work = new Thread(
            () =>
            {
                try
                {
                    content = DocumentFile.Read(kind, bytes, maxBytes);
                }
                catch (InvalidDataException e)
                {
                    refusal = e.Message;
                }
                catch (OutOfMemoryException)
                {
                    refusal = "reading it takes more memory than a document may take";
                    isGone = true;
                }
                catch (Exception e)
                {
                    refusal = ReadFailure.FaultText(e);
                }
            },
            StackBytes) { IsBackground = true };
        var process = Process.GetCurrentProcess();
        var (allocated, worked) = (GC.GetTotalAllocatedBytes(), process.TotalProcessorTime);
        work.Start();
        while (!work.Join(Look))
        {
            process.Refresh();
            if (GC.GetTotalAllocatedBytes() - allocated <= DocumentFile.MostAllocated(bytes.Length) + Slack
                && process.TotalProcessorTime - worked <= MostProcessorTime(bytes.Length))
                continue;
            isGone = true;
            Refuse(writer, RefusedAndGone, DocumentFile.TooMuchWork);
            return false;
        }

        if (content is null)
        {
            Refuse(writer, isGone ? RefusedAndGone : Refused, refusal);
            return !isGone;
        }

        writer.Write(Accepted);
        writer.Write(content.Content);
        writer.Write(content.Title ?? "");
        writer.Write(content.Author ?? "");
        writer.Flush();
        return true;
    }

    /// <summary>
    /// The last resort, for work that allocates nothing: time of the processor, which a busy machine does not stretch, and ten
    /// times what any document has been seen to take.
    /// </summary>
    private static TimeSpan MostProcessorTime(int length) => TimeSpan.FromSeconds(10 + (length / 100_000.0));

    private static void Refuse(BinaryWriter writer, byte how, string why)
    {
        writer.Write(how);
        writer.Write(why);
        writer.Flush();
    }
}
