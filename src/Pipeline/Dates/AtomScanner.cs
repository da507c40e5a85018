using System.Runtime.CompilerServices;

namespace Pipeline.Dates;

/// <summary>Cuts a sentence into atoms and classifies each through the lexicon, in one pass over the characters.</summary>
internal static class AtomScanner
{
    /// <summary>Scans <c>text[start..end]</c>; grows <paramref name="atoms"/> as needed.</summary>
    /// <returns>Number of atoms.</returns>
    public static int Scan(string text, int start, int end, DateLexicon lexicon, ref DateAtom[] atoms)
    {
        var count = 0;
        var i = start;
        while (i < end)
        {
            var c = text[i];
            if (c <= ' ' || char.IsWhiteSpace(c))
            {
                i++;
                continue;
            }

            if (count == atoms.Length)
                Array.Resize(ref atoms, atoms.Length * 2);
            ref var atom = ref atoms[count];
            atom = default;
            atom.Start = i;
            if (char.IsAsciiLetter(c))
                i = Word(text, i, end, lexicon, ref atom);
            else if (char.IsAsciiDigit(c))
                i = Number(text, i, end, lexicon, ref atom);
            else if (char.IsLetter(c) || char.IsSurrogate(c))
                i = ForeignWord(text, i, end, ref atom);
            else
            {
                i++;
                atom.Kind = AtomKind.Mark;
                atom.Mark = Plain(c);
                atom.Column = lexicon.ColumnOfMark(atom.Mark);
            }

            atom.End = i;
            atom.Glued = count > 0 && atoms[count - 1].End == atom.Start;
            count++;
        }

        return count;
    }

    /// <summary>All kinds that a number can have.</summary>
    public static IReadOnlyCollection<NumberKind> NumberKinds { get; } = AllKinds();

    private static HashSet<NumberKind> AllKinds()
    {
        HashSet<NumberKind> kinds =
        [
            NumberKind.INT, NumberKind.DECIMAL, NumberKind.DECIMAL | NumberKind.DOTTIME, NumberKind.ORDNUM,
            NumberKind.ORDNUM | NumberKind.ORDDAY, NumberKind.DECADE2, NumberKind.DECADE4,
        ];
        for (var value = 0; value < 10_000; value++)
        {
            for (var length = 1; length <= 5; length++)
                kinds.Add(Kind(value, length));
        }

        return kinds;
    }

    private static int Word(string text, int i, int end, DateLexicon lexicon, ref DateAtom atom)
    {
        var start = i;
        var hash = DateLexicon.HashStart;
        var letters = 0UL;
        var upper = 0;
        for (; i < end; i++)
        {
            var c = text[i];
            if (!char.IsAsciiLetter(c))
                break;
            upper += (c & 0x20) == 0 ? 1 : 0;
            var lower = (char)(c | 0x20);
            hash = DateLexicon.HashStep(hash, lower);
            letters = DateLexicon.LettersStep(letters, lower);
        }

        if (i < end && text[i] >= 0x80 && char.IsLetter(text[i]))
            return ForeignWord(text, start, end, ref atom);

        atom.Case = (text[start] & 0x20) != 0 ? LetterCase.Lower
            : upper > 1 && upper == i - start ? LetterCase.Upper : LetterCase.Capital;
        atom.Word = lexicon.Find(text.AsSpan(start, i - start), hash, letters);
        if (atom.Word != 0)
            atom.Column = lexicon.ColumnOfWord(atom.Word, atom.Case);
        if (i - start > 2)
            atom.Mark = Ending(text, i);
        return i;
    }

    private static char Ending(string text, int end) => (text[end - 2], text[end - 1]) switch
    {
        // "proceed" and "need" are no past tense, "agreed" and "guaranteed" are.
        ('e', 'd') when text[end - 3] != 'e' || (end > 3 && text[end - 4] is 'r' or 't') => 'e',
        ('n', 'g') when text[end - 3] == 'i' => 'i',
        (not 's', 's') => 's',
        _ => '\0',
    };

    private static int ForeignWord(string text, int i, int end, ref DateAtom atom)
    {
        atom.Case = char.IsUpper(text[i]) ? LetterCase.Capital : LetterCase.Lower;
        for (i++; i < end; i++)
        {
            var c = text[i];
            if (!char.IsLetter(c) && !char.IsSurrogate(c) && char.GetUnicodeCategory(c) is not
                System.Globalization.UnicodeCategory.NonSpacingMark)
                break;
        }

        return i;
    }

