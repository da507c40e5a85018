
namespace Pipeline.Cleaning;

/// <summary>
/// Names the language of a text by its script and, where a script serves several languages, by its commonest words.
/// Looks at the first 1,500 characters only; says nothing where too little speaks for one language. Needs no model:
/// its words are a few kilobytes.
/// </summary>
internal static class LanguageDetector
{
    private const int Reach = 1500;
    private const int FewestWords = 3;

    /// <summary>No longer word is in the lists; eight ASCII letters fill a key.</summary>
    private const int LongestWord = 8;

    private static readonly string[] Languages;
    private static readonly Dictionary<string, uint>.AlternateLookup<ReadOnlySpan<char>> Words;

    private static readonly HashMap64 AsciiWords = new(withValues: true);
    private static readonly uint English;

    static LanguageDetector()
    {
        var rows = DataFile.Rows("language-words.tsv").ToList();
        Languages = [.. rows.Select(r => r[0])];
        var words = new Dictionary<string, uint>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < rows.Count; i++)
        {
            foreach (var word in rows[i][1].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                words[word] = words.GetValueOrDefault(word) | (1u << i);
        }

        foreach (var (word, languages) in words)
        {
            if (word.Length <= LongestWord && word.All(char.IsAsciiLetter))
                AsciiWords.Add(word.Aggregate(0UL, (key, c) => (key << 8) | (uint)(c | 0x20)), languages);
        }

        English = 1u << Array.IndexOf(Languages, "en");
        Words = words.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>A BCP 47 language subtag, or <see langword="null"/>.</summary>
    public static string? Detect(ReadOnlySpan<char> text)
    {
        if (text.Length > Reach)
            text = text[..Reach];
        return ByScript(text) ?? ByWords(text);
    }

    /// <summary>Whether a word is a common one of other languages and not of English.</summary>
    public static bool IsForeignToEnglish(ReadOnlySpan<char> word) =>
        Words.TryGetValue(word, out var languages) && (languages & English) == 0;

    private static string? ByScript(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAnyExceptInRange('\0', '\u036F') < 0)
            return null;
        int letters = 0, kana = 0, han = 0, hangul = 0, greek = 0, hebrew = 0, thai = 0, devanagari = 0, bengali = 0, tamil = 0,
            georgian = 0, armenian = 0, ethiopic = 0;
        foreach (var c in text)
        {
            if (c < 0x370)
            {
                letters += char.IsAsciiLetter(c) || c >= 0xC0 ? 1 : 0;
                continue;
            }

            if (!char.IsLetter(c))
                continue;
            letters++;
            switch (c)
            {
                case <= '\u03FF': greek++; break;
                case >= '\u0531' and <= '\u058F': armenian++; break;
                case >= '\u0590' and <= '\u05FF': hebrew++; break;
                case >= '\u0900' and <= '\u097F': devanagari++; break;
                case >= '\u0980' and <= '\u09FF': bengali++; break;
                case >= '\u0B80' and <= '\u0BFF': tamil++; break;
                case >= '\u0E00' and <= '\u0E7F': thai++; break;
                case >= '\u10A0' and <= '\u10FF': georgian++; break;
                case >= '\u1200' and <= '\u137F': ethiopic++; break;
                case >= '\u3040' and <= '\u30FF': kana++; break;
                case >= '\u3400' and <= '\u9FFF': han++; break;
                case >= '\uAC00' and <= '\uD7AF': hangul++; break;
            }
        }

        var half = letters / 2;
        if (letters < 8)
            return null;
        if (kana > 0 && kana + han > half && kana * 10 > han)
            return "ja";
        return han > half ? "zh"
            : hangul > half ? "ko"
            : greek > half ? "el"
            : hebrew > half ? "he"
            : thai > half ? "th"
            : devanagari > half ? "hi"
            : bengali > half ? "bn"
            : tamil > half ? "ta"
            : georgian > half ? "ka"
            : armenian > half ? "hy"
            : ethiopic > half ? "am"
            : null;
    }

    private static string? ByWords(ReadOnlySpan<char> text)
    {
        Span<int> votes = stackalloc int[32];
        votes.Clear();
        var words = 0;
        for (var i = 0; i < text.Length;)
        {
            while (i < text.Length && !char.IsLetter(text[i]))
                i++;
            var start = i;
            var key = 0UL;
            var isAscii = true;
            for (; i < text.Length; i++)
            {
                var c = text[i];
                if (char.IsAsciiLetter(c))
                    key = (key << 8) | (uint)(c | 0x20);
                else if (c > 127 && char.IsLetter(c))
                    isAscii = false;
                else
                    break;
            }

            if (i == start)
                break;
            words++;
            if (i - start > LongestWord)
                continue;
            uint languages;
            if (isAscii)
                languages = AsciiWords.TryGetValue(key, out var found) ? (uint)found : 0;
            else
                Words.TryGetValue(text[start..i], out languages);
            if (languages == 0)
                continue;

            // A word of one language says more than one that several share.
            var weight = 12 / System.Numerics.BitOperations.PopCount(languages);
            for (var rest = languages; rest != 0; rest &= rest - 1)
                votes[System.Numerics.BitOperations.TrailingZeroCount(rest)] += weight;
        }

        int best = 0, second = -1;
        for (var i = 1; i < Languages.Length; i++)
        {
            if (votes[i] > votes[best])
                (best, second) = (i, best);
            else if (second < 0 || votes[i] > votes[second])
                second = i;
        }

        var isClear = votes[best] >= FewestWords * 4 && votes[best] * 3 > words && votes[best] * 4 > votes[second] * 5;
        return isClear ? Languages[best] : null;
    }
}
