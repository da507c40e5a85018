namespace Pipeline.Segmenting;

/// <summary>What the tagger sees of each word, computed once: hashes of the word and its ending, and its shape.</summary>
internal readonly ref struct PosFeatures
{
    /// <summary>Features of one word.</summary>
    public const int Count = 19;

    private const uint Mixer = 0x9E3779B1;
    private const uint Outside = 0x5BD1E995;

    private readonly Span<uint> words;
    private readonly Span<uint> endings;
    private readonly Span<byte> shapes;

    /// <summary>Takes room for as many words as the longest sentence has.</summary>
    public PosFeatures(Span<uint> words, Span<uint> endings, Span<byte> shapes)
    {
        this.words = words;
        this.endings = endings;
        this.shapes = shapes;
    }

    /// <summary>Whether the word has a letter or digit.</summary>
    public bool IsWord(int i) => shapes[i] < 16;

    /// <summary>Reads a sentence's words.</summary>
    public void Read(string text, ReadOnlySpan<Token> sentence)
    {
        for (var i = 0; i < sentence.Length; i++)
        {
            var word = sentence[i].In(text);
            var hash = 2166136261u;
            var ending = 0u;
            var digits = 0;
            var capitals = 0;
            var letters = 0;
            foreach (var c in word)
            {
                var kind = CharTable.Of(c);
                var folded = (uint)c;
                if (kind <= CharClass.Letter)
                {
                    letters++;
                    if (kind == CharClass.Upper)
                    {
                        capitals++;
                        folded = c < 0x80 ? c | 0x20u : char.ToLowerInvariant(c);
                    }
                }
                else if (kind == CharClass.Digit)
                {
                    digits++;
                    folded = '9';
                }
                else if (c == '’')
                {
                    folded = '\'';
                }

                hash = (hash ^ folded) * 16777619;
                ending = (ending << 8) | (folded & 0xFF);
            }

            words[i] = hash;
            endings[i] = ending & 0xFFFFFF;
            shapes[i] = ShapeOf(word, letters, capitals, digits);
        }
    }

    private static byte ShapeOf(ReadOnlySpan<char> word, int letters, int capitals, int digits)
    {
        if (letters + digits == 0)
            return (byte)(16 + (word.Length > 1 ? 1 : 0));
        var mixed = letters + digits < word.Length ? 8 : 0;
        if (digits > 0)
            return (byte)(mixed + (letters == 0 ? 1 : CharTable.IsDigit(word[0]) ? 2 : 3));
        var opensCapital = CharTable.Of(word[0]) == CharClass.Upper;
        return (byte)(mixed + (capitals == 0 ? 4 : capitals == letters ? (letters == 1 ? 7 : 5) : opensCapital ? 6 : 0));
    }

    /// <summary>Fills in the hashes of one word's features, given the tags before it.</summary>
    public void Fill(int i, int length, uint tag1, uint tag2, Span<uint> features)
    {
        var word = words[i];
        var ending = endings[i];
        var shape = (uint)shapes[i] + (i == 0 ? 32u : 0u);
        var before = i > 0 ? words[i - 1] : Outside;
        var before2 = i > 1 ? words[i - 2] : Outside;
        var after = i + 1 < length ? words[i + 1] : Outside;
        var after2 = i + 2 < length ? words[i + 2] : Outside;
        var afterEnding = i + 1 < length ? endings[i + 1] : Outside;
        var afterShape = i + 1 < length ? (uint)shapes[i + 1] : 31u;
        var tags = (tag2 * 32) + tag1;

        features[18] = Mix(0, 18);
        features[0] = Mix(word, 0);
        features[1] = Mix((word * Mixer) + shape, 1);
        features[2] = Mix(ending, 2);
        features[3] = Mix(ending & 0xFFFF, 3);
        features[4] = Mix((ending * 64) + shape, 4);
        features[5] = Mix(before, 5);
        features[6] = Mix(after, 6);
        features[7] = Mix(before2, 7);
        features[8] = Mix(after2, 8);
        features[9] = Mix((tag1 * 64) + shape, 9);
        features[10] = Mix(tags, 10);
        features[11] = Mix((word * Mixer) + tag1, 11);
        features[12] = Mix((ending * 32) + tag1, 12);
        features[13] = Mix((word * Mixer) ^ after, 13);
        features[14] = Mix((word * Mixer) ^ (before * 31), 14);
        features[15] = Mix(afterEnding, 15);
        features[16] = Mix((((tag1 * 64) + shape) * 32) + afterShape, 16);
        features[17] = Mix((tags * Mixer) ^ after, 17);
    }

    private static uint Mix(uint value, uint template)
    {
        var hash = (value ^ (template * 0x85EBCA6B)) * Mixer;
        hash = (hash ^ (hash >> 15)) * 0xC2B2AE35;
        return hash ^ (hash >> 16);
    }
}
