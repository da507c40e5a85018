using System.Security.Cryptography;
using Pipeline.SentenceEncoding;
using Pipeline.Tests.Classifying;

namespace Pipeline.Tests.SentenceEncoding;

public class SentenceEncoderTests
{
    private static string Shipped => Path.Combine(Repository.Root, "models", "encoder.model");

    [Fact]
    public void Gives_each_sentence_its_numbers_whatever_else_is_read_at_the_same_time()
    {
        using var encoder = SentenceEncoder.Load(Shipped);
        var articles = Taught.Articles(6).Select(a => a.Article).ToList();
        var alone = articles.Select(encoder.Encode).ToList();
        var together = new float[articles.Count][];
        Parallel.For(0, articles.Count, i => together[i] = encoder.Encode(articles[i]));
        for (var i = 0; i < articles.Count; i++)
        {
            Assert.Equal(alone[i], together[i]);
            Assert.Equal(articles[i].Sentences.Count * encoder.Width, alone[i].Length);
            Assert.All(alone[i], x => Assert.InRange(x, -1, 1));
        }

        Assert.NotEqual(alone[0][..encoder.Width], alone[0][encoder.Width..(2 * encoder.Width)]);
    }

    [Theory]
    [InlineData("missing", "cannot be read")]
    [InlineData("foreign", "no encoder")]
    [InlineData("version", "format 9")]
    [InlineData("damaged", "checksum")]
    [InlineData("short", "malformed")]
    [InlineData("no graph", "graph cannot be used")]
    public void Refuses_a_file_that_is_none_and_says_why(string fault, string said)
    {
        using var folder = new TempFolder();
        byte[] payload = fault == "no graph"
            ? [.. Text("[CLS]\n[SEP]\n[UNK]\n[unused1]\n[unused2]\n[unused3]"), .. Text("not a graph"), 1, 0, 0, 0, 9, 0, 0, 0, .. new byte[36], .. new byte[4], .. new byte[4]]
            : [255, 255, 255, 0];
        byte[] bytes = [.. "PIPEENCO"u8, 1, 0, .. SHA256.HashData(payload), .. payload];
        if (fault == "foreign")
            bytes[0] = (byte)'Q';
        else if (fault == "version")
            bytes[8] = 9;
        else if (fault == "damaged")
            bytes[^1] ^= 1;
        if (fault != "missing")
            folder.Write("encoder.model", bytes);
        var error = Assert.Throws<UserFileException>(() => SentenceEncoder.Load(folder["encoder.model"]));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);

        static byte[] Text(string text) => [(byte)text.Length, 0, 0, 0, .. System.Text.Encoding.UTF8.GetBytes(text)];
    }
}