    private static int Number(string text, int i, int end, DateLexicon lexicon, ref DateAtom atom)
    {
        var start = i;
        long value = 0;
        i = Digits(text, i, end, ref value);
        var length = i - start;
        var kind = Kind(value, length);

        if (length <= 3)
        {
            while (i + 3 < end && text[i] == ',' && char.IsAsciiDigit(text[i + 1]) && char.IsAsciiDigit(text[i + 2])
                && char.IsAsciiDigit(text[i + 3]) && !(i + 4 < end && char.IsAsciiDigit(text[i + 4])))
            {
                i = Digits(text, i + 1, end, ref value);
                kind = NumberKind.INT;
            }
        }

        if (i + 1 < end && text[i] == '.' && char.IsAsciiDigit(text[i + 1]) && !(start > 1 && text[start - 1] == '.' && char.IsAsciiDigit(text[start - 2])))
        {
            var next = i + 1;
            long fraction = 0;
            next = Digits(text, next, end, ref fraction);
            if (!(next + 1 < end && text[next] == '.' && char.IsAsciiDigit(text[next + 1])))
            {
                var digits = next - i - 1;
                kind = NumberKind.DECIMAL;
                if (digits == 2 && length <= 2 && value <= 24 && fraction < 60)
                    kind |= NumberKind.DOTTIME;
                value = (value * 100) + (digits switch { 1 => fraction * 10, 2 => fraction, _ => 0 });
                i = next;
            }
        }
        else if (i < end && char.IsAsciiLetter(text[i]))
            i = Suffix(text, i, end, value, length, ref kind);

        atom.Kind = AtomKind.Number;
        atom.Number = (int)Math.Min(value, 100_000_000);
        atom.NumberKind = kind;
        atom.Column = lexicon.ColumnOfNumber(kind);
        return i;
    }

    private static int Suffix(string text, int i, int end, long value, int length, ref NumberKind kind)
    {
        var last = i + 1 < end ? (char)(text[i + 1] | 0x20) : '\0';
        if (i + 1 < end && !Letter(text, i + 2, end) && ((char)(text[i] | 0x20), last) is ('t', 'h') or ('s', 't') or ('n', 'd') or ('r', 'd'))
        {
            kind = NumberKind.ORDNUM | (value is >= 1 and <= 31 && length <= 2 ? NumberKind.ORDDAY : 0);
            return i + 2;
        }

        if ((text[i] | 0x20) == 's' && !Letter(text, i + 1, end) && value % 10 == 0 && length is 2 or 4)
        {
            if (length == 2)
                kind = NumberKind.DECADE2;
            else if (value is >= 1000 and <= 2190)
                kind = NumberKind.DECADE4;
            else
                return i;
            return i + 1;
        }

        return i;
    }

    private static bool Letter(string text, int i, int end) => i < end && char.IsLetterOrDigit(text[i]);

    private static int Digits(string text, int i, int end, ref long value)
    {
        for (; i < end && char.IsAsciiDigit(text[i]); i++)
            value = Math.Min((value * 10) + (text[i] - '0'), 1_000_000_000_000);
        return i;
    }

    private static NumberKind Kind(long value, int length)
    {
        var kind = NumberKind.INT;
        if (length <= 2)
        {
            if (value is >= 1 and <= 31)
                kind |= NumberKind.DAYNUM;
            if (value is >= 1 and <= 12)
                kind |= NumberKind.MONTHNUM;
            if (value <= 24)
                kind |= NumberKind.HOURNUM;
            if (length == 2)
                kind |= NumberKind.YEAR2 | (value < 60 ? NumberKind.MINUTE : 0) | (value is >= 1 and <= 12 ? NumberKind.MONTH2 : 0);
        }
        else if (length == 4)
        {
            if (value is >= 1000 and <= 2199)
                kind |= NumberKind.YEAR4;
            if (value / 100 < 24 && value % 100 < 60)
                kind |= NumberKind.HHMM;
        }

        return kind;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static char Plain(char c) => c switch
    {
        '’' or '‘' or 'ʼ' or '`' => '\'',
        '–' or '‐' or '‑' or '−' => '-',
        _ => c,
    };
}
