using System.Text;

namespace Pipeline.Reading;

/// <summary>
/// Cuts a stream into lines of bounded length, so that a hostile line costs no memory. UTF-8; UTF-16 and UTF-32 by their
/// mark. Empty lines are left out, but counted.
/// </summary>
internal sealed class LineReader
{
    private readonly Stream stream;
    private readonly long maxLength;
    private byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;
    private bool ended;

    public LineReader(Stream stream, long maxLength)
    {
        this.stream = stream;
        this.maxLength = maxLength;
        Fill();
        while (end < 4 && !ended)
            Fill();
        var (encoding, mark) = TextDecoder.Mark(buffer.AsSpan(0, end));
        start = mark;
        if (encoding is null or UTF8Encoding)
            return;
        var rest = new PrefixedStream(buffer[start..end], stream);
        this.stream = Encoding.CreateTranscodingStream(rest, encoding, Encoding.UTF8, leaveOpen: true);
        (start, end, ended) = (0, 0, false);
    }

    /// <summary>Number of lines met so far.</summary>
    public int LineNumber { get; private set; }

    public readonly record struct Line(ReadOnlyMemory<byte> Bytes, int Number, long Length, bool TooLong);

    public bool TryRead(out Line line)
    {
        while (true)
        {
            var newline = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                line = Take(newline, 1);
            }
            else if (!ended)
            {
                if (end - start > maxLength)
                {
                    line = SkipLongLine();
                    return true;
                }

                Fill();
                continue;
            }
            else if (start < end)
            {
                line = Take(end - start, 0);
            }
            else
            {
                line = default;
                return false;
            }

            if (line.TooLong || !line.Bytes.Span.TrimEnd(" \t\r"u8).IsEmpty)
                return true;
        }
    }

    private Line Take(int length, int terminator)
    {
        LineNumber++;
        var bytes = buffer.AsSpan(start, length);
        start += length + terminator;
        return length > maxLength
            ? new Line(default, LineNumber, length, true)
            : new Line(bytes.ToArray(), LineNumber, length + terminator, false);
    }

    private Line SkipLongLine()
    {
        LineNumber++;
        long length = 0;
        while (true)
        {
            var newline = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                length += newline;
                start += newline + 1;
                break;
            }

            length += end - start;
            (start, end) = (0, 0);
            if (ended)
                break;
            Fill();
        }

        return new Line(default, LineNumber, length, true);
    }

    private void Fill()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        if (end == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        var read = stream.Read(buffer, end, buffer.Length - end);
        end += read;
        ended = read == 0;
    }

    /// <summary>The bytes that were read to look for a mark, then the rest of the stream.</summary>
    private sealed class PrefixedStream(byte[] prefix, Stream rest) : ForwardStream
    {
        private int taken;

        public override int Read(Span<byte> buffer)
        {
            if (taken == prefix.Length)
                return rest.Read(buffer);
            var length = Math.Min(buffer.Length, prefix.Length - taken);
            prefix.AsSpan(taken, length).CopyTo(buffer);
            taken += length;
            return length;
        }
    }
}
