namespace Pipeline.Segmenting;

/// <summary>Faces made of marks, such as <c>:-)</c>, and arrows; they stay one token.</summary>
internal static class Emoticons
{
    /// <summary>Whether a face starts at <paramref name="start"/>; it must stand alone between words.</summary>
    public static bool TryMatch(ReadOnlySpan<char> text, int start, out int end)
    {
        end = start;
        if (start + 1 >= text.Length || !(text[start] is ':' or ';' or '=' or '<' or '-' or '(' or '^' or '>'))
            return false;
        var rest = text[start..Math.Min(text.Length, start + 3)];
        var length = 0;
        if (rest[0] is ':' or ';' or '=')
        {
            var mouth = rest.Length > 2 && rest[1] is '-' or '\'' or 'o' ? 2 : 1;
            if (rest.Length <= mouth || !(rest[mouth] is ')' or '(' or 'D' or 'P' or 'p' or '/' or '|' or ']' or '[' or '*' or 'O'))
                return false;
            if (rest[0] == ':' && rest[mouth] == '/' && start + mouth + 1 < text.Length && text[start + mouth + 1] == '/')
                return false;
            length = mouth + 1;
            while (start + length < text.Length && text[start + length] == text[start + mouth])
                length++;
            if (start + length < text.Length && CharTable.IsWord(text[start + length]))
                return false;
        }
        else if (rest.StartsWith("<3") || rest.StartsWith("->") || rest.StartsWith("=>"))
        {
            length = 2;
        }
        else if (rest is "^_^")
        {
            length = 3;
        }
        else if (rest[0] == '(' && rest[1] is ':' or ';' && (rest.Length == 2 || CharTable.IsSpace(rest[2])))
        {
            length = 2;
        }

        end = start + length;
        return length > 0;
    }
}
