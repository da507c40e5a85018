using Pipeline.Cleaning;

namespace Pipeline.Segmenting;

/// <summary>
/// Walks over the tokens of a paragraph and stops where a sentence might end. The splitter and the training walk the
/// same way, so that the model sees at work what it saw in training.
/// </summary>
internal ref partial struct BoundaryCursor
{
    // Fewer paragraphs do not tell how an article is edited.
    private const int FewestParagraphs = 4;

    // A speaker's name and office have at most so many words.
    private const int LongestSpeaker = 8;

    private const int LongestDateline = 14;

    // Longer words are mostly addresses, behind which a sentence may start with a small letter.
    private const int LongWord = 16;

    // See ShapeOf.
    private const int FirstStop = 16;

    private static readonly WordList<bool> SpeechVerbs = new("speech-verbs.txt", _ => true);

    private readonly ReadOnlySpan<char> text;
    private readonly ReadOnlySpan<Token> tokens;
    private readonly uint paragraphEnd;
    private readonly uint looseness;
    private readonly WordCasing casing;
    private int start;
    private int depth;
    private bool quoteOpen;

    /// <summary>Starts before the first token.</summary>
    public BoundaryCursor(ReadOnlySpan<char> text, ReadOnlySpan<Token> tokens, int first, int looseness, WordCasing casing)
    {
        this.casing = casing;
        this.looseness = (uint)looseness;
        this.text = text;
        this.tokens = tokens;
        start = first;
        Position = first - 1;
        if (first < tokens.Length)
        {
            var last = tokens.Length - 1;
            while (last > first && IsCloser(last))
                last--;
            paragraphEnd = (uint)ShapeOf(last);
        }
    }

    /// <summary>The token after which a sentence might end.</summary>
    public int Position { get; private set; }

    /// <summary>Whether only strong evidence may end a sentence here: behind a bare word or colon of edited prose.</summary>
    public readonly bool NeedsMore => !IsLoose && Last(Position) is <= CharClass.Digit or CharClass.Colon;

    /// <summary>Whether there is a further position, short of the last token.</summary>
    public bool MoveNext()
    {
        while (++Position < tokens.Length - 1)
        {
            Enter(Position);
            if (IsCandidate(Position))
                return true;
        }

        return false;
    }

    /// <summary>Records that a sentence ends here.</summary>
    public void EndSentence()
    {
        start = Position + 1;
        depth = 0;
        quoteOpen = false;
    }

    private readonly bool IsLoose => looseness > 0 || paragraphEnd < FirstStop;

    private readonly ReadOnlySpan<char> Word(int i) => text[tokens[i].Start..tokens[i].End];

    private readonly CharClass First(int i) => CharTable.Of(text[tokens[i].Start]);

    private readonly CharClass Last(int i) => CharTable.Of(text[tokens[i].End - 1]);

    private readonly bool GapAfter(int i) => i + 1 < tokens.Length && tokens[i].End != tokens[i + 1].Start;

    private readonly bool IsCloser(int i)
    {
        var token = tokens[i];
        return token.End - token.Start <= 2 && First(i) is CharClass.Close or CharClass.Quote or CharClass.Apostrophe
            && i > 0 && tokens[i - 1].End == token.Start;
    }

    private void Enter(int i)
    {
        switch (First(i))
        {
            case CharClass.Open:
                depth++;
                break;
            case CharClass.Close:
                depth = Math.Max(0, depth - 1);
                break;
            case CharClass.Quote:
                quoteOpen = text[tokens[i].Start] switch
                {
                    '“' or '«' or '„' => true,
                    '”' or '»' => false,
                    '"' => !quoteOpen,
                    _ => quoteOpen,
                };
                break;
        }
    }

    private readonly bool IsCandidate(int i)
    {
        var last = Last(i);
        var next = First(i + 1);
        var gap = GapAfter(i);
        if (last <= CharClass.Digit)
            return gap && IsCandidateBehindWord(i, next);
        if (next is CharClass.Comma or CharClass.Close or CharClass.Semicolon or CharClass.Percent)
            return false;
        if (last is CharClass.Period or CharClass.Terminal)
            return gap ? !(next == CharClass.Upper && GoesBeforeName(i)) : next <= CharClass.Letter;
        if (!gap)
            return false;
        return last switch
        {
            CharClass.Comma => IsLoose && next is CharClass.Upper or CharClass.Digit,
            CharClass.Dash or CharClass.Hyphen => !IsDateline(i),
            CharClass.Close => next != CharClass.Lower && (next is not (CharClass.Dash or CharClass.Hyphen) || !IsDateline(i + 1)),
            CharClass.Open or CharClass.Currency or CharClass.Ampersand or CharClass.Slash => false,
            CharClass.Quote or CharClass.Apostrophe => IsCloser(i) && next != CharClass.Lower && !NamesSpeaker(i),
            _ => true,
        };
    }

    // Edited prose puts a stop behind every sentence; only elsewhere may a capital alone, or less, start one.
    private readonly bool IsCandidateBehindWord(int i, CharClass next) => next switch
    {
        CharClass.Comma or CharClass.Close or CharClass.Period or CharClass.Terminal => false,
        CharClass.Lower or CharClass.Letter =>
            (looseness > 1 && paragraphEnd < FirstStop) || (IsLoose && tokens[i].End - tokens[i].Start > LongWord),
        CharClass.Upper => IsLoose || IsUsuallySmall(i + 1),
        _ => IsLoose,
    };

    private readonly bool IsUsuallySmall(int i) => casing[HashOf(Word(i))] == WordCasing.Small;

    // George W. Bush, U.S. Labor Department; etc. is the one that mostly ends a sentence.
    private readonly bool GoesBeforeName(int i)
    {
        var kind = Abbreviations.KindOf(Word(i));
        if (kind is AbbreviationKind.None or AbbreviationKind.Latin || Abbreviations.IsOpener(Word(i + 1)))
            return false;
        return kind == AbbreviationKind.Initial || !IsUsuallySmall(i + 1)
            || (i + 2 < tokens.Length && First(i + 2) == CharClass.Upper);
    }

    // NAIROBI (Reuters) - The, MULTAN, Pakistan - An: part of the sentence that it opens.
    private readonly bool IsDateline(int i)
    {
        if (i - start > LongestDateline || i == start || First(start) != CharClass.Upper && First(start) != CharClass.Open)
            return false;
        for (var j = start; j < i; j++)
        {
            if (First(j) is CharClass.Lower or CharClass.Colon or CharClass.Terminal && Word(j) is not ("of" or "the" or "and" or "de" or "al"))
                return false;
        }

        return Last(i - 1) == CharClass.Close || IsCapitals(start);
    }

    private readonly bool IsCapitals(int i)
    {
        var word = Word(i);
        return word.Length > 2 && CharTable.Of(word[0]) == CharClass.Upper && CharTable.Of(word[1]) == CharClass.Upper;
    }

    // "Why?" Smith asked.
    private readonly bool NamesSpeaker(int i)
    {
        if (First(i + 1) != CharClass.Upper || i == 0 || Last(i - 1) != CharClass.Terminal || IsUsuallySmall(i + 1))
            return false;
        var end = Math.Min(tokens.Length, i + 2 + LongestSpeaker);
        for (var j = i + 2; j < end && Last(j) is not (CharClass.Terminal or CharClass.Quote); j++)
        {
            if (First(j) == CharClass.Lower && SpeechVerbs.TryGet(Word(j), out _))
                return true;
        }

        return false;
    }

    /// <summary>
    /// How far an article is from edited prose: 0 where nearly all paragraphs close with a stop, 3 where few do (lists,
    /// letters, menus).
    /// </summary>
    public static int LoosenessOf(string text, IReadOnlyList<Block> blocks)
    {
        var paragraphs = 0;
        var open = 0;
        foreach (var block in blocks)
        {
            if (block.Kind != BlockKind.Paragraph || block.Span.Length == 0)
                continue;
            paragraphs++;
            var last = block.Span.End - 1;
            while (last > block.Span.Start
                && CharTable.Of(text[last]) is CharClass.Space or CharClass.Close or CharClass.Quote or CharClass.Apostrophe)
                last--;
            if (CharTable.Of(text[last]) is not (CharClass.Period or CharClass.Terminal))
                open++;
        }

        return (open * 10) switch
        {
            var tenths when tenths < paragraphs && paragraphs >= FewestParagraphs => 0,
            var tenths when tenths < paragraphs * 3 => 1,
            var tenths when tenths < paragraphs * 6 => 2,
            _ => paragraphs == 0 ? 0 : 3,
        };
    }
}
