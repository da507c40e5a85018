namespace Pipeline.Segmenting;

/// <summary>What kind of abbreviation a token with a closing period is.</summary>
internal enum AbbreviationKind : byte
{
    None,
    Title,
    Month,
    Day,
    Number,
    Company,
    Street,
    State,
    Latin,
    Unit,
    Degree,
    Office,

    /// <summary>One capital letter.</summary>
    Initial,

    /// <summary>Letters with a period behind each: <c>U.S.</c>, <c>a.m.</c></summary>
    Acronym,
}

/// <summary>Decides whether a period belongs to the word before it. The words are in <c>abbreviations.txt</c>.</summary>
internal static class Abbreviations
{
    private const int LongestOpener = 8;

    private static readonly WordList<bool> Openers = new("sentence-openers.txt", _ => true);

    private static readonly WordList<AbbreviationKind> Words =
        new("abbreviations.txt", kind => Enum.Parse<AbbreviationKind>(kind, ignoreCase: true));

    /// <summary>The kind of a token that ends in a period.</summary>
    public static AbbreviationKind KindOf(ReadOnlySpan<char> token)
    {
        if (token.Length < 2 || token[^1] != '.' || !CharTable.IsLetter(token[0]))
            return AbbreviationKind.None;
        if (Words.TryGet(token, out var kind))
            return kind;
        if (token.Length == 2)
            return AbbreviationKind.Initial;
        return token[1] == '.' || token[..^1].Contains('.') ? AbbreviationKind.Acronym : AbbreviationKind.None;
    }

    /// <summary>Whether a word mostly starts a sentence where it has a capital.</summary>
    public static bool IsOpener(ReadOnlySpan<char> word) => Openers.TryGet(word, out _);

    /// <summary>Whether the period at <paramref name="period"/> belongs to the word that starts at <paramref name="start"/>.</summary>
    /// <param name="text">The paragraph up to its end.</param>
    /// <param name="start">First character of the word.</param>
    /// <param name="period">The period, which no letter or digit follows directly.</param>
    /// <param name="before">The word before, empty at the paragraph's start.</param>
    public static bool KeepsPeriod(ReadOnlySpan<char> text, int start, int period, ReadOnlySpan<char> before)
    {
        var word = text[start..period];
        var first = CharTable.Of(word[0]);
        var next = period + 1;
        while (next < text.Length && CharTable.IsSpace(text[next]))
            next++;
        var following = next < text.Length ? text[next] : '\0';
        if (word.Length == 1 && first == CharClass.Upper)
            return IsInitial(text, next, next > period + 1, before);
        if (!Words.TryGet(text[start..(period + 1)], out var kind))
            return false;
        var capital = first == CharClass.Upper;
        return kind switch
        {
            AbbreviationKind.Title or AbbreviationKind.Street => (capital || (before.Length > 0 && CharTable.IsDigit(before[^1]))) && following != '\0',
            AbbreviationKind.Month => capital && (CharTable.IsDigit(following) || word is not "Mar"),
            AbbreviationKind.Day => capital && (word is not ("Sun" or "Sat") || following == ',' || CharTable.IsDigit(following)),
            AbbreviationKind.Number => CharTable.IsDigit(following),
            AbbreviationKind.Company or AbbreviationKind.Degree => capital,
            AbbreviationKind.State => capital && before is ",",
            AbbreviationKind.Unit => before.Length > 0 && CharTable.IsDigit(before[^1]),
            AbbreviationKind.Latin => word is not "al" || before is "et",
            AbbreviationKind.Office => word.Length > 1 || following != '\0',
            _ => true,
        };
    }

    // A letter that names a thing (Plan B, vitamin C) ends a sentence where one of a name would not.
    private static bool IsInitial(ReadOnlySpan<char> text, int next, bool apart, ReadOnlySpan<char> before)
    {
        if (next == text.Length)
            return false;
        var following = CharTable.Of(text[next]);
        if (!apart)
            return text[next] is ',' or '-' or ')';
        if (following != CharClass.Upper)
            return following is not (CharClass.Quote or CharClass.Open);
        if (before.IsEmpty || CharTable.Of(before[0]) is CharClass.Upper or CharClass.Open or CharClass.Quote)
            return before is not ("Plan" or "Vitamin" or "Hepatitis" or "Grade" or "Class" or "Type" or "Part" or "Group"
                or "Section" or "Appendix" or "Figure" or "Table" or "Exhibit" or "Series" or "Schedule" or "Area");
        var end = next;
        while (end < text.Length && end - next < LongestOpener && CharTable.IsLetter(text[end]))
            end++;
        return before is not ("vitamin" or "hepatitis") && !Openers.TryGet(text[next..end], out _);
    }
}
