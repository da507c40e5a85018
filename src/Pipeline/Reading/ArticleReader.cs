using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Reading;

/// <summary>
/// Reads one input into an article, or says why not. Safe to share between threads; disposing of it ends the processes that it
/// reads documents with.
/// </summary>
public sealed class ArticleReader(ReadingOptions options) : IDisposable
{
    private readonly DocumentReaders? documents =
        options.DocumentReader is { } command ? new DocumentReaders(command, options.MaxArticleBytes) : null;

    private const string Stage = "reading";

    private string TooLarge => string.Create(
        CultureInfo.InvariantCulture, $"larger than the limit of {options.MaxArticleBytes:N0} bytes (--max-size raises it)");

    /// <summary>Most lines of an article of plain text.</summary>
    private const int MostLines = 400_000;

    /// <summary>Most tags of a page; pages of twenty megabytes have half as many.</summary>
    private const int MostTags = 1_000_000;

    /// <inheritdoc/>
    public void Dispose() => documents?.Dispose();

    /// <summary>Reads and decodes one input.</summary>
    public ReadOutcome Read(InputRecord record) => Read(record, _ => { });

    /// <summary>The same, telling how many bytes of it are held as soon as they are more than the record said.</summary>
    internal ReadOutcome Read(InputRecord record, Action<long> held)
    {
        if (record.Error is not null)
            return Refuse(SourceOf(record), record.Error);
        if (record.FullPath is not null)
            return ReadFile(record, record.FullPath, held);
        return record.Url is null ? ReadLine(record) : ReadPage(record, held);
    }

    /// <summary>The stable identifier of a source: 16 hexadecimal digits of the SHA-256 of its name.</summary>
    public static string IdOf(string source) => IdOf(HashOf(source));

