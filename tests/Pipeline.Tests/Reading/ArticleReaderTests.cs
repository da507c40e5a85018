using System.Text;
using Pipeline.Reading;

namespace Pipeline.Tests.Reading;

public class ArticleReaderTests
{
    public static TheoryData<string, string, string?, string?, string?, string> Records => new()
    {
        { """{"text":"Body.","id":"a1","title":"T","date":"2024-11-11","author":"A","url":"u","language":"en"}""", "Body.", "T", "A", "2024-11-11", "#a1" },
        { """{"maintext":"Body.","date_publish":"2024-11-11 23:59:00","authors":["A","B"]}""", "Body.", null, "A; B", "2024-11-11", "#1" },
        { """{"body":"Body.","published":"Mon, 11 Nov 2024 10:00:00 GMT","authors":[{"name":"A"}]}""", "Body.", null, "A", "2024-11-11", "#1" },
        { """{"content":"Body.","publishing_date":"2024-11-11T23:30:00-05:00","id":7}""", "Body.", null, null, "2024-11-11", "#7" },
        { """{"text":"Body.","date":1731283200}""", "Body.", null, null, "2024-11-11", "#1" },
        { """{"text":"Body.","date":"sometime in May","title":""}""", "Body.", null, null, null, "#1" },
        { """{"text":"A \ud83d half.","date":"11:30"}""", "A \uFFFD half.", null, null, null, "#1" },
        { """{"text":"A \ud83d\ude00 whole."}""", "A \U0001F600 whole.", null, null, null, "#1" },
    };

    public static TheoryData<string, string> BrokenRecords => new()
    {
        { """{"text": "no end""", "not a JSON line" },
        { "[1, 2]", "no object" },
        { """{"title": "only"}""", "has no text" },
        { """{"text": "   "}""", "has no text" },
        { new string('[', 200), "not a JSON line" },
        { "just words", "not a JSON line" },
    };

