using System.Globalization;
using System.Text;

namespace Pipeline.Inspect.Plain;

/// <summary>Text of unknown origin, made fit to be looked at: what would move, hide or reorder other text is spelled out.</summary>
internal static class VisibleText
{
    /// <summary>The text with control characters, directional controls and lone surrogates spelled out, such as ⟨U+202E⟩.</summary>
    public static string Of(string text) => Of(text, 0, text.Length);

    /// <summary>The same for a part of a text.</summary>
    public static string Of(string text, int start, int end)
    {
        var clean = true;
        for (var i = start; i < end && clean; i++)
            clean = !IsHarmful(text, i);
        if (clean)
            return text[start..end];
        var shown = new StringBuilder(end - start + 16);
        for (var i = start; i < end; i++)
        {
            if (IsHarmful(text, i))
                shown.Append("⟨U+").Append(((int)text[i]).ToString("X4", CultureInfo.InvariantCulture)).Append('⟩');
            else
                shown.Append(text[i]);
        }

        return shown.ToString();
    }

    /// <summary>At most so many characters, with … where more follow.</summary>
    public static string Short(string text, int most)
    {
        if (text.Length <= most)
            return Of(text);
        var end = char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;
        return Of(text, 0, end) + "…";
    }

    private static bool IsHarmful(string text, int i)
    {
        var c = text[i];
        return c switch
        {
            '\n' or '\t' => false,
            < ' ' or (>= '\u007F' and <= '\u009F') => true,
            '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\uFEFF' => true,
            '\u2028' or '\u2029' or (>= '\uFFF9' and <= '\uFFFB') => true,
            >= '\uD800' and <= '\uDBFF' => i + 1 >= text.Length || !char.IsLowSurrogate(text[i + 1]),
            >= '\uDC00' and <= '\uDFFF' => i == 0 || !char.IsHighSurrogate(text[i - 1]),
            _ => false,
        };
    }
}
