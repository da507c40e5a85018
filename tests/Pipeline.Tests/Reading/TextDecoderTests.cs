using System.Text;
using Pipeline.Reading;

namespace Pipeline.Tests.Reading;

public class TextDecoderTests
{
    private const string Sample = "Ankara’da görüşmeler — the talks in Ankara went on for a third day.";
    private static readonly Encoding Windows1252 = TextDecoder.Named("windows-1252")!;
    private static readonly Encoding Windows1251 = TextDecoder.Named("windows-1251")!;

    public static TheoryData<string, byte[], string> Readable => new()
    {
        { "UTF-8", Encoding.UTF8.GetBytes(Sample), Sample },
        { "UTF-8 with a mark", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Sample)], Sample },
        { "UTF-16 little-endian", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Sample)], Sample },
        { "UTF-16 big-endian", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Sample)], Sample },
        { "UTF-16 without a mark", Encoding.Unicode.GetBytes("The talks in Ankara went on."), "The talks in Ankara went on." },
        { "UTF-32", [0xFF, 0xFE, 0, 0, .. Encoding.UTF32.GetBytes(Sample)], Sample },
        { "windows-1252", Windows1252.GetBytes("Le président a déclaré que la réforme serait votée à l’été. Les députés étaient prêts."), "Le président a déclaré que la réforme serait votée à l’été. Les députés étaient prêts." },
        { "windows-1251", Windows1251.GetBytes("Президент заявил, что переговоры продолжатся на следующей неделе в Анкаре."), "Президент заявил, что переговоры продолжатся на следующей неделе в Анкаре." },
        { "UTF-8 with one broken byte", [.. Encoding.UTF8.GetBytes("été été été été été été été été été "), 0xFF, .. Encoding.UTF8.GetBytes(" été")], "été été été été été été été été été \uFFFD été" },
    };

    public static TheoryData<string, byte[]> Unreadable => new()
    {
        { "a picture", [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 13] },
        { "a PDF", Encoding.ASCII.GetBytes("%PDF-1.7 and so on") },
        { "a zip", [(byte)'P', (byte)'K', 3, 4, 20, 1, 8, 8] },
        { "control characters", [.. Enumerable.Range(0, 100).Select(i => (byte)(1 + (i % 7)))] },
    };

    [Theory]
    [MemberData(nameof(Readable))]
    public void Reads_text_in_the_encodings_that_analysts_meet(string name, byte[] bytes, string expected)
    {
        Assert.True(TextDecoder.TryDecode(bytes, null, false, out var text, out var error), name + error);
        Assert.Equal(expected, text);
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void Refuses_what_is_no_text(string name, byte[] bytes)
    {
        Assert.False(TextDecoder.TryDecode(bytes, null, false, out _, out var error), name);
        Assert.Contains("binary", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Believes_the_page_about_its_encoding()
    {
        byte[] page = [.. Encoding.ASCII.GetBytes("<html><head><meta charset=\"iso-8859-2\"></head><p>"), 0xB3, 0xF3, 0xBC, .. Encoding.ASCII.GetBytes("</p>")];
        Assert.True(TextDecoder.TryDecode(page, null, true, out var text, out _));
        Assert.Contains("łóź", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Believes_the_user_where_the_bytes_do_not_say()
    {
        Assert.True(TextDecoder.TryDecode([0xE9, 0x20, 0xE8], TextDecoder.Named("windows-1251"), false, out var text, out _));
        Assert.Equal("й и", text);
    }
}
