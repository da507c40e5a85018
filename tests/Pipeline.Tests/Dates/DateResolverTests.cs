using System.Globalization;
using CsCheck;

namespace Pipeline.Tests.Dates;

public class DateResolverTests
{
    private static readonly string[] Pieces =
    [
        "on", "Monday", "May", "5", "2024", "last", "next", "the", "year", "two", "weeks", "ago", "later", "-", ",", ".", "'", "s", "31",
        "February", "30", "1990s", "p.m.", "8:30", "every", "first", "half", "of", "quarter", "\n", "–", "’", "9999", "0001", "century",
        "99999999999", "thousand", "hundred", "million", "decades", "é", "\ud83d\ude00", "\ud83d", "1/2", "since", "mid-", "AD", "before",
    ];

    private static readonly Gen<string> AnyText = Gen.OneOf(
        Gen.String, Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 30].Select(pieces => string.Join(' ', pieces)));

    private static readonly Gen<DateOnly?> AnyDate = Gen.OneOf(
        Gen.Const((DateOnly?)null), Gen.Int[0, DateOnly.MaxValue.DayNumber].Select(n => (DateOnly?)DateOnly.FromDayNumber(n)),
        Gen.Const((DateOnly?)DateOnly.MinValue), Gen.Const((DateOnly?)DateOnly.MaxValue));

    [Fact]
    public void Never_throws_and_keeps_spans_ordered_inside_their_sentences() =>
        Gen.Select(AnyText, AnyDate).Sample((text, date) =>
        {
            var article = DateCase.Article(text);
            var end = 0;
            foreach (var mention in DateCase.Mentions(text, date))
            {
                Assert.True(mention.Span.Start >= end && mention.Span.Length > 0);
                Assert.True(article.Sentences[mention.Sentence].Span.Contains(mention.Span));
                Assert.False(mention.Earliest > mention.Latest);
                Assert.NotEqual("", mention.Value);
                end = mention.Span.End;
            }
        }, iter: 3000);

    [Theory]
    [InlineData("tr-TR")]
    [InlineData("ar-SA")]
    [InlineData("th-TH")]
    [InlineData("de-DE")]
    public void Gives_the_same_values_under_any_culture(string culture)
    {
        const string Text = "On Friday, 13 IS no day, but in June 2012, 2.5 years later and on Eid al-Fitr 2024 it was; MINUTES LATER it ended in the 1990s.";
        var expected = DateCase.Written(Text, DateCase.ExampleDate);
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo(culture);
            Assert.Equal(expected, DateCase.Written(Text, DateCase.ExampleDate));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Gives_the_same_result_on_many_threads()
    {
        const string Text = "In March 2011 the war began; two months later, on Tuesday, it ended.";
        var expected = DateCase.Written(Text, DateCase.ExampleDate);
        Parallel.For(0, 64, _ => Assert.Equal(expected, DateCase.Written(Text, DateCase.ExampleDate)));
    }

    [Theory]
    [InlineData("In June it rained.", "June|D|XXXX-06")]
    [InlineData("Last year it rained.", "Last year|D|XXXX")]
    [InlineData("Last week it rained.", "Last week|D|XXXX-WXX")]
    [InlineData("Yesterday it rained.", "Yesterday|D|XXXX-XX-XX")]
    public void Leaves_open_what_nothing_dates(string text, string expected) => Assert.Equal(expected, DateCase.Written(text, null));

    [Theory]
    [InlineData("Over the past two years it rained.", "2022-11-12", "2024-11-12")]
    [InlineData("Over the next six months it will rain.", "2024-11-12", "2025-05-12")]
    [InlineData("In the past fortnight it rained.", "2024-10-29", "2024-11-12")]
    [InlineData("It rained for two years.", "", "")]
    [InlineData("The first two years were dry.", "", "")]
    [InlineData("It rains now.", "2024-11-12", "2024-11-12")]
    [InlineData("It has recently rained.", "", "2024-11-12")]
    [InlineData("It will soon rain.", "2024-11-12", "")]
    [InlineData("It rained on Friday evening.", "2024-11-08", "2024-11-08")]
    [InlineData("The wall is of the 4th century BC.", "", "")]
    public void Gives_the_days_that_the_text_anchors(string text, string earliest, string latest)
    {
        var mention = Assert.Single(DateCase.Mentions(text, DateCase.ExampleDate));
        Assert.Equal((DateCase.Day(earliest), DateCase.Day(latest)), (mention.Earliest, mention.Latest));
    }

    [Theory]
    [InlineData("On 30 February 2024 it rained.", "")]
    [InlineData("On 29 February 2023 it rained.", "")]
    [InlineData("On 31 June it rained.", "")]
    [InlineData("On 29 February it rained.", "29 February|D|2024-02-29")]
    [InlineData("On 29 February it will rain.", "29 February|D|2028-02-29")]
    public void Invents_no_day_that_the_calendar_does_not_have(string text, string expected) =>
        Assert.Equal(expected, DateCase.Written(text, DateCase.ExampleDate));
}