    [Theory]
    [MemberData(nameof(Records))]
    public void Reads_a_record_under_any_of_the_usual_names(
        string json, string text, string? title, string? author, string? date, string idSuffix)
    {
        var article = ReadAll(("a.jsonl", Encoding.UTF8.GetBytes(json))).Single().Article!;
        Assert.Equal(text, article.Content);
        Assert.Equal(title, article.Title);
        Assert.Equal(author, article.Author);
        Assert.Equal(date, article.Date?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal("a.jsonl" + idSuffix, article.Source);
    }

    [Theory]
    [MemberData(nameof(BrokenRecords))]
    public void Refuses_a_broken_record_and_goes_on(string json, string reason)
    {
        var outcomes = ReadAll(("a.jsonl", Encoding.UTF8.GetBytes(json + "\n{\"text\":\"Good.\"}\n")));
        Assert.Equal(2, outcomes.Count);
        Assert.Equal("a.jsonl#1", outcomes[0].Failure!.Source);
        Assert.Contains(reason, outcomes[0].Failure!.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', outcomes[0].Failure!.Error);
        Assert.Equal("Good.", outcomes[1].Article!.Content);
    }

    [Fact]
    public void Refuses_a_line_over_the_limit_without_losing_the_next()
    {
        var line = "{\"text\":\"" + new string('x', 300_000) + "\"}\n{\"text\":\"Good.\"}";
        var outcomes = ReadAll(new ReadingOptions { MaxArticleBytes = 200_000 }, ("a.jsonl", Encoding.UTF8.GetBytes(line)));
        Assert.Contains("longer than the limit", outcomes[0].Failure!.Error, StringComparison.Ordinal);
        Assert.Equal("a.jsonl#2", outcomes[1].Article!.Source);
    }

    [Theory]
    [InlineData(Compression.Gzip, "bomb.txt", "larger than the limit")]
    [InlineData(Compression.Zstd, "bomb.txt", "larger than the limit")]
    [InlineData(Compression.Gzip, "bomb.jsonl", "longer than the limit")]
    [InlineData(Compression.Zstd, "bomb.jsonl", "longer than the limit")]
    public void Refuses_a_file_over_the_limit_even_when_it_is_small_as_packed(Compression compression, string name, string expected)
    {
        var bomb = Pack(compression, Enumerable.Repeat((byte)'a', 10_000_000).ToArray());
        Assert.InRange(bomb.Length, 1, 100_000);
        var outcomes = ReadAll(new ReadingOptions { MaxArticleBytes = 100_000 }, (name + compression.Ending(), bomb));
        Assert.Contains(expected, outcomes.Single().Failure!.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Compression.Gzip)]
    [InlineData(Compression.Zstd)]
    public void Reads_packed_files_whose_parts_were_packed_one_by_one(Compression compression)
    {
        byte[] two = [.. Pack(compression, "{\"text\":\"One.\"}\n"u8.ToArray()), .. Pack(compression, "{\"text\":\"Two.\"}\n"u8.ToArray())];
        Assert.Equal(["One.", "Two."], ReadAll(("a.jsonl" + compression.Ending(), two)).Select(outcome => outcome.Article!.Content));
    }

    [Theory]
    [InlineData(Compression.Gzip)]
    [InlineData(Compression.Zstd)]
    public void Refuses_a_packed_file_that_is_none(Compression compression)
    {
        foreach (var name in (string[])["a.txt", "a.jsonl"])
            Assert.NotNull(ReadAll((name + compression.Ending(), "Not packed at all."u8.ToArray())).Single().Failure);
    }

    [Theory]
    [InlineData(Compression.Gzip)]
    [InlineData(Compression.Zstd)]
    public void Reports_broken_packed_data_behind_the_records_that_could_be_read(Compression compression)
    {
        var good = Pack(compression, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 30_000).Select(i => $"{{\"text\":\"Body {i * 7919 % 30011}.\"}}\n"))));
        var outcomes = ReadAll(("a.jsonl" + compression.Ending(), [.. good[..(good.Length / 2)], .. Enumerable.Repeat((byte)0xAA, 300)]));
        Assert.NotNull(outcomes[0].Article);
        Assert.NotNull(outcomes[^1].Failure);
    }

    [Theory]
    [InlineData("empty.txt", "")]
    [InlineData("blank.txt", " \n\t\n")]
    [InlineData("empty.jsonl", "")]
    public void Refuses_an_empty_file(string name, string content) =>
        Assert.Equal("empty file", ReadAll((name, Encoding.UTF8.GetBytes(content))).Single().Failure!.Error);

    [Fact]
    public void Refuses_a_kind_of_file_that_it_does_not_know()
    {
        var failure = ReadAll(("photo.jpg", [1, 2, 3])).Single().Failure!;
        Assert.Equal("photo.jpg", failure.Source);
        Assert.Contains("unsupported", failure.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Reports_a_file_that_vanished_after_the_walk_met_it()
    {
        using var folder = new TempFolder();
        var path = folder.Write("a.txt", "Body.");
        var record = new InputWalker(new ReadingOptions()).Walk([path], () => Stream.Null).Single();
        File.Delete(path);
        Assert.Equal("the file is gone", new ArticleReader(new ReadingOptions()).Read(record).Failure!.Error);
    }

    [Fact]
    public void Reads_lines_in_UTF_16()
    {
        byte[] bytes = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("{\"text\":\"Görüşme.\"}\n{\"text\":\"Two.\"}\n")];
        Assert.Equal(["Görüşme.", "Two."], ReadAll(("a.jsonl", bytes)).Select(outcome => outcome.Article!.Content));
    }

    [Theory]
    [InlineData("<p>Body.</p>", ArticleFormat.Html)]
    [InlineData("<3 from Kyiv, and no page.", ArticleFormat.PlainText)]
    [InlineData("Body with a <p> inside.</p>", ArticleFormat.PlainText)]
    public void Takes_a_record_for_a_page_only_when_it_begins_like_one(string text, ArticleFormat expected)
    {
        var json = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new { text });
        Assert.Equal(expected, ReadAll(("a.jsonl", json)).Single().Article!.Format);
    }

    private static List<ReadOutcome> ReadAll(params (string Name, byte[] Bytes)[] files) => ReadAll(new ReadingOptions(), files);

    private static List<ReadOutcome> ReadAll(ReadingOptions options, params (string Name, byte[] Bytes)[] files)
    {
        using var folder = new TempFolder();
        foreach (var (name, bytes) in files)
            folder.Write(name, bytes);
        var reader = new ArticleReader(options);
        return [.. new InputWalker(options).Walk([folder.Path], () => Stream.Null).Select(reader.Read)];
    }

    private static byte[] Pack(Compression compression, byte[] bytes)
    {
        var target = new MemoryStream();
        using (var packed = Compressions.Pack(target, compression))
            packed.Write(bytes);
        return target.ToArray();
    }

    [Theory]
    [InlineData("{\"text\": \"Body.\", \"score\": NaN}", "Body.")]
    [InlineData("{\"score\": -Infinity, \"text\": \"NaN is \\\"no\\\" number, -Infinity\"}", "NaN is \"no\" number, -Infinity")]
    [InlineData("{\"a\": [Infinity, {\"b\": NaN}], \"text\": \"Body.\"}", "Body.")]
    [InlineData("{\"text\": NaN}", null)]
    [InlineData("{\"text\": \"Body.\", \"x\": Nan}", null)]
    [InlineData("{\"text\": \"Body.\", \"x\": NaNo}", null)]
    [InlineData("{\"text\": \"Body.\", \"x\": -}", null)]
    public void Reads_records_whose_unused_numbers_are_none(string line, string? text)
    {
        var outcome = new ArticleReader(new ReadingOptions()).Read(new InputRecord(0, "a.jsonl", 1, null, System.Text.Encoding.UTF8.GetBytes(line), null, null, 0));
        Assert.Equal(text, outcome.Article?.Content);
        Assert.Equal(text is not null, JsonRecord.LooksComplete(System.Text.Encoding.UTF8.GetBytes(line)));
    }

    [Fact]
    public void Leaves_no_control_characters_in_what_a_record_states_in_a_line()
    {
        var outcome = new ArticleReader(new ReadingOptions()).Read(new InputRecord(0, "a.jsonl", 1, null,
            "{\"id\":\"a\\u0000b\\u001b[31m\",\"title\":\"Port\\u0000 Ellery\\nclo\\u2028ses\\t it\",\"author\":\"\\u001b]0;x\\u0007\",\"language\":\"\\u0001\",\"text\":\"Body.\"}"u8.ToArray(), null, null, 0));
        Assert.Equal(("Port Ellery clo ses it", "]0;x", (string?)null, "a.jsonl#ab [31m"),
            (outcome.Article!.Title, outcome.Article.Author, outcome.Article.Language, outcome.Article.Source));
    }
}
