using System.Globalization;

namespace Pipeline.Cleaning;

/// <summary>What a character of a source becomes in an article's text.</summary>
internal enum CharacterClass : byte
{
    /// <summary>Stays as it is.</summary>
    Kept,

    /// <summary>White space inside a line; a run of it becomes one space.</summary>
    Space,

    /// <summary>Ends a line.</summary>
    LineEnd,

    /// <summary>Has no place in a text: control characters, bidi controls, zero-width marks, soft hyphens.</summary>
    Dropped,

    /// <summary>Half of a character outside the basic plane; an unpaired one becomes U+FFFD.</summary>
    Surrogate,
}

/// <summary>
/// The normalisation of characters, the same for every format: line ends of every kind, white space of every kind
/// (a no-break space too) to one space, invisible controls dropped. The zero-width joiner and non-joiner stay, since
/// Persian, Hindi and emoji are spelled with them.
/// </summary>
internal static class Characters
{
    private static readonly CharacterClass[] Latin = CreateLatin();

    public static CharacterClass Classify(char c) => c < 256 ? Latin[c] : ClassifyWide(c);

    private static CharacterClass ClassifyWide(char c) => c switch
    {
        '\u2028' or '\u2029' => CharacterClass.LineEnd,
        >= '\uD800' and <= '\uDFFF' => CharacterClass.Surrogate,
        '\u200C' or '\u200D' => CharacterClass.Kept,
        '\u061C' or '\u180E' or '\uFEFF' or '\uFFFE' or '\uFFFF' => CharacterClass.Dropped,
        >= '\u200B' and <= '\u200F' or >= '\u202A' and <= '\u202E' or >= '\u2060' and <= '\u206F' => CharacterClass.Dropped,
        >= '\uFDD0' and <= '\uFDEF' or >= '\uFFF9' and <= '\uFFFB' => CharacterClass.Dropped,
        '\u1680' or >= '\u2000' and <= '\u200A' or '\u202F' or '\u205F' or '\u3000' => CharacterClass.Space,
        _ => CharacterClass.Kept,
    };

    private static CharacterClass[] CreateLatin()
    {
        var table = new CharacterClass[256];
        for (var c = 0; c < 256; c++)
            table[c] = char.IsControl((char)c) ? CharacterClass.Dropped : CharacterClass.Kept;
        foreach (var c in "\n\r\v\f\u0085")
            table[c] = CharacterClass.LineEnd;
        foreach (var c in " \t\u00A0")
            table[c] = CharacterClass.Space;
        table['\u00AD'] = CharacterClass.Dropped;
        return table;
    }

    /// <summary>Whether a character closes a sentence, closing quotes and brackets aside.</summary>
    public static bool IsTerminal(char c) => c is '.' or '!' or '?' or '…' or '。' or '！' or '？' or '۔' or '؟' or '।';

    /// <summary>Whether a character may stand behind a sentence's last mark.</summary>
    public static bool IsCloser(char c) =>
        c is '"' or '\'' or ')' or ']' or '*' || char.GetUnicodeCategory(c) is
            UnicodeCategory.FinalQuotePunctuation or UnicodeCategory.ClosePunctuation;

    /// <summary>The last character that is no closing quote or bracket; NUL where there is none.</summary>
    public static char LastMark(ReadOnlySpan<char> line)
    {
        var end = line.Length;
        while (end > 0 && (line[end - 1] == ' ' || IsCloser(line[end - 1])))
            end--;
        return end == 0 ? '\0' : line[end - 1];
    }
}
