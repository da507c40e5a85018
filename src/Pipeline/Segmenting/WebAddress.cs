namespace Pipeline.Segmenting;

/// <summary>Addresses that stay one token: URLs, host names, e-mail addresses, file names.</summary>
internal static class WebAddress
{
    private const int LongestLocalPart = 64;

    private static readonly WordList<bool> Endings = new("address-endings.txt", _ => true);

    /// <summary>Whether a word opens an address with a scheme or <c>www.</c></summary>
    public static bool OpensUrl(ReadOnlySpan<char> text, int wordStart, int wordEnd)
    {
        var rest = text[wordEnd..];
        if (rest.StartsWith("://"))
            return true;
        var word = text[wordStart..wordEnd];
        return word.Length == 3 && word.Equals("www", StringComparison.OrdinalIgnoreCase)
            && rest.Length > 1 && rest[0] == '.' && CharTable.IsWord(rest[1]);
    }

    /// <summary>Whether what starts at a word is an e-mail address.</summary>
    /// <param name="text">The paragraph up to its end.</param>
    /// <param name="wordEnd">Behind the word's first letters.</param>
    public static bool OpensMail(ReadOnlySpan<char> text, int wordEnd)
    {
        var i = wordEnd;
        var limit = Math.Min(text.Length - 1, wordEnd + LongestLocalPart);
        while (i < limit && (CharTable.IsWord(text[i]) || text[i] is '.' or '_' or '-' or '+' or '%'))
            i++;
        return i < limit && text[i] == '@' && CharTable.IsWord(text[i + 1]);
    }

    /// <summary>Whether the letters behind a period end a host or file name.</summary>
    public static bool IsEnding(ReadOnlySpan<char> letters) => Endings.TryGet(letters, out _);

    /// <summary>End of the address that starts at <paramref name="start"/>; marks that close the sentence stay out.</summary>
    public static int EndOf(ReadOnlySpan<char> text, int start)
    {
        var end = start;
        var depth = 0;
        while (end < text.Length)
        {
            var c = text[end];
            if (CharTable.IsSpace(c) || c is '<' or '>' or '"' or '“' or '”' or '’' or '«' or '»' or '|')
                break;
            if (c is '(' or '[')
                depth++;
            else if (c is ')' or ']' && --depth < 0)
                break;
            end++;
        }

        while (end > start + 1 && CharTable.Of(text[end - 1]) is CharClass.Period or CharClass.Comma or CharClass.Colon
            or CharClass.Semicolon or CharClass.Terminal or CharClass.Apostrophe or CharClass.Open)
            end--;
        return end;
    }
}
