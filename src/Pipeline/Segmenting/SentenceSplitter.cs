namespace Pipeline.Segmenting;

/// <summary>Groups the tokens of a paragraph into sentences. Immutable.</summary>
internal sealed class SentenceSplitter(BoundaryModel model)
{
    /// <summary>Appends the sentences of one paragraph.</summary>
    /// <param name="text">The article's text.</param>
    /// <param name="tokens">All tokens so far; the paragraph's are the last.</param>
    /// <param name="first">Index of the paragraph's first token.</param>
    /// <param name="looseness">The article's, see <see cref="BoundaryCursor.LoosenessOf"/>.</param>
    /// <param name="paragraph">Its number.</param>
    /// <param name="section">Its section.</param>
    /// <param name="sentences">Receives the sentences.</param>
    public void Split(
        string text,
        ReadOnlySpan<Token> tokens,
        int first,
        int looseness,
        int paragraph,
        string section,
        List<Sentence> sentences)
    {
        if (first == tokens.Length)
            return;
        var start = first;
        var cursor = new BoundaryCursor(text, tokens, first, looseness, model.Casing);
        while (cursor.MoveNext())
        {
            if (!model.Ends(cursor))
                continue;
            cursor.EndSentence();
            Add(tokens, start, cursor.Position + 1, paragraph, section, sentences);
            start = cursor.Position + 1;
        }

        Add(tokens, start, tokens.Length, paragraph, section, sentences);
    }

    private static void Add(
        ReadOnlySpan<Token> tokens, int start, int end, int paragraph, string section, List<Sentence> sentences) =>
        sentences.Add(new Sentence(paragraph, section, new TextSpan(tokens[start].Start, tokens[end - 1].End), start, end));
}
