using System.Text;
using System.Text.RegularExpressions;
using UtfUnknown;

namespace Pipeline.Reading;

/// <summary>
/// Turns bytes into characters: by mark (UTF-8, UTF-16, UTF-32), as valid UTF-8, by the encoding that the caller or the
/// page names, else by detection (UTF.Unknown). Binary data are refused.
/// </summary>
internal static partial class TextDecoder
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>The encoding of the byte order mark, if there is one, and the mark's length in bytes.</summary>
    public static (Encoding? Encoding, int Length) Mark(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (StrictUtf8, 3),
        [0xFF, 0xFE, 0, 0, ..] => (Encoding.UTF32, 4),
        [0, 0, 0xFE, 0xFF, ..] => (new UTF32Encoding(bigEndian: true, byteOrderMark: true), 4),
        [0xFF, 0xFE, ..] => (Encoding.Unicode, 2),
        [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2),
        _ => (null, 0),
    };

    /// <summary>Decodes a whole file.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="forced">What the user named, used where the bytes are neither marked nor UTF-8.</param>
    /// <param name="isHtml">Whether the bytes may name their encoding in a <c>meta</c> tag.</param>
    /// <param name="text">The characters, without mark.</param>
    /// <param name="error">Why there are none.</param>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, Encoding? forced, bool isHtml, out string text, out string error)
    {
        text = error = "";
        var (marked, length) = Mark(bytes);
        if (marked is not null)
        {
            text = (marked is UTF8Encoding ? Encoding.UTF8 : marked).GetString(bytes[length..]);
            return true;
        }

        if (WideWithoutMark(bytes) is { } wide)
        {
            text = wide.GetString(bytes);
            return true;
        }

        if (IsBinary(bytes))
        {
            error = "binary file, not text";
            return false;
        }

        if (System.Text.Unicode.Utf8.IsValid(bytes))
        {
            text = Encoding.UTF8.GetString(bytes);
            return true;
        }

        var encoding = forced ?? (isHtml ? Declared(bytes) : null);
        if (encoding is null && MostlyUtf8(bytes))
            encoding = Encoding.UTF8;
        encoding ??= Detect(bytes);
        if (encoding is null)
        {
            error = "unknown text encoding; convert it to UTF-8 or name it with --input-encoding";
            return false;
        }

        text = encoding.GetString(bytes);
        return true;
    }

    /// <summary>An encoding by its name, legacy code pages included; <see langword="null"/> where there is none of that name.</summary>
    public static Encoding? Named(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>One broken byte in a long UTF-8 text must not turn every accent of it into two wrong letters.</summary>
    private static bool MostlyUtf8(ReadOnlySpan<byte> bytes)
    {
        int valid = 0, invalid = 0;
        while (!bytes.IsEmpty)
        {
            var ascii = bytes.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
            if (ascii < 0)
                break;
            bytes = bytes[ascii..];
            if (Rune.DecodeFromUtf8(bytes, out _, out var consumed) == System.Buffers.OperationStatus.Done)
                valid++;
            else
                invalid++;
            bytes = bytes[consumed..];
        }

        return valid >= 9 * invalid;
    }

    private static Encoding? Detect(ReadOnlySpan<byte> bytes)
    {
        var best = CharsetDetector.DetectFromBytes(bytes[..Math.Min(bytes.Length, 1 << 18)].ToArray()).Detected;
        return best is { Confidence: >= 0.3f, Encoding: { } encoding } ? encoding : null;
    }

    private static Encoding? Declared(ReadOnlySpan<byte> bytes)
    {
        var head = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 2048)]);
        var match = MetaCharset().Match(head);
        return match.Success ? Named(match.Groups[1].Value) : null;
    }

    /// <summary>Text in UTF-16 without a mark: every other byte is zero, always on the same side.</summary>
    private static Encoding? WideWithoutMark(ReadOnlySpan<byte> bytes)
    {
        var head = bytes[..(Math.Min(bytes.Length, 4096) & ~1)];
        if (head.Length < 8 || bytes.Length % 2 != 0)
            return null;
        int even = 0, odd = 0;
        for (var i = 0; i < head.Length; i += 2)
        {
            if (head[i] == 0)
                even++;
            if (head[i + 1] == 0)
                odd++;
        }

        var half = head.Length / 2;
        return odd > half * 7 / 10 && even == 0 ? Encoding.Unicode
            : even > half * 7 / 10 && odd == 0 ? Encoding.BigEndianUnicode
            : null;
    }

    private static bool IsBinary(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("%PDF-"u8) || bytes.StartsWith("PK\x03\x04"u8))
            return true;
        var head = bytes[..Math.Min(bytes.Length, 8192)];
        var control = 0;
        foreach (var b in head)
        {
            if (b == 0)
                return true;
            if (b < 0x20 && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f' or 0x1B))
                control++;
        }

        return control * 10 > head.Length;
    }

    [GeneratedRegex("<meta[^>]{0,200}charset\\s{0,5}=\\s{0,5}[\"']?([A-Za-z0-9_:.-]{1,40})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MetaCharset();
}
