using System.Globalization;
using CsCheck;
using Pipeline.Classifying;
using Pipeline.Segmenting;

namespace Pipeline.Tests.Classifying;

public class RoleClassifierTests
{
    private static readonly RoleClassifier Classifier = new(Taught.Model);

    [Theory]
    [InlineData("The ministers met in Ankara on Tuesday.", "context")]
    [InlineData("The government fears a wider split at home.", "motivation")]
    [InlineData("Prices may rise next year.", "implication")]
    public void Gives_the_role_that_it_was_taught(string sentence, string role)
    {
        var article = Segmenter.SegmentSentences([(sentence, "", 1), (sentence, "", 1)]);
        Assert.Equal(role, Classifier.Classify(article)[0].Role);
    }

    [Fact]
    public void Labels_stand_in_ordinal_order() => Assert.Equal(["context", "implication", "motivation"], Classifier.Labels);

    [Fact]
    public void Any_text_gets_one_entry_a_sentence_whose_probabilities_add_up_to_one() =>
        Gen.Select(Gen.String[0, 60], Gen.String[0, 20], Gen.Int[0, 3]).Array[0, 12].Sample(rows =>
        {
            var article = Segmenter.SegmentSentences(rows);
            var roles = Classifier.Classify(article, explain: true);
            Assert.Equal(article.Sentences.Count, roles.Count);
            foreach (var role in roles)
            {
                Assert.Equal(1, role.Probabilities.Sum(), 9);
                Assert.Equal(role.Probabilities.Max(), role.Confidence);
                Assert.Equal(role.Role, Classifier.Labels[role.Probabilities.ToList().IndexOf(role.Confidence)]);
                Assert.False(string.IsNullOrEmpty(role.Why));
            }
        }, iter: 200);

    [Fact]
    public void Threads_and_articles_before_do_not_change_the_answer()
    {
        var articles = Taught.Articles(20).Select(a => a.Article).ToList();
        var alone = articles.Select(a => Classifier.Classify(a).Select(r => r.Confidence).ToList()).ToList();
        Parallel.For(0, 200, i =>
            Assert.Equal(alone[i % 20], Classifier.Classify(articles[i % 20]).Select(r => r.Confidence)));
    }

    [Theory]
    [InlineData("tr-TR")]
    [InlineData("de-DE")]
    public void Culture_does_not_change_the_answer(string culture)
    {
        var article = Segmenter.SegmentSentences([("IT WANTS INFLUENCE IN İZMIR, said 1,5.", "WHY IT MATTERS", 1)]);
        var before = CultureInfo.CurrentCulture;
        var expected = Classifier.Classify(article, explain: true)[0];
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            var found = Classifier.Classify(article, explain: true)[0];
            Assert.Equal((expected.Confidence, expected.Why), (found.Confidence, found.Why));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Why_names_the_cue_and_the_runner_up()
    {
        var article = Segmenter.SegmentSentences([("The government fears a wider split at home.", "", 1)]);
        var why = Classifier.Classify(article, explain: true)[0].Why!;
        Assert.StartsWith("motivation rather than ", why, StringComparison.Ordinal);
        Assert.Contains(" cue (+", why, StringComparison.Ordinal);
        Assert.Null(Classifier.Classify(article)[0].Why);
    }
}
