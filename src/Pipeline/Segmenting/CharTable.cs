using System.Globalization;

namespace Pipeline.Segmenting;

/// <summary>What a UTF-16 code unit is to the scanner. The first four make words.</summary>
internal enum CharClass : byte
{
    Lower,
    Upper,

    /// <summary>A letter without case, a combining mark, or an invisible joiner.</summary>
    Letter,
    Digit,
    Space,
    Period,
    Comma,
    Colon,
    Semicolon,

    /// <summary><c>!</c> and <c>?</c>, in every script.</summary>
    Terminal,

    /// <summary><c>'</c> and <c>’</c>, which also stand inside words.</summary>
    Apostrophe,

    /// <summary>A quotation mark that is no apostrophe.</summary>
    Quote,
    Open,
    Close,

    /// <summary>A hyphen that may stand inside a word.</summary>
    Hyphen,
    Dash,
    Slash,
    At,
    Ampersand,
    Hash,
    Underscore,
    Currency,
    Percent,

    /// <summary>Any other visible mark, and control characters.</summary>
    Symbol,
    Surrogate,
}

/// <summary>One byte for each UTF-16 code unit, from the Unicode general category; no culture is asked.</summary>
internal static class CharTable
{
    private static readonly byte[] Classes = Build();

    /// <summary>The class of a code unit.</summary>
    public static CharClass Of(char c) => (CharClass)Classes[c];

    /// <summary>Whether it makes words: a letter, mark, or digit.</summary>
    public static bool IsWord(char c) => Classes[c] <= (byte)CharClass.Digit;

    /// <summary>Whether it is a letter or mark.</summary>
    public static bool IsLetter(char c) => Classes[c] <= (byte)CharClass.Letter;

    /// <summary>Whether it is a decimal digit.</summary>
    public static bool IsDigit(char c) => Classes[c] == (byte)CharClass.Digit;

    /// <summary>Whether it is white space.</summary>
    public static bool IsSpace(char c) => Classes[c] == (byte)CharClass.Space;

    private static byte[] Build()
    {
        var table = new byte[char.MaxValue + 1];
        for (var c = 0; c < table.Length; c++)
            table[c] = (byte)Classify((char)c);
        return table;
    }

    private static CharClass Classify(char c)
    {
        switch (c)
        {
            case '.':
            case '…':
            case '。':
                return CharClass.Period;
            case ',':
                return CharClass.Comma;
            case ':':
                return CharClass.Colon;
            case ';':
                return CharClass.Semicolon;
            case '!' or '?' or '‽' or '！' or '？' or '¡' or '¿' or '؟':
                return CharClass.Terminal;
            case '\'' or '’':
                return CharClass.Apostrophe;
            case '"' or '`' or '´':
                return CharClass.Quote;
            case '-' or '\u2010' or '\u2011':
                return CharClass.Hyphen;
            case '/':
                return CharClass.Slash;
            case '@':
                return CharClass.At;
            case '&':
                return CharClass.Ampersand;
            case '#':
                return CharClass.Hash;
            case '_':
                return CharClass.Underscore;
            case '%' or '‰':
                return CharClass.Percent;
        }

        if (char.IsWhiteSpace(c))
            return CharClass.Space;
        return CharUnicodeInfo.GetUnicodeCategory(c) switch
        {
            UnicodeCategory.LowercaseLetter => CharClass.Lower,
            UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => CharClass.Upper,
            UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
                or UnicodeCategory.LetterNumber => CharClass.Letter,
            UnicodeCategory.DecimalDigitNumber => CharClass.Digit,
            UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation => CharClass.Quote,
            UnicodeCategory.OpenPunctuation => c is '„' or '‚' ? CharClass.Quote : CharClass.Open,
            UnicodeCategory.ClosePunctuation => CharClass.Close,
            UnicodeCategory.DashPunctuation => CharClass.Dash,
            UnicodeCategory.CurrencySymbol => CharClass.Currency,
            UnicodeCategory.Surrogate => CharClass.Surrogate,
            _ => CharClass.Symbol,
        };
    }
}
