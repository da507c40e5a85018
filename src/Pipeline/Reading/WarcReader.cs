using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Pipeline.Reading;

/// <summary>
/// Meets the pages of a WARC file (ISO 28500): response records whose HTTP answer is a successful one with HTML, and resource
/// records of HTML, which hold the page itself. Other records are no articles and are passed over. Payloads over the limit are skipped without being held in memory.
/// </summary>
internal sealed class WarcReader(Stream stream, long maxLength) : IDisposable
{
    private const int MaxHeaderBytes = 1 << 20;
    private readonly BufferedStream input = new(stream, 1 << 16);

    /// <param name="Number">Number of the record in the file, from 1, all kinds counted.</param>
    /// <param name="Url">Address of the page.</param>
    /// <param name="Response">The HTTP answer, headers included (a resource gets one of its own); empty where it is too long.</param>
    /// <param name="Length">Its length in bytes.</param>
    public readonly record struct Page(int Number, string? Url, ReadOnlyMemory<byte> Response, long Length);

    /// <summary>Number of records met so far.</summary>
    public int Number { get; private set; }

    /// <exception cref="InvalidDataException">What comes next is no WARC record.</exception>
    public bool TryRead(out Page page)
    {
        page = default;
        while (true)
        {
            var version = HeaderLine();
            while (version is { Length: 0 })
                version = HeaderLine();
            if (version is null)
                return false;
            if (!version.StartsWith("WARC/", StringComparison.Ordinal))
                throw new InvalidDataException("no WARC record");
            Number++;
            string? type = null, url = null, media = null;
            long length = -1;
            while (HeaderLine() is { Length: > 0 } line)
            {
                var colon = line.IndexOf(':');
                if (colon < 0)
                    continue;
                var value = line[(colon + 1)..].Trim();
                switch (line[..colon].ToUpperInvariant())
                {
                    case "WARC-TYPE":
                        type = value;
                        break;
                    case "WARC-TARGET-URI":
                        url = value.Trim('<', '>');
                        break;
                    case "CONTENT-TYPE":
                        media = value;
                        break;
                    case "CONTENT-LENGTH":
                        if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out length))
                            length = -1;
                        break;
                }
            }

            if (length < 0)
                throw new InvalidDataException("a WARC record without a length");
            var isPage = type == "response" || (type == "resource" && HttpResponse.IsHtml(media));
            if (!isPage || length > maxLength)
            {
                Skip(length);
                if (!isPage)
                    continue;
                page = new Page(Number, url, default, length);
                return true;
            }

            var head = type == "resource" ? Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: {media}\r\n\r\n") : [];
            var bytes = new byte[head.Length + length];
            head.CopyTo(bytes, 0);
            input.ReadExactly(bytes.AsSpan(head.Length));
            if (!HttpResponse.IsPage(bytes))
                continue;
            page = new Page(Number, url, bytes, length);
            return true;
        }
    }

    public void Dispose() => input.Dispose();

    private void Skip(long length)
    {
        var chunk = new byte[1 << 16];
        while (length > 0)
        {
            var read = input.Read(chunk, 0, (int)Math.Min(length, chunk.Length));
            if (read == 0)
                throw new EndOfStreamException("the last record is cut off");
            length -= read;
        }
    }

    /// <summary>A line of a header without its end; <see langword="null"/> at the end of the file.</summary>
    private string? HeaderLine()
    {
        var line = new List<byte>();
        int next;
        while ((next = input.ReadByte()) is not (-1 or '\n'))
        {
            if (line.Count == MaxHeaderBytes)
                throw new InvalidDataException("no WARC record");
            line.Add((byte)next);
        }

        if (next == -1 && line.Count == 0)
            return null;
        return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
    }
}

/// <summary>An HTTP answer as a WARC record holds it: status line, headers, body.</summary>
internal static class HttpResponse
{
    /// <summary>Whether the answer is a success and holds HTML.</summary>
    public static bool IsPage(ReadOnlySpan<byte> response)
    {
        var head = HeadOf(response);
        var status = head.IndexOf(' ');
        return status > 0 && head.AsSpan(status + 1).StartsWith("2")
            && IsHtml(Header(head, "content-type"));
    }

    /// <summary>Whether a media type is the one of a page.</summary>
    public static bool IsHtml(string? type) => type is not null
        && (type.Contains("text/html", StringComparison.OrdinalIgnoreCase) || type.Contains("application/xhtml", StringComparison.OrdinalIgnoreCase));

