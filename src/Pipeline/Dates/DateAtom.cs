namespace Pipeline.Dates;

/// <summary>What an atom is made of.</summary>
internal enum AtomKind : byte
{
    Word,
    Number,
    Mark,
}

/// <summary>How a word is written.</summary>
internal enum LetterCase : byte
{
    Lower,
    Capital,
    Upper,
}

/// <summary>
/// The finest piece that the rules see: a run of letters, a number, or one mark. Cut from the characters and not from
/// the tokens, so that no rule depends on where the tokenizer cuts "mid-1990s".
/// </summary>
internal struct DateAtom
{
    /// <summary>Index of the first code unit in the article's text.</summary>
    public int Start;

    /// <summary>Index behind the last code unit.</summary>
    public int End;

    /// <summary>Id of the word in the lexicon, 0 where it is not there.</summary>
    public ushort Word;

    /// <summary>Column of the automaton's table: which classes the atom belongs to.</summary>
    public ushort Column;

    /// <summary>Value of a number; of a decimal, hundredths.</summary>
    public int Number;

    public AtomKind Kind;
    public LetterCase Case;

    /// <summary>Whether it follows the atom before it without white space.</summary>
    public bool Glued;

    /// <summary>Last code unit of a mark, or whether a word ends in "ed" (<c>'e'</c>), "ing" (<c>'i'</c>), "s" (<c>'s'</c>).</summary>
    public char Mark;

    /// <summary>Number class of a number.</summary>
    public NumberKind NumberKind;
}
