using Pipeline.Training;

namespace Pipeline.Tests.Training;

public class CalibrationTests
{
    [Theory]
    [InlineData("a", "a", 0.2)]
    [InlineData("a", "b", 0.05)]
    public void Each_labels_file_counts_the_same_where_rare_labels_are_raised(string first, string second, double expected)
    {
        // From 0.1 on the second label is found in the many articles, and found in vain in the few.
        var gains = Enumerable.Repeat((Probabilities: new[] { 0.51, 0.49, 0.1, 0.9, 0.9, 0.1, 0.9, 0.1, 0.9, 0.1, 0.9, 0.1 }, Gold: new[] { 1, 1, 0, 0, 0, 0 }, Part: first), 40);
        var loses = Enumerable.Repeat((Probabilities: new[] { 0.505, 0.495, 0.9, 0.1, 0.9, 0.1, 0.2, 0.8 }, Gold: new[] { 0, 0, 0, 1 }, Part: second), 4);
        Assert.Equal(expected, Calibration.Rarity([.. gains, .. loses], 2, 1, [0.5, 0.5]), 6);
    }

    [Fact]
    public void The_temperature_is_1_where_the_probabilities_are_honest()
    {
        (double[], int[], double)[] articles = [.. Enumerable.Range(0, 10).Select(i => (new[] { 0.8, 0.2 }, new[] { i < 8 ? 0 : 1 }, 1.0))];
        Assert.Equal(1, Calibration.Temperature(articles, 2), 0.01);
        Assert.True(Calibration.Loss(articles, 2, 1) < Calibration.Loss(articles, 2, 2));
    }
}
