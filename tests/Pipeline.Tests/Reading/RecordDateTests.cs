using Pipeline.Reading;

namespace Pipeline.Tests.Reading;

public class RecordDateTests
{
    [Theory]
    [InlineData("2024-11-08", "2024-11-08")]
    [InlineData("2024-11-08T23:30:00-05:00", "2024-11-08")]
    [InlineData("2024-11-08 10:30", "2024-11-08")]
    [InlineData("20241108", "2024-11-08")]
    [InlineData("20241108T103000Z", "2024-11-08")]
    [InlineData("2024/11/8", "2024-11-08")]
    [InlineData("8.11.2024", "2024-11-08")]
    [InlineData("Fri, 08 Nov 2024 10:30:00 GMT", "2024-11-08")]
    [InlineData("Friday, 8 November 2024", "2024-11-08")]
    [InlineData("8 Nov 2024 23:59 +0100", "2024-11-08")]
    [InlineData("November 8, 2024 at 9:15 PM", "2024-11-08")]
    [InlineData("Nov 8, 2024, 9:15 am", "2024-11-08")]
    [InlineData("Fri Nov 08 2024 10:00:00 GMT+0100 (Central European Standard Time)", "2024-11-08")]
    [InlineData("Fri Nov  8 10:00:00 2024", "2024-11-08")]
    [InlineData("Fri Nov 08 10:00:00 +0000 2024", "2024-11-08")]
    [InlineData("1731062400", "2024-11-08")]
    [InlineData("1731062400000", "2024-11-08")]
    [InlineData("13/11/2024", "2024-11-13")]
    [InlineData("11/13/2024", "2024-11-13")]
    [InlineData("5/5/2024", "2024-05-05")]
    public void Reads_a_full_date(string value, string expected) => Assert.Equal(DateOnly.Parse(expected, null), RecordDate.Of(value));

    [Theory]
    [InlineData("")]
    [InlineData("10:30:15 +0000")]
    [InlineData("10:30:15.1234")]
    [InlineData("Nov 5 10:30")]
    [InlineData("Nov 5 10:30 +0000")]
    [InlineData("Tue, 05 Nov 10:30:00 +0000")]
    [InlineData("5 November 10:30:00.0000")]
    [InlineData("November 2024")]
    [InlineData("Tuesday 10:30:00")]
    [InlineData("3/4/2024")]
    [InlineData("8 Nov 24")]
    [InlineData("11-08-24 10:30")]
    [InlineData("2024-13-40")]
    [InlineData("31 Feb 2024")]
    [InlineData("yesterday at 10:30")]
    [InlineData("2024")]
    [InlineData("12345678901234567890")]
    [InlineData("-62135596801")]
    [InlineData("\u0661\u0662/\u0660\u0663/\u0662\u0660\u0662\u0664")]
    [InlineData("\uFF12\uFF10\uFF12\uFF14-\uFF11\uFF11-\uFF10\uFF18")]
    public void Has_no_date_where_one_would_have_to_be_filled_in(string value) => Assert.Null(RecordDate.Of(value));
}
