using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Pipeline.Reading;

/// <summary>The fields of one JSON line, under any of the names that the contract lists.</summary>
internal sealed record JsonRecord(
    string? Text, string? Id, string? Title, string? Author, DateOnly? Date, string? Url, string? Language)
{
    private static readonly string[] TextNames = ["text", "maintext", "body", "content"];
    private static readonly string[] DateNames = ["date", "date_publish", "published", "publishing_date"];
    private static readonly string[] AuthorNames = ["author", "authors"];

    public static bool TryParse(ReadOnlyMemory<byte> line, out JsonRecord record, out string error)
    {
        record = new JsonRecord(null, null, null, null, null, null, null);
        error = "";
        if (!System.Text.Unicode.Utf8.IsValid(line.Span))
        {
            if (!TextDecoder.TryDecode(line.Span, null, false, out var decoded, out error))
                return false;
            line = Encoding.UTF8.GetBytes(decoded);
        }

        try
        {
            record = Parse(line);
            return true;
        }
        catch (JsonException e)
        {
            error = $"not a JSON line: {Reason(e)}";
        }
        catch (InvalidOperationException)
        {
            // An escape such as \ud83d without its second half: JSON allows it, Unicode text does not.
            try
            {
                record = Parse(MendSurrogates(line.ToArray()));
                return true;
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                error = "not a JSON line: broken \\u escape";
            }
        }

        return false;
    }

    public static bool LooksLikeHtml(string text)
    {
        var head = text.AsSpan().TrimStart();
        if (head.IsEmpty || head[0] != '<')
            return false;
        return text.Contains("</p>", StringComparison.OrdinalIgnoreCase)
            || text.Contains("</div>", StringComparison.OrdinalIgnoreCase)
            || text.Contains("<html", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Day of a timestamp as it is written, in its own offset; ISO 8601, RFC 1123 or seconds since 1970.</summary>
    public static DateOnly? DateOf(string? value)
    {
        if (value is null)
            return null;
        var text = value.AsSpan().Trim();
        if (text.Length >= 10 && DateOnly.TryParseExact(text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return day;
        if (text.Length == 8 && DateOnly.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day))
            return day;
        if (long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number > 100_000_000)
        {
            var seconds = number > 100_000_000_000 ? number / 1000 : number;
            return seconds < 253_402_300_800 ? DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime) : null;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) && text.Length >= 8 && HasYear(text)
            ? DateOnly.FromDateTime(moment.DateTime)
            : null;
    }

    /// <summary>Without a year in the text the parser would take the one of the system clock.</summary>
    private static bool HasYear(ReadOnlySpan<char> text)
    {
        var digits = 0;
        foreach (var c in text)
        {
            digits = char.IsAsciiDigit(c) ? digits + 1 : 0;
            if (digits == 4)
                return true;
        }

        return false;
    }

    private static JsonRecord Parse(ReadOnlyMemory<byte> line)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw new JsonException("the line holds no object");
        return new JsonRecord(
            First(root, TextNames),
            First(root, "id"),
            First(root, "title"),
            First(root, AuthorNames),
            DateNames.Select(name => DateOf(First(root, name))).FirstOrDefault(date => date is not null),
            First(root, "url"),
            First(root, "language"));
    }

    private static string? First(JsonElement root, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (root.TryGetProperty(name, out var value) && Flat(value) is { Length: > 0 } text)
                return text;
        }

        return null;
    }

    private static string? Flat(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.Array => string.Join("; ", value.EnumerateArray().Select(Flat).Where(text => !string.IsNullOrWhiteSpace(text))),
        JsonValueKind.Object => value.TryGetProperty("name", out var name) ? Flat(name) : null,
        _ => null,
    };

    private static string Reason(JsonException e)
    {
        var message = e.Message;
        var cut = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        if (cut > 0)
            message = message[..cut];
        return e.BytePositionInLine is { } at ? $"{message.ReplaceLineEndings(" ")} (at byte {at + 1})" : message;
    }

    private static byte[] MendSurrogates(byte[] line)
    {
        for (var i = 0; i + 5 < line.Length; i++)
        {
            if (line[i] != '\\')
                continue;
            if (line[i + 1] != 'u')
            {
                i++;
                continue;
            }

            var unit = Unit(line, i);
            if (unit is >= 0xD800 and < 0xDC00 && i + 11 < line.Length && line[i + 6] == '\\' && line[i + 7] == 'u'
                && Unit(line, i + 6) is >= 0xDC00 and < 0xE000)
                i += 11;
            else if (unit is >= 0xD800 and < 0xE000)
                "fffd"u8.CopyTo(line.AsSpan(i + 2));
        }

        return line;
    }

    private static int Unit(byte[] line, int at) =>
        int.TryParse(line.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) ? unit : 0;
}
