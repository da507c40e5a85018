namespace Pipeline.Segmenting;

/// <summary>
/// Cuts text into tokens as the Universal Dependencies treebanks of English do: one pass over the characters, each
/// decision from the character class and the characters beside it.
/// </summary>
internal ref partial struct TokenScanner
{
    // Bounds how far a chain such as a.b.c is looked through, so that time stays linear.
    private const int MostParts = 32;

    private readonly ReadOnlySpan<char> text;
    private readonly ref TokenBuffer tokens;
    private readonly int firstToken;
    private bool insideSingleQuotes;

    private TokenScanner(ReadOnlySpan<char> text, ref TokenBuffer tokens)
    {
        this.text = text;
        this.tokens = ref tokens;
        firstToken = tokens.Count;
    }

    /// <summary>Appends the tokens of a paragraph or sentence.</summary>
    /// <param name="text">The article's text.</param>
    /// <param name="span">The paragraph or sentence.</param>
    /// <param name="tokens">Receives the tokens.</param>
    public static void Scan(string text, TextSpan span, ref TokenBuffer tokens) =>
        new TokenScanner(text.AsSpan(0, span.End), ref tokens).Scan(span.Start);

    private void Scan(int i)
    {
        while (i < text.Length)
        {
            var kind = CharTable.Of(text[i]);
            i = kind switch
            {
                CharClass.Space => i + 1,
                <= CharClass.Digit => ScanWord(i),
                _ => ScanMark(i, kind),
            };
        }
    }

    private readonly char At(int i) => i < text.Length ? text[i] : '\0';

    private readonly int EndOfWord(int i)
    {
        while (i < text.Length && CharTable.IsWord(text[i]))
            i++;
        return i;
    }

    private readonly int EndOfLetters(int i)
    {
        while (i < text.Length && CharTable.IsLetter(text[i]))
            i++;
        return i;
    }

    private readonly int EndOfRun(int i)
    {
        var c = text[i];
        while (i < text.Length && text[i] == c)
            i++;
        return i;
    }

    private int Add(int start, int end)
    {
        tokens.Add(start, end);
        return end;
    }

    private readonly ReadOnlySpan<char> Before() =>
        tokens.Count > firstToken ? text[tokens[tokens.Count - 1].Start..tokens[tokens.Count - 1].End] : default;

    private int ScanWord(int start)
    {
        var part = start;
        while (true)
        {
            var end = EndOfWord(part);
            if (end == text.Length)
                return AddWord(start, end);
            var next = At(end + 1);
            switch (CharTable.Of(text[end]))
            {
                case CharClass.Apostrophe when CharTable.IsLetter(next):
                    if (TryCutContraction(start, end, out var behind))
                        return behind;
                    part = end + 1;
                    continue;

                case CharClass.Apostrophe when !insideSingleQuotes && IsClippedEnding(start, end):
                    return Add(start, end + 1);

                case CharClass.Period when text[end] == '.':
                    if (CharTable.IsDigit(text[end - 1]) && CharTable.IsDigit(next))
                    {
                        part = end + 1;
                        continue;
                    }

                    if (TryPeriod(start, part, end, next, out behind))
                        return behind;
                    break;

                case CharClass.Comma when CharTable.IsDigit(text[end - 1]) && GroupsDigits(end):
                    part = end + 1;
                    continue;

                case CharClass.Colon:
                    if (CharTable.IsDigit(text[end - 1]) && CharTable.IsDigit(next))
                    {
                        part = end + 1;
                        continue;
                    }

                    if (next == '/' && WebAddress.OpensUrl(text, start, end))
                        return Add(start, WebAddress.EndOf(text, start));
                    break;

                case CharClass.Slash when CharTable.IsDigit(text[end - 1]) && CharTable.IsDigit(next):
                    part = end + 1;
                    continue;

                case CharClass.Hyphen when CharTable.IsWord(next) && HyphenJoins(start, part, end):
                    part = end + 1;
                    continue;

                case CharClass.Ampersand when CharTable.Of(text[end - 1]) == CharClass.Upper && CharTable.Of(next) == CharClass.Upper:
                    part = end + 1;
                    continue;

                case CharClass.At when CharTable.IsWord(next):
                    return Add(start, WebAddress.EndOf(text, start));

                case CharClass.Underscore:
                    if (WebAddress.OpensMail(text, end))
                        return Add(start, WebAddress.EndOf(text, start));
                    if (!CharTable.IsWord(next))
                        break;
                    part = end + 1;
                    continue;

                case CharClass.Currency when end - start <= 3 && CharTable.IsDigit(next) && CharTable.Of(text[start]) == CharClass.Upper:
                    return Add(start, end + 1);
            }

            return AddWord(start, end);
        }
    }

    // The word's own letters are complete: a number is parted from its unit, a joined contraction cut.
    private int AddWord(int start, int end)
    {
        var word = text[start..end];
        if (CharTable.IsDigit(word[0]))
        {
            var letters = end;
            while (letters > start && CharTable.IsLetter(text[letters - 1]))
                letters--;
            if (letters < end && Units.Contains(text[letters..end]) && CharTable.IsDigit(text[letters - 1]))
            {
                Add(start, letters);
                return Add(letters, end);
            }
        }
        else if (Contractions.TryCutPlain(word, out var cut))
        {
            Add(start, start + cut);
            return Add(start + cut, end);
        }

        return Add(start, end);
    }

    private bool TryCutContraction(int start, int apostrophe, out int behind)
    {
        behind = EndOfLetters(apostrophe + 1);
        var cut = Contractions.CutBefore(text[start..apostrophe], text[(apostrophe + 1)..behind]);
        if (cut < 0 || (behind < text.Length && CharTable.IsDigit(text[behind])))
            return false;
        cut += start;
        AddWord(start, cut);
        Add(cut, behind);
        while (CharTable.Of(At(behind)) == CharClass.Apostrophe)
        {
            // I'd've
            var end = EndOfLetters(behind + 1);
            if (Contractions.CutBefore("", text[(behind + 1)..end]) != 0)
                break;
            behind = Add(behind, end);
        }

        return true;
    }

    // goin', ol', o'
    private readonly bool IsClippedEnding(int start, int apostrophe)
    {
        var word = text[start..apostrophe];
        return word.EndsWith("in") && word.Length > 4 || word is "ol" or "Ol" or "o" or "O" or "th" or "an";
    }

    private bool TryPeriod(int start, int part, int period, char next, out int behind)
    {
        behind = period + 1;
        if (CharTable.IsWord(next))
            return TryDotted(start, part, period, out behind);
        if (next != '.' && Abbreviations.KeepsPeriod(text, start, period, Before()))
        {
            Add(start, behind);
            return true;
        }

        return false;
    }

    // U.S., a.m., Ph.D., example.com, report.pdf, john.smith@example.com
    private bool TryDotted(int start, int part, int period, out int behind)
    {
        behind = period + 1;
        if (WebAddress.OpensUrl(text, start, period) || WebAddress.OpensMail(text, period))
        {
            behind = Add(start, WebAddress.EndOf(text, start));
            return true;
        }

        var parts = 1;
        var longest = period - part;
        var last = start;
        var end = period;
        while (parts < MostParts && CharTable.IsWord(At(end + 1)) && At(end) == '.')
        {
            last = end + 1;
            end = EndOfWord(last);
            longest = Math.Max(longest, end - last);
            parts++;
        }

        var shortParts = longest == 1 || (longest == 2 && parts == 2 && text[start..(end + (At(end) == '.' ? 1 : 0))] is "Ph.D." or "Ph.D");
        // A stock exchange's sign: BNPP.PA
        var isTicker = parts == 2 && period - start >= 2 && end - last <= 2 && IsCapitals(last, end)
            && IsCapitals(start, period - start > 2 ? period - 1 : period);
        if (isTicker)
        {
            behind = Add(start, end);
            return true;
        }

        if (shortParts)
        {
            behind = Add(start, At(end) == '.' && At(end + 1) != '.' ? end + 1 : end);
            return true;
        }

        if (WebAddress.IsEnding(text[last..end]) && !(CharTable.Of(text[last]) == CharClass.Upper && CharTable.Of(At(last + 1)) == CharClass.Lower))
        {
            behind = Add(start, At(end) is '/' or '?' or '@' ? WebAddress.EndOf(text, start) : end);
            return true;
        }

        return false;
    }

    private readonly bool IsCapitals(int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            if (CharTable.Of(text[i]) is not (CharClass.Upper or CharClass.Digit))
                return false;
        }

        return true;
    }

    private readonly bool HyphenJoins(int start, int part, int hyphen)
    {
        if (CharTable.IsDigit(text[hyphen - 1]))
            return JoinsNumbers(start, hyphen);
        if (part != start)
            return false;
        var first = text[start..hyphen];
        return Prefixes.Contains(first) && CharTable.IsLetter(text[hyphen + 1]);
    }

    // 1,234 and the Indian 12,34,567, but not the list [13,14]
    private readonly bool GroupsDigits(int comma)
    {
        var end = comma + 1;
        while (end < comma + 5 && CharTable.IsDigit(At(end)))
            end++;
        return end - comma == 4 || (end - comma == 3 && At(end) == ',');
    }

    // Telephone numbers and dates: at least two hyphens, or three digits and four.
    private readonly bool JoinsNumbers(int start, int hyphen)
    {
        if (!CharTable.IsDigit(text[hyphen + 1]))
            return false;
        if (text[start..hyphen].Contains('-'))
            return true;
        var end = hyphen + 1;
        while (CharTable.IsDigit(At(end)))
            end++;
        if (At(end) == '-')
            return CharTable.IsDigit(At(end + 1)) && hyphen - start <= 5;
        return hyphen - start == 3 && end - hyphen - 1 == 4 && !CharTable.IsLetter(At(end));
    }
}
