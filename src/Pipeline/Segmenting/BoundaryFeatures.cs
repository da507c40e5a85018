namespace Pipeline.Segmenting;

// What the model is told about a position.
internal ref partial struct BoundaryCursor
{
    /// <summary>Most features that one position has.</summary>
    public const int FeatureCount = 40;

    private const uint Mixer = 0x9E3779B1;

    // 0-15 words and marks, 16-31 stops, 32-47 abbreviations.
    private readonly int ShapeOf(int i)
    {
        var word = Word(i);
        var first = CharTable.Of(word[0]);
        var last = CharTable.Of(word[^1]);
        if (last == CharClass.Period)
        {
            var kind = Abbreviations.KindOf(word);
            if (kind != AbbreviationKind.None)
                return 32 + (int)kind;
            return 16 + (word.Length > 3 ? 3 : word.Length - 1) + (word[0] == '…' ? 4 : 0);
        }

        if (last == CharClass.Terminal)
            return 24 + (word[^1] == '?' ? 0 : 1) + (word.Length > 1 ? 2 : 0);
        if (first == CharClass.Upper)
            return word.Length == 1 ? 1 : CharTable.Of(word[1]) is CharClass.Upper or CharClass.Digit ? 2 : 3;
        if (first == CharClass.Lower)
            return word.Length > 16 || (word.Length > 8 && word.Contains('.')) ? 4 : 5;
        return first switch
        {
            CharClass.Digit => word.Length > 4 ? 6 : 7,
            CharClass.Quote => 8,
            CharClass.Open => 9,
            CharClass.Close => 10,
            CharClass.Colon or CharClass.Semicolon => 11,
            CharClass.Dash => 12,
            CharClass.Hyphen => word.Length > 1 ? 13 : 12,
            CharClass.Comma => 14,
            _ => word.Length > 2 ? 13 : 15,
        };
    }

    private readonly uint HashOf(int i)
    {
        return i < start || i >= tokens.Length ? 7 : HashOf(Word(i));
    }

    /// <summary>Hash of a word's first letters, the same for small and capital letters and for all digits.</summary>
    public static uint HashOf(ReadOnlySpan<char> word)
    {
        var hash = 2166136261u;
        foreach (var c in word[..Math.Min(12, word.Length)])
            hash = (hash ^ (CharTable.IsDigit(c) ? '9' : CharTable.IsLetter(c) ? c | 0x20u : c)) * 16777619;
        return hash;
    }

    private static uint Bucket(int n) => n switch
    {
        <= 0 => 0,
        1 => 1,
        2 => 2,
        <= 4 => 3,
        <= 8 => 4,
        <= 16 => 5,
        <= 32 => 6,
        _ => 7,
    };

    /// <summary>Fills in the hashes of what is seen here and returns their number.</summary>
    public readonly int Features(Span<uint> features)
    {
        var i = Position;
        var stop = i;
        while (stop > start && IsCloser(stop))
            stop--;
        var closed = stop < i ? 1u : 0u;
        var stopShape = (uint)ShapeOf(stop);
        var marked = stopShape is >= 8 and < 32 && stop > start;
        var word = marked ? stop - 1 : stop;
        var wordShape = (uint)ShapeOf(word);
        var wordHash = HashOf(word);
        var stopHash = HashOf(stop);
        var next = i + 1;
        var opened = First(next) is CharClass.Quote or CharClass.Open or CharClass.Apostrophe && !GapAfter(next) && next + 1 < tokens.Length;
        var nextWord = opened ? next + 1 : next;
        var nextShape = (uint)ShapeOf(nextWord) + (opened ? 64u : 0u) + (GapAfter(i) ? 0u : 128u);
        var nextHash = HashOf(nextWord);
        var afterShape = nextWord + 1 < tokens.Length ? (uint)ShapeOf(nextWord + 1) : 63u;
        var afterHash = HashOf(nextWord + 1);
        var state = (quoteOpen ? 1u : 0u) + (depth > 0 ? 2u : 0u) + (closed * 4);
        var length = Bucket(i - start + 1);
        var rest = Bucket(tokens.Length - next);
        var core = (stopShape * 256) + nextShape;

        var n = 0;
        void Add(Span<uint> all, uint value)
        {
            var hash = (value ^ ((uint)(n + 1) * 0x85EBCA6B)) * Mixer;
            all[n++] = hash ^ (hash >> 15);
        }

        Add(features, 0);
        Add(features, stopShape);
        Add(features, nextShape);
        Add(features, core);
        Add(features, (core * 8) + state);
        Add(features, (core * 64) + paragraphEnd);
        Add(features, (core * 8) + length);
        Add(features, (core * 8) + rest);
        Add(features, (((core * 8) + length) * 64) + paragraphEnd);
        Add(features, (core * 64) + wordShape);
        Add(features, (core * 64) + afterShape);
        Add(features, (stopShape * Mixer) + nextHash);
        Add(features, (stopHash * Mixer) + nextShape);
        Add(features, (stopHash * Mixer) ^ nextHash);
        Add(features, (wordHash * Mixer) + core);
        Add(features, wordHash);
        Add(features, nextHash);
        Add(features, (nextHash * Mixer) ^ afterHash);
        Add(features, (nextHash * Mixer) + (stopShape * 64) + afterShape);
        Add(features, (stopShape * 64) + afterShape);
        Add(features, (HashOf(word - 1) * Mixer) + core);
        Add(features, (HashOf(start) * Mixer) + core);
        Add(features, (((uint)ShapeOf(start) * 256) + length) * 64 + stopShape);
        Add(features, (state * 64) + nextShape);
        Add(features, (paragraphEnd * 64) + stopShape);
        Add(features, (wordShape * 65536) + (stopShape * 1024) + state);
        Add(features, ((length * 8) + rest) * 64 + stopShape);
        Add(features, (core * 4) + looseness);
        Add(features, (((core * 4) + looseness) * 64) + paragraphEnd);
        Add(features, (((stopShape * 4) + looseness) * 8) + length);
        var nextCase = nextShape is 3 or 67 or 131 or 2 ? casing[nextHash] : 0;
        var afterCase = (afterShape is 3 or 2 ? 4u : 0) + (afterShape < 8 ? casing[afterHash] : 0);
        var wordCase = (wordShape is 3 or 2 ? 4u : 0) + (wordShape < 8 ? casing[wordHash] : 0);
        Add(features, (core * 4) + nextCase);
        Add(features, (((core * 4) + nextCase) * 64) + paragraphEnd);
        Add(features, (((core * 4) + nextCase) * 8) + wordCase);
        Add(features, (((core * 4) + nextCase) * 8) + afterCase);
        Add(features, (((core * 4) + nextCase) * 8) + length);
        Add(features, (((stopShape * 8) + wordCase) * 4) + looseness);
        var opensAlike = next > start + 1 && HashOf(start) == HashOf(Word(next)) ? 1u : 0;
        Add(features, (core * 2) + opensAlike);
        return n;
    }
}
