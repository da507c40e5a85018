using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Reading;

/// <summary>
/// Reads one input into an article, or says why not: the only stage that may refuse an article. Safe to share between
/// threads.
/// </summary>
public sealed class ArticleReader(ReadingOptions options)
{
    private const string Stage = "reading";

    /// <summary>Reads and decodes one input.</summary>
    public ReadOutcome Read(InputRecord record)
    {
        if (record.Error is not null)
            return Refuse(record.LineNumber > 0 ? $"{record.Source}#{record.LineNumber}" : record.Source, record.Error);
        return record.FullPath is null ? ReadLine(record) : ReadFile(record, record.FullPath);
    }

    /// <summary>The stable identifier of a source: 16 hexadecimal digits of the SHA-256 of its name.</summary>
    public static string IdOf(string source) => HashOf(source).ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The first 64 bits of the SHA-256 of a source's name, big-endian. Shards are made by it.</summary>
    public static ulong HashOf(string source)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(source), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }

    internal static string CannotOpen(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "the file is gone",
        UnauthorizedAccessException => "no permission to read the file",
        _ => "cannot be read: " + e.Message.ReplaceLineEndings(" "),
    };

    private static ReadOutcome Refuse(string source, string error) => new(null, new ReadFailure(source, Stage, error));

    private ReadOutcome ReadFile(InputRecord record, string path)
    {
        byte[] bytes;
        try
        {
            if (!TryReadBytes(path, out bytes))
                return Refuse(record.Source, $"larger than the limit of {options.MaxArticleBytes:N0} bytes (--max-size raises it)");
        }
        catch (InvalidDataException e)
        {
            return Refuse(record.Source, "broken gzip data: " + e.Message.ReplaceLineEndings(" "));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refuse(record.Source, CannotOpen(e));
        }

        var kind = InputKinds.Of(path).Kind;
        if (!TextDecoder.TryDecode(bytes, options.InputEncoding, kind == InputKind.Html, out var text, out var error))
            return Refuse(record.Source, error);
        if (string.IsNullOrWhiteSpace(text))
            return Refuse(record.Source, "empty file");
        return new ReadOutcome(
            new Article
            {
                Id = IdOf(record.Source),
                Source = record.Source,
                Content = text,
                Format = kind switch
                {
                    InputKind.Html => ArticleFormat.Html,
                    InputKind.Markdown => ArticleFormat.Markdown,
                    _ => ArticleFormat.PlainText,
                },
            },
            null);
    }

    /// <summary>The file's bytes, decompressed; false where there are more than the limit, of which no more is read.</summary>
    private bool TryReadBytes(string path, out byte[] bytes)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1, FileOptions.SequentialScan);
        if (!InputKinds.Of(path).Compressed && file.CanSeek)
        {
            bytes = [];
            if (file.Length > options.MaxArticleBytes)
                return false;
            bytes = new byte[file.Length];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length < bytes.Length)
                Array.Resize(ref bytes, length);
            return true;
        }

        using Stream stream = InputKinds.Of(path).Compressed ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var whole = new MemoryStream();
        var chunk = new byte[1 << 16];
        int read;
        while ((read = stream.Read(chunk)) > 0)
        {
            whole.Write(chunk, 0, read);
            if (whole.Length > options.MaxArticleBytes)
            {
                bytes = [];
                return false;
            }
        }

        bytes = whole.ToArray();
        return true;
    }

    private static ReadOutcome ReadLine(InputRecord record)
    {
        var source = $"{record.Source}#{record.LineNumber}";
        if (!JsonRecord.TryParse(record.Line, out var fields, out var error))
            return Refuse(source, error);
        if (fields.Id is { Length: > 0 })
            source = $"{record.Source}#{fields.Id}";
        if (string.IsNullOrWhiteSpace(fields.Text))
            return Refuse(source, "the record has no text: one of text, maintext, body, content must hold it");
        return new ReadOutcome(
            new Article
            {
                Id = IdOf(source),
                Source = source,
                Content = fields.Text,
                Format = JsonRecord.LooksLikeHtml(fields.Text) ? ArticleFormat.Html : ArticleFormat.PlainText,
                Title = fields.Title,
                Author = fields.Author,
                Date = fields.Date,
                Url = fields.Url,
                Language = fields.Language,
            },
            null);
    }
}
