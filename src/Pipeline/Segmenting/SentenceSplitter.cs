namespace Pipeline.Segmenting;

/// <summary>Groups the tokens of a paragraph into sentences.</summary>
internal static class SentenceSplitter
{
    /// <summary>Appends the sentences of one paragraph.</summary>
    /// <param name="text">The article's text.</param>
    /// <param name="tokens">All tokens so far; the paragraph's are the last.</param>
    /// <param name="first">Index of the paragraph's first token.</param>
    /// <param name="paragraph">Its number.</param>
    /// <param name="section">Its section.</param>
    /// <param name="sentences">Receives the sentences.</param>
    public static void Split(
        string text, ReadOnlySpan<Token> tokens, int first, int paragraph, string section, List<Sentence> sentences)
    {
        var start = first;
        for (var i = first; i < tokens.Length; i++)
        {
            if (i + 1 < tokens.Length && !EndsSentence(text, tokens, i))
                continue;
            var span = new TextSpan(tokens[start].Start, tokens[i].End);
            sentences.Add(new Sentence(paragraph, section, span, start, i + 1));
            start = i + 1;
        }
    }

    private static bool EndsSentence(string text, ReadOnlySpan<Token> tokens, int i)
    {
        if (tokens[i].End == tokens[i + 1].Start)
            return false;
        var last = i;
        while (last > 0 && CharTable.Of(text[tokens[last].Start]) is CharClass.Quote or CharClass.Close or CharClass.Apostrophe
            && tokens[last - 1].End == tokens[last].Start)
            last--;
        var token = tokens[last].In(text);
        if (CharTable.Of(token[^1]) is not (CharClass.Period or CharClass.Terminal))
            return false;
        if (CharTable.Of(text[tokens[i + 1].Start]) is CharClass.Lower or CharClass.Comma or CharClass.Close)
            return false;
        return Abbreviations.KindOf(token) is AbbreviationKind.None or AbbreviationKind.Latin or AbbreviationKind.Company;
    }
}
