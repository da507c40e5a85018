using Pipeline.Dates;

namespace Pipeline.Tests.Dates;

public class TimexIntervalTests
{
    [Theory]
    [InlineData("2024-11-11", "2024-11-11", "2024-11-11")]
    [InlineData("2024-11-08T20:30", "2024-11-08", "2024-11-08")]
    [InlineData("2024-11-08TNI", "2024-11-08", "2024-11-08")]
    [InlineData("2024-02", "2024-02-01", "2024-02-29")]
    [InlineData("2024", "2024-01-01", "2024-12-31")]
    [InlineData("199", "1990-01-01", "1999-12-31")]
    [InlineData("18", "1800-01-01", "1899-12-31")]
    [InlineData("2024-Q4", "2024-10-01", "2024-12-31")]
    [InlineData("2024-H1", "2024-01-01", "2024-06-30")]
    [InlineData("2024-SU", "2024-06-01", "2024-08-31")]
    [InlineData("2023-WI", "2023-12-01", "2024-02-29")]
    [InlineData("2024-W45", "2024-11-04", "2024-11-10")]
    [InlineData("2025-W01", "2024-12-30", "2025-01-05")]
    [InlineData("2024-W45-WE", "2024-11-09", "2024-11-10")]
    [InlineData("2024-W45-5", "2024-11-08", "2024-11-08")]
    [InlineData("9999", "9999-01-01", "9999-12-31")]
    [InlineData("9999-12-31", "9999-12-31", "9999-12-31")]
    [InlineData("0001", "0001-01-01", "0001-12-31")]
    public void Spans_the_days_of_a_value(string value, string earliest, string latest) =>
        Assert.Equal((DateCase.Day(earliest), DateCase.Day(latest)), TimexInterval.Of(value));

    [Theory]
    [InlineData("XXXX-06")]
    [InlineData("P3M")]
    [InlineData("PAST_REF")]
    [InlineData("XXXX-WXX-2")]
    [InlineData("BC0044")]
    [InlineData("2024-13")]
    [InlineData("2023-02-29")]
    [InlineData("2024-W54")]
    [InlineData("")]
    [InlineData("0000")]
    public void Leaves_open_what_spans_no_days(string value) => Assert.Equal((null, null), TimexInterval.Of(value));
}
