using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Pipeline.SentenceEncoding;

/// <summary>
/// BERT's uncased word pieces (Devlin et al. 2019; Wu et al. 2016): words and marks in lower case without accents, cut greedily
/// into the longest pieces that the vocabulary knows. Safe to share between threads.
/// </summary>
internal sealed class WordPieces
{
    private const int LongestWord = 100;
    private const int MostRemembered = 200_000;
    private static readonly Dictionary<char, string> BaseLetters = ReadBaseLetters();

    private readonly Dictionary<string, int> pieces;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup;
    private readonly ConcurrentDictionary<string, int[]> remembered = new(StringComparer.Ordinal);

    /// <summary>Takes the vocabulary: one piece a line, its number the line's.</summary>
    /// <exception cref="InvalidDataException">A piece that every text needs is missing.</exception>
    public WordPieces(IReadOnlyList<string> vocabulary)
    {
        pieces = new Dictionary<string, int>(vocabulary.Count, StringComparer.Ordinal);
        for (var i = 0; i < vocabulary.Count; i++)
            pieces.TryAdd(vocabulary[i], i);
        lookup = pieces.GetAlternateLookup<ReadOnlySpan<char>>();
        Start = Needed("[CLS]");
        End = Needed("[SEP]");
        Unknown = Needed("[UNK]");
        Paragraph = Needed("[unused1]");
        Heading = Needed("[unused2]");
        Title = Needed("[unused3]");

        int Needed(string piece) => pieces.TryGetValue(piece, out var number)
            ? number
            : throw new InvalidDataException($"the vocabulary has no piece {piece}");
    }

    /// <summary>[CLS], in front of a window.</summary>
    public int Start { get; }

    /// <summary>[SEP], behind a sentence.</summary>
    public int End { get; }

    /// <summary>Stands for a word that has no pieces.</summary>
    public int Unknown { get; }

    /// <summary>Marks the first sentence of a paragraph.</summary>
    public int Paragraph { get; }

    /// <summary>Marks a heading.</summary>
    public int Heading { get; }

    /// <summary>Marks the title.</summary>
    public int Title { get; }

    /// <summary>Appends the pieces of a text.</summary>
    public void Cut(ReadOnlySpan<char> text, List<int> into)
    {
        var word = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
            {
                if (Rune.DecodeFromUtf16(text[i..], out var rune, out var length) != OperationStatus.Done)
                    continue;
                i += length - 1;
                Take(Rune.ToLowerInvariant(rune).ToString(), Rune.GetUnicodeCategory(rune));
                continue;
            }

            var c = char.ToLowerInvariant(text[i]);
            if (c < 0xC0)
                Take(c, char.GetUnicodeCategory(c));
            else if (BaseLetters.TryGetValue(c, out var letters))
                word.Append(letters);
            else
                Take(c, char.GetUnicodeCategory(c));
        }

        Close();

        void Take<T>(T c, UnicodeCategory category)
        {
            var letter = c is char single ? single : '\0';
            if (category == UnicodeCategory.NonSpacingMark)
                return;
            if (letter != 0 && char.IsWhiteSpace(letter))
                Close();
            else if (category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned)
                return;
            else if (category is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation || "$+<=>^`|~".Contains(letter, StringComparison.Ordinal) || letter is >= '\u4E00' and <= '\u9FFF')
            {
                Close();
                word.Append(c);
                Close();
            }
            else
            {
                word.Append(c);
            }
        }

        void Close()
        {
            if (word.Length == 0)
                return;
            into.AddRange(PiecesOf(word.ToString()));
            word.Clear();
        }
    }

    private int[] PiecesOf(string word)
    {
        if (remembered.TryGetValue(word, out var known))
            return known;
        var found = CutWord(word);
        // A word of a megabyte is not worth its memory.
        if (word.Length <= LongestWord && remembered.Count < MostRemembered)
            remembered.TryAdd(word, found);
        return found;
    }

    private int[] CutWord(string word)
    {
        // Counted as the vocabulary's makers did: in code points.
        if (word.Length > LongestWord && word.EnumerateRunes().Count() > LongestWord)
            return [Unknown];
        var found = new List<int>();
        Span<char> part = stackalloc char[(2 * LongestWord) + 2];
        "##".CopyTo(part);
        word.CopyTo(part[2..]);
        var start = 0;
        while (start < word.Length)
        {
            var end = word.Length;
            var number = -1;
            for (; end > start; end--)
            {
                // A later part is looked up behind the two marks, which stand where the letters before it stood.
                if (start > 0)
                    (part[start], part[start + 1]) = ('#', '#');
                if (lookup.TryGetValue(start > 0 ? part[start..(end + 2)] : part[2..(end + 2)], out number))
                    break;
                number = -1;
            }

            if (number < 0)
                return [Unknown];
            found.Add(number);
            start = end;
        }

        return [.. found];
    }

    private static Dictionary<char, string> ReadBaseLetters()
    {
        using var stream = typeof(WordPieces).Assembly.GetManifestResourceStream("Pipeline.SentenceEncoding.base-letters.tsv")!;
        using var reader = new StreamReader(stream);
        var letters = new Dictionary<char, string>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#' && line.Split('\t') is [var code, var left])
                letters[(char)ushort.Parse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture)] = left;
        }

        return letters;
    }
}
