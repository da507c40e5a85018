namespace Pipeline.Tests;

public class TextSpanTests
{
    [Theory]
    [InlineData(0, 5, 1, 4, true)]
    [InlineData(0, 5, 0, 5, true)]
    [InlineData(0, 5, 1, 6, false)]
    [InlineData(2, 5, 1, 4, false)]
    public void Contains_only_what_lies_wholly_inside(int start, int end, int otherStart, int otherEnd, bool expected) =>
        Assert.Equal(expected, new TextSpan(start, end).Contains(new TextSpan(otherStart, otherEnd)));
}