    /// <summary>The same identifier, from the hash.</summary>
    internal static string IdOf(ulong hash) => hash.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>The first 64 bits of the SHA-256 of a source's name, big-endian. Shards are made by it.</summary>
    public static ulong HashOf(string source)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(source), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }

    /// <summary>Why a file cannot be opened, without its full path, which is nobody's business but this machine's.</summary>
    internal static string CannotOpen(Exception e, string path) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => path.Contains('\uFFFD')
            ? "its name, or the name of a folder around it, is not valid UTF-8; rename it"
            : "the file is gone",
        UnauthorizedAccessException => "no permission to read the file",
        _ => "cannot be read: " + e.Message.Replace(path, Path.GetFileName(path), StringComparison.Ordinal),
    };

    private static string SourceOf(InputRecord record) =>
        record.Number > 0 ? string.Create(CultureInfo.InvariantCulture, $"{record.Source}#{record.Number}") : record.Source;

    private static ReadOutcome Accept(Article article) => new(
        article with { Title = Line(article.Title), Author = Line(article.Author), Url = Line(article.Url), Language = Line(article.Language) }, null);

    /// <summary>What a source states in one line may hold anything: control characters and line ends become single spaces.</summary>
    private static string? Line(string? stated)
    {
        if (stated is null || !stated.AsSpan().ContainsAny(NoLine))
            return stated;
        var line = new StringBuilder(stated.Length);
        foreach (var c in stated)
        {
            if (c != ' ' && !NoLine.Contains(c))
                line.Append(c);
            else if (c != '\0' && line.Length > 0 && line[^1] != ' ')
                line.Append(' ');
        }

        return line.ToString().Trim() is { Length: > 0 } text ? text : null;
    }

    private static readonly System.Buffers.SearchValues<char> NoLine = System.Buffers.SearchValues.Create(
        [.. Enumerable.Range(0, 0xA0).Select(c => (char)c).Where(char.IsControl), '\u2028', '\u2029']);

    private static ReadOutcome Refuse(string source, string error) => new(null, new ReadFailure(source, Stage, error));

    private ReadOutcome ReadFile(InputRecord record, string path, Action<long> held)
    {
        try
        {
            if (!TryReadBytes(path, held, out var bytes))
                return Refuse(record.Source, TooLarge);
            return InputKinds.Of(path).Kind switch
            {
                InputKind.Word => ReadDocument(record.Source, InputKind.Word, ArticleFormat.Html, bytes),
                InputKind.Pdf => ReadDocument(record.Source, InputKind.Pdf, ArticleFormat.PlainText, bytes),
                InputKind.Email => ReadEmail(record.Source, bytes),
                InputKind.Html => ReadText(record.Source, bytes, ArticleFormat.Html, options.InputEncoding),
                InputKind.Markdown => ReadText(record.Source, bytes, ArticleFormat.Markdown, options.InputEncoding),
                _ => ReadText(record.Source, bytes, ArticleFormat.PlainText, options.InputEncoding),
            };
        }
        catch (InvalidDataException e)
        {
            return Refuse(record.Source, "broken data: " + e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refuse(record.Source, CannotOpen(e, path));
        }
    }

    /// <summary>Whether a text has more lines, or a page more tags, than any article: each costs more memory than its characters.</summary>
    private static bool IsNoArticle(string text, ArticleFormat format, out string error)
    {
        error = format == ArticleFormat.Html
            ? string.Create(CultureInfo.InvariantCulture, $"more than {MostTags:N0} tags; no article has so many")
            : string.Create(CultureInfo.InvariantCulture, $"more than {MostLines:N0} lines; split it");
        return text.Length > MostLines
            && (format == ArticleFormat.Html ? text.AsSpan().Count('<') > MostTags : text.AsSpan().CountAny(LineEnds) > MostLines);
    }

    private static readonly System.Buffers.SearchValues<char> LineEnds = System.Buffers.SearchValues.Create("\n\r\v\f\u0085\u2028\u2029");

    private static ReadOutcome ReadText(string source, byte[] bytes, ArticleFormat format, Encoding? encoding, string? url = null)
    {
        if (!TextDecoder.TryDecode(bytes, encoding, format == ArticleFormat.Html, out var text, out var error))
            return Refuse(source, error);
        return string.IsNullOrWhiteSpace(text) ? Refuse(source, "empty file")
            : IsNoArticle(text, format, out error) ? Refuse(source, error)
            : Accept(new Article { Id = IdOf(source), Source = source, Content = text, Format = format, Url = url });
    }

    private ReadOutcome ReadDocument(string source, InputKind kind, ArticleFormat format, byte[] bytes)
    {
        var document = documents?.Read(kind, bytes) ?? DocumentFile.Read(kind, bytes, options.MaxArticleBytes);
        return Accept(new Article
        {
            Id = IdOf(source), Source = source, Content = document.Content, Format = format, Title = document.Title, Author = document.Author,
        });
    }

    private static ReadOutcome ReadEmail(string source, byte[] bytes)
    {
        var (content, format, title, author, date) = EmailMessage.Read(bytes);
        return Accept(new Article
        {
            Id = IdOf(source), Source = source, Content = content, Format = format, Title = title, Author = author, Date = date,
        });
    }

    private ReadOutcome ReadPage(InputRecord record, Action<long> held)
    {
        var source = SourceOf(record);
        try
        {
            var (body, encoding) = HttpResponse.Unpack(record.Content, options.MaxArticleBytes, held);
            return ReadText(source, body, ArticleFormat.Html, encoding ?? options.InputEncoding, string.IsNullOrEmpty(record.Url) ? null : record.Url);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return Refuse(source, "broken data: " + e.Message);
        }
    }

    /// <summary>The file's bytes, decompressed; false where there are more than the limit, of which no more is read.</summary>
    private bool TryReadBytes(string path, Action<long> held, out byte[] bytes)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1, FileOptions.SequentialScan);
        var compression = InputKinds.Of(path).Compression;
        if (compression == Compression.None && file.CanSeek)
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

        using var stream = Compressions.Unpack(file, compression);
        using var whole = new MemoryStream();
        var chunk = new byte[1 << 16];
        int read;
        while ((read = stream.Read(chunk)) > 0)
        {
            held(whole.Length + read);
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
        var source = SourceOf(record);
        if (!JsonRecord.TryParse(record.Content, out var fields, out var error))
            return Refuse(source, error);
        if (Line(fields.Id) is { Length: > 0 } id)
            source = $"{record.Source}#{id}";
        if (string.IsNullOrWhiteSpace(fields.Text))
            return Refuse(source, "the record has no text: one of text, maintext, body, content must hold it");
        var format = JsonRecord.LooksLikeHtml(fields.Text) ? ArticleFormat.Html : ArticleFormat.PlainText;
        if (IsNoArticle(fields.Text, format, out error))
            return Refuse(source, error);
        return Accept(new Article
        {
            Id = IdOf(source),
            Source = source,
            Content = fields.Text,
            Format = format,
            Title = fields.Title,
            Author = fields.Author,
            Date = fields.Date,
            Url = fields.Url,
            Language = fields.Language,
        });
    }
}
