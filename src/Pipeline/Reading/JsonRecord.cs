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
            if (TryMendNumbers(line.Span, out var mended))
                return TryParse(mended, out record, out _);
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
            DateNames.Select(name => RecordDate.Of(First(root, name))).FirstOrDefault(date => date is not null),
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

    /// <summary>
    /// Whether a line holds an object with a text, told without decoding it: what walks a file of many counts those that do
    /// not. A line in another encoding than UTF-8 is judged by its ASCII.
    /// </summary>
    public static bool LooksComplete(ReadOnlySpan<byte> line)
    {
        if (!System.Text.Unicode.Utf8.IsValid(line))
        {
            var ascii = line.ToArray();
            foreach (ref var b in ascii.AsSpan())
                b = b < 0x80 ? b : (byte)'?';
            line = ascii;
        }

        return HasText(line) || (TryMendNumbers(line, out var mended) && HasText(mended));
    }

    private static bool HasText(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            var found = false;
            while (reader.Read())
            {
                if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName)
                    continue;
                var isText = false;
                foreach (var name in TextNames)
                    isText |= reader.ValueTextEquals(name);
                reader.Read();
                found |= isText && (reader.TokenType == JsonTokenType.String
                    ? reader.ValueSpan.IndexOfAnyExcept((byte)' ') >= 0
                    : reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject or JsonTokenType.Number);
            }

            return found;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Writes empty strings for the numbers that JSON does not know and other programs write: NaN, Infinity, -Infinity.</summary>
    private static bool TryMendNumbers(ReadOnlySpan<byte> line, out byte[] mended)
    {
        mended = [];
        var inString = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"')
                inString = !inString;
            else if (inString)
                i += line[i] == '\\' ? 1 : 0;
            else if (line[i] is (byte)'N' or (byte)'I' or (byte)'-')
                i += Mend(line, i, ref mended);
        }

        return mended.Length > 0;
    }

    /// <returns>How many bytes behind the first were written over.</returns>
    private static int Mend(ReadOnlySpan<byte> line, int at, ref byte[] mended)
    {
        foreach (var name in (ReadOnlySpan<string>)["NaN", "Infinity", "-Infinity"])
        {
            if (!System.Text.Ascii.Equals(line.Slice(at, Math.Min(name.Length, line.Length - at)), name))
                continue;
            if (mended.Length == 0)
                mended = line.ToArray();
            mended.AsSpan(at, name.Length).Fill((byte)' ');
            "\"\""u8.CopyTo(mended.AsSpan(at));
            return name.Length - 1;
        }

        return 0;
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
