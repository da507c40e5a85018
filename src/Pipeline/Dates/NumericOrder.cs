namespace Pipeline.Dates;

/// <summary>Whether a text writes the day or the month of its numeric dates first.</summary>
internal static class NumericOrder
{
    /// <summary>Compares the dates that can be read in one order only, in one pass.</summary>
    public static bool IsDayFirst(ReadOnlySpan<char> text)
    {
        var balance = 0;
        while (text.IndexOfAny('/', '-') is var mark and >= 0)
        {
            var (first, second) = (Before(text[..mark]), Behind(text[(mark + 1)..], text[mark]));
            if (first is > 12 and <= 31 && second is >= 1 and <= 12)
                balance++;
            else if (first is >= 1 and <= 12 && second is > 12 and <= 31)
                balance--;
            text = text[(mark + 1)..];
        }

        return balance > 0;
    }

    /// <summary>The one or two digits at the end, or 0.</summary>
    private static int Before(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < 3 && length < text.Length && char.IsAsciiDigit(text[^(length + 1)]))
            length++;
        if (length is 0 or 3 || (length < text.Length && text[^(length + 1)] is '/' or '-' or '.'))
            return 0;
        return Number(text[^length..]);
    }

    /// <summary>The one or two digits at the start where the mark and a year of two or four digits follow, or 0.</summary>
    private static int Behind(ReadOnlySpan<char> text, char mark)
    {
        var length = Digits(text);
        if (length is 0 or > 2 || length >= text.Length || text[length] != mark)
            return 0;
        return Digits(text[(length + 1)..]) is 2 or 4 ? Number(text[..length]) : 0;
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < 5 && length < text.Length && char.IsAsciiDigit(text[length]))
            length++;
        return length;
    }

    private static int Number(ReadOnlySpan<char> digits) => digits.Length == 1 ? digits[0] - '0' : ((digits[0] - '0') * 10) + digits[1] - '0';
}
