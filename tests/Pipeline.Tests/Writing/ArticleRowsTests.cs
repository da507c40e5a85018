using System.Text;
using CsCheck;
using Pipeline.Classifying;
using Pipeline.Cleaning;
using Pipeline.Dates;
using Pipeline.Entities;
using Pipeline.Writing;

namespace Pipeline.Tests.Writing;

public class ArticleRowsTests
{
    [Fact]
    public void Counts_offsets_in_code_points()
    {
        var article = Given.Article("a.txt", "\U0001F600 Oslo acts.", "Then \U0001F600 Rome.");
        var rome = article.Text.IndexOf("Rome", StringComparison.Ordinal);
        var result = Given.Result(
            article,
            [new EntityMention(1, new TextSpan(rome, rome + 4), EntityType.Gpe, "Rome", "ITA", 0.98766)],
            [new DateMention(0, new TextSpan(3, 7), TimexType.Date, "2024", "START", new DateOnly(2024, 1, 1), null)]);
        using var rows = new ArticleRows(withTokens: true, withWhy: false);
        rows.Format(result);
        Assert.Equal(
            $"{Id(article)},1,1,,0,12,context,0.5000,0.5000,0.3000,0.2000,\U0001F600 Oslo acts.\n{Id(article)},2,1,,13,25,context,0.5000,0.5000,0.3000,0.2000,Then \U0001F600 Rome.\n",
            Text(rows.Sentences));
        Assert.Equal($"{Id(article)},2,20,24,Rome,GPE,Rome,ITA,0.9877\n", Text(rows.Entities));
        Assert.Equal($"{Id(article)},1,2,6,Oslo,DATE,2024,START,2024-01-01,\n", Text(rows.Dates));
        Assert.StartsWith($"{Id(article)},1,1,0,1,\U0001F600,", Text(rows.Tokens), StringComparison.Ordinal);
    }

    [Fact]
    public void Writes_the_articles_row_with_the_hash_of_its_text()
    {
        var article = Given.Article("a \"quoted\", b.txt", "=1 is no formula.");
        using var rows = new ArticleRows(false, false);
        var sha = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(article.Text)));
        Assert.Equal(
            $"{Id(article)},\"a \"\"quoted\"\", b.txt\",,,,none,,,1,1,4,{sha},0123,\"'=1 is no formula.\"\n",
            Text(rows.Article(Given.Result(article), ArticleSignature.Of(article.Text).Sha256, "0123")));
    }

    [Fact]
    public void Rounds_probabilities_so_that_they_add_up_to_one() =>
        Gen.Double[0.0001, 1].Array[1, 9].Sample(weights =>
        {
            var sum = weights.Sum();
            var sentence = new RoledSentence("x", 0, [.. weights.Select(weight => weight / sum)]);
            var rounded = new int[weights.Length];
            ArticleRows.TenThousandths(sentence, rounded);
            Assert.Equal(10_000, rounded.Sum());
            for (var i = 0; i < rounded.Length; i++)
                Assert.InRange(rounded[i], (sentence.Probabilities[i] * 10_000) - 1.001, (sentence.Probabilities[i] * 10_000) + 1.001);
        });

    [Fact]
    public void Counts_code_points_like_a_rune_enumerator() =>
        Gen.String[Gen.Char["a\uD83D\uDE00é"], 0, 30].Sample(text =>
        {
            var points = new CodePoints(text);
            for (var i = 0; i <= text.Length; i++)
            {
                if (i > 0 && i < text.Length && char.IsLowSurrogate(text[i]) && char.IsHighSurrogate(text[i - 1]))
                    continue;
                Assert.Equal(text[..i].EnumerateRunes().Count(), points.At(i));
            }
        });

    private static string Id(Pipeline.Segmenting.SegmentedArticle article) => article.Article.Article.Id;

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