    /// <summary>The body, unpacked, and the encoding that the headers name.</summary>
    /// <exception cref="InvalidDataException">The body cannot be unpacked, or is larger than the limit when it is.</exception>
    /// <param name="response">The answer.</param>
    /// <param name="maxLength">Most bytes of the body.</param>
    /// <param name="held">Told how many bytes are held.</param>
    public static (byte[] Body, Encoding? Encoding) Unpack(ReadOnlyMemory<byte> response, long maxLength, Action<long>? held = null)
    {
        var head = HeadOf(response.Span);
        var body = response[Math.Min(response.Length, HeadLength(response.Span))..];
        if (Header(head, "transfer-encoding") is { } transfer && transfer.Contains("chunked", StringComparison.OrdinalIgnoreCase))
            body = Dechunk(body);
        var charset = Header(head, "content-type") is { } type && type.IndexOf("charset=", StringComparison.OrdinalIgnoreCase) is >= 0 and var at
            ? TextDecoder.Named(type[(at + 8)..].Split(';')[0].Trim(' ', '"', '\''))
            : null;
        using var packed = new MemoryStream(body.ToArray(), writable: false);
        using Stream unpacked = Header(head, "content-encoding")?.Trim().ToLowerInvariant() switch
        {
            // Crawlers often keep the header and store the body unpacked already.
            "gzip" or "x-gzip" when body.Span.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) => new GZipStream(packed, CompressionMode.Decompress),
            "br" when !LooksLikeText(body.Span) => new BrotliStream(packed, CompressionMode.Decompress),
            "deflate" when !LooksLikeText(body.Span) => new ZLibStream(packed, CompressionMode.Decompress),
            _ => packed,
        };
        using var whole = new MemoryStream();
        var chunk = new byte[1 << 16];
        int read;
        while ((read = Read(unpacked, chunk)) > 0)
        {
            held?.Invoke(response.Length + whole.Length + read);
            whole.Write(chunk, 0, read);
            if (whole.Length > maxLength)
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"larger than the limit of {maxLength:N0} bytes (--max-size raises it)"));
        }

        return (whole.ToArray(), charset);
    }

    private static int Read(Stream unpacked, byte[] chunk)
    {
        try
        {
            return unpacked.Read(chunk);
        }
        catch (InvalidOperationException e)
        {
            // What Brotli says of data that are none.
            throw new InvalidDataException("the body cannot be unpacked", e);
        }
    }

    private static bool LooksLikeText(ReadOnlySpan<byte> body) => body.TrimStart(" \t\r\n\xEF\xBB\xBF"u8).StartsWith("<"u8);

    private static int HeadLength(ReadOnlySpan<byte> response)
    {
        var end = response.IndexOf("\r\n\r\n"u8);
        if (end >= 0)
            return end + 4;
        end = response.IndexOf("\n\n"u8);
        return end >= 0 ? end + 2 : response.Length;
    }

    private static string HeadOf(ReadOnlySpan<byte> response) =>
        Encoding.Latin1.GetString(response[..Math.Min(HeadLength(response), 1 << 16)]);

    private static string? Header(string head, string name)
    {
        foreach (var line in head.Split('\n'))
        {
            if (line.Length > name.Length && line[name.Length] == ':' && line.StartsWith(name, StringComparison.OrdinalIgnoreCase))
                return line[(name.Length + 1)..].Trim();
        }

        return null;
    }

    /// <summary>Joins the chunks of a body (RFC 9112, 7.1); a body that is not in chunks stays as it is.</summary>
    private static ReadOnlyMemory<byte> Dechunk(ReadOnlyMemory<byte> body)
    {
        using var whole = new MemoryStream();
        var rest = body;
        while (true)
        {
            var end = rest.Span.IndexOf("\r\n"u8);
            if (end is < 1 or > 20)
                return body;
            var digits = rest.Span[..end];
            var extension = digits.IndexOf((byte)';');
            if (extension >= 0)
                digits = digits[..extension];
            if (!int.TryParse(digits.Trim(" "u8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var length) || length < 0)
                return body;
            if (length == 0)
                return whole.ToArray();
            rest = rest[(end + 2)..];
            if (length > rest.Length)
                length = rest.Length;
            whole.Write(rest.Span[..length]);
            rest = rest[Math.Min(rest.Length, length + 2)..];
            if (rest.IsEmpty)
                return whole.ToArray();
        }
    }
}
