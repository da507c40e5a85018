using Pipeline.SentenceEncoding;

namespace Pipeline.Tests.SentenceEncoding;

public class WordPiecesTests
{
    private static readonly string[] Vocabulary =
        ["[PAD]", "[CLS]", "[SEP]", "[UNK]", "[unused1]", "[unused2]", "[unused3]", "the", "cafe", "un", "##afford", "##able", "##s", "$", "3", ".", "'", "s", "-", "re", "arm", "“", "中"];

    public static TheoryData<string, string> Texts => new()
    {
        { "The Café", "the cafe" },
        { "the CAFE\u0301s", "the cafe ##s" },
        { "unaffordable", "un ##afford ##able" },
        { "re-arm's", "re - arm ' s" },
        { "$3.3", "$ 3 . 3" },
        { "“the”", "“ the [UNK]" },
        { "中中", "中 中" },
        { "the\u00a0the\u200bs\u0007", "the the ##s" },
        { "unaffordably", "[UNK]" },
        { "afford", "[UNK]" },
        { "x😀", "[UNK]" },
        { "", "" },
        { " \t\n", "" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Cuts_words_into_the_longest_known_pieces(string text, string pieces)
    {
        var numbers = new List<int>();
        new WordPieces(Vocabulary).Cut(text, numbers);
        Assert.Equal(pieces, string.Join(' ', numbers.Select(n => Vocabulary[n])));
    }

    [Theory]
    [InlineData("s")]
    [InlineData("😀")]
    [InlineData("\ud83d")]
    public void A_word_without_end_is_unknown_at_once(string letter)
    {
        var numbers = new List<int>();
        new WordPieces(Vocabulary).Cut(string.Concat(Enumerable.Repeat(letter, 300_000)), numbers);
        Assert.Equal(letter == "\ud83d" ? [] : [3], numbers);
    }

    [Fact]
    public void A_vocabulary_without_the_marks_is_refused() =>
        Assert.Throws<InvalidDataException>(() => new WordPieces(["[CLS]", "[SEP]", "the"]));
}
