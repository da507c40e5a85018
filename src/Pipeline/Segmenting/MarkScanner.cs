using System.Text;

namespace Pipeline.Segmenting;

// What is no word: marks, numbers that a mark opens, faces, emoji.
internal ref partial struct TokenScanner
{
    private int ScanMark(int i, CharClass kind)
    {
        var next = At(i + 1);
        switch (kind)
        {
            case CharClass.Apostrophe:
                return ScanApostrophe(i, next);

            case CharClass.Period when text[i] == '.' && CharTable.IsDigit(next):
                return Add(i, EndOfNumber(i + 1));

            case CharClass.Period or CharClass.Terminal:
                return Add(i, EndOfStops(i));

            case CharClass.Quote when text[i] == '`':
                return Add(i, next == '`' ? i + 2 : i + 1);

            case CharClass.Quote or CharClass.Open or CharClass.Close or CharClass.Comma or CharClass.Percent:
                return Emoticons.TryMatch(text, i, out var face) ? Add(i, face) : Add(i, i + 1);

            case CharClass.Currency:
                return Add(i, i + 1);

            case CharClass.Hash or CharClass.At when CharTable.IsLetter(next) && (i == 0 || !CharTable.IsWord(text[i - 1])):
                var end = EndOfWord(i + 1);
                while (At(end) == '_')
                    end = EndOfWord(end + 1);
                return Add(i, end);

            case CharClass.Surrogate:
                return Add(i, EndOfSupplementary(i));

            case CharClass.Symbol when text[i] is '+' or '±' && CharTable.IsDigit(next):
                return ScanWordFrom(i);
        }

        return Emoticons.TryMatch(text, i, out var behind) ? Add(i, behind) : Add(i, EndOfRun(i));
    }

    private int ScanWordFrom(int sign)
    {
        var end = EndOfNumber(sign + 1);
        return Add(sign, end);
    }

    private readonly int EndOfNumber(int i)
    {
        while (CharTable.IsDigit(At(i)) || ((At(i) is '.' or ',' or '-') && CharTable.IsDigit(At(i + 1))))
            i++;
        return i;
    }

    // "...", "!!!", "?!"; a period that ends the sentence behind an ellipsis sign stays its own.
    private readonly int EndOfStops(int i)
    {
        if (text[i] == '.')
            return EndOfRun(i);
        if (CharTable.Of(text[i]) == CharClass.Period)
            return At(i + 1) == '.' ? EndOfRun(i + 1) : i + 1;
        while (CharTable.Of(At(i)) == CharClass.Terminal)
            i++;
        return i;
    }

    private int ScanApostrophe(int i, char next)
    {
        if (next == text[i])
            return Add(i, i + 2);
        if (i > 0 && CharTable.IsWord(text[i - 1]))
        {
            insideSingleQuotes = false;
            return Add(i, i + 1);
        }

        if (CharTable.IsDigit(next))
        {
            // '90s
            var end = EndOfWord(i + 1);
            if (end - i is 3 or 4 && CharTable.IsDigit(text[i + 2]))
                return Add(i, end);
        }
        else if (CharTable.IsLetter(next))
        {
            var end = EndOfLetters(i + 1);
            if (Contractions.IsClipped(text[(i + 1)..end]) && CharTable.Of(At(end)) != CharClass.Apostrophe)
                return Add(i, end);
            insideSingleQuotes = true;
        }
        else
        {
            insideSingleQuotes = false;
        }

        return Add(i, i + 1);
    }

    // One emoji with what modifies it, or the letters of a rare script.
    private readonly int EndOfSupplementary(int i)
    {
        if (!IsPair(i))
            return i + 1;
        if (Rune.IsLetterOrDigit(new Rune(text[i], text[i + 1])))
        {
            while (IsPair(i) && Rune.IsLetterOrDigit(new Rune(text[i], text[i + 1])))
                i += 2;
            return i;
        }

        i += 2;
        while (i < text.Length)
        {
            if (text[i] is '\uFE0F' or '\u200D' or '\u20E3')
                i++;
            else if (IsPair(i) && (text[i - 1] == '\u200D' || new Rune(text[i], text[i + 1]).Value is >= 0x1F3FB and <= 0x1F3FF))
                i += 2;
            else
                break;
        }

        return i;
    }

    private readonly bool IsPair(int i) =>
        i + 1 < text.Length && char.IsHighSurrogate(text[i]) && char.IsLowSurrogate(text[i + 1]);
}
