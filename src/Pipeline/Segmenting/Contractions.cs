namespace Pipeline.Segmenting;

/// <summary>Where words that are written together part: <c>do|n't</c>, <c>Pyongyang|'s</c>, <c>can|not</c>.</summary>
internal static class Contractions
{
    private static readonly WordList<int> Plain =
        new("contractions.txt", letters => int.Parse(letters, System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Cuts a word that has no apostrophe.</summary>
    public static bool TryCutPlain(ReadOnlySpan<char> word, out int cut)
    {
        // Nearly every word leaves here, so that the list is rarely asked.
        cut = 0;
        return word.Length is >= 2 and <= 8
            && (char)(word[^1] | 0x20) is 't' or 'a' or 'e' or 'o' or 'm' or 's'
            && (char)(word[0] | 0x20) is 'c' or 'g' or 'w' or 'l' or 'd' or 'i' or 'a' or 's' or 'h' or 't' or 'y'
            && Plain.TryGet(word, out cut)
            && !(word.Length == 2 && word[1] == 'M');
    }

    /// <summary>Index in <paramref name="word"/> at which the second part starts, or -1 where nothing is cut.</summary>
    /// <param name="word">What stands before the apostrophe.</param>
    /// <param name="ending">The letters behind it.</param>
    public static int CutBefore(ReadOnlySpan<char> word, ReadOnlySpan<char> ending)
    {
        if (ending.Length > 2 || ending.IsEmpty)
            return -1;
        var last = (char)(ending[^1] | 0x20);
        if (ending.Length == 1)
        {
            if (last == 't')
                return word.Length > 1 && word[^1] is 'n' or 'N' ? word.Length - 1 : -1;
            return last is 's' or 'm' or 'd' ? word.Length : -1;
        }

        return ((char)(ending[0] | 0x20), last) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? word.Length : -1;
    }

    /// <summary>Whether letters behind a leading apostrophe are one word with it.</summary>
    public static bool IsClipped(ReadOnlySpan<char> letters) =>
        letters is "s" or "S" or "m" or "d" or "ll" or "re" or "ve" or "em" or "Em" or "tis" or "Tis" or "twas" or "Twas"
            or "til" or "Til" or "cause" or "Cause" or "bout" or "round" or "n" or "cos" or "neath";

    /// <summary>Whether a token is the later part of a word that the scanner cut.</summary>
    /// <param name="text">The article's text.</param>
    /// <param name="before">The token that ends where this one starts.</param>
    /// <param name="token">The token in question.</param>
    /// <param name="quoteOpen">Whether a lone apostrophe would close a quotation.</param>
    public static bool IsLaterPart(string text, Token before, Token token, bool quoteOpen)
    {
        var part = token.In(text);
        var last = text[before.End - 1];
        if (!CharTable.IsWord(last) && last is not ('.' or '\'' or '’'))
            return false;
        if (part.Length > 1 && CharTable.Of(part[0]) == CharClass.Apostrophe)
            return CutBefore("", part[1..]) == 0;
        if (part.Length == 3 && CharTable.Of(part[1]) == CharClass.Apostrophe)
            return part[0] is 'n' or 'N' && part[2] is 't' or 'T';
        if (part is "'" or "’")
            return !quoteOpen && last is 's' or 'S' or 'x' or 'z';
        return TryCutPlain(text.AsSpan(before.Start, token.End - before.Start), out var cut) && before.Start + cut == token.Start;
    }
}
