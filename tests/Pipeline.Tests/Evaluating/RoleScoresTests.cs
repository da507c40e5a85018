using Pipeline.Evaluating;

namespace Pipeline.Tests.Evaluating;

public class RoleScoresTests
{
    private static readonly string[] Labels = ["a", "b", "c"];

    [Fact]
    public void Figures_are_those_counted_by_hand()
    {
        // gold a a a b; predicted a a b b
        var scores = RoleScores.Of(Labels, [P(0, 0, 0.9), P(0, 0, 0.7), P(0, 1, 0.6), P(1, 1, 0.8)]);
        Assert.Equal((1.0, 2 / 3.0, 0.8), (scores.Labels[0].Precision, scores.Labels[0].Recall, scores.Labels[0].F1));
        Assert.Equal((0.5, 1.0, 2 / 3.0), (scores.Labels[1].Precision, scores.Labels[1].Recall, scores.Labels[1].F1));
        Assert.Equal(0.75, scores.Micro);
        Assert.Equal((0.8 + (2 / 3.0)) / 2, scores.Macro, 12);
        Assert.Equal([2, 1, 0], scores.Confusion[0]);
        Assert.Equal((0.1 + 0.3 + 0.6 + 0.2) / 4, scores.CalibrationError, 12);
    }

    [Fact]
    public void Nothing_at_all_gives_zeros() => Assert.Equal((0, 0, 0), (RoleScores.Of(Labels, []).Macro, RoleScores.Of(Labels, []).Micro, RoleScores.Of(Labels, []).CalibrationError));

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(5, 5, 1)]
    [InlineData(0, 5, 0.0625)]
    [InlineData(1, 9, 0.021484375)]
    [InlineData(9, 1, 0.021484375)]
    public void McNemar_is_the_exact_binomial(int one, int other, double p) => Assert.Equal(p, Resampling.McNemar(one, other), 9);

    [Fact]
    public void The_better_of_two_wins_and_the_same_one_is_no_better()
    {
        var good = Enumerable.Range(0, 60).Select(i => new RolePrediction(i / 3, i % 3, i % 3, i % 7 == 0 ? 0 : i % 3, 0.9)).ToList();
        var bad = Enumerable.Range(0, 60).Select(i => new RolePrediction(i / 3, i % 3, i % 3, i % 2 == 0 ? 0 : i % 3, 0.9)).ToList();
        var better = Resampling.Compare(3, bad, good);
        Assert.True(better.Difference > 0 && better.SecondBetter > 0.95 && better.McNemar < 0.05);
        Assert.Equal((0, 1.0), (Resampling.Compare(3, good, good).Difference, Resampling.Compare(3, good, good).McNemar));
        var range = Resampling.OfMacro(3, good);
        Assert.InRange(RoleScores.Of(Labels, good).Macro, range.Low, range.High);
    }

    private static RolePrediction P(int gold, int predicted, double confidence) => new(0, 0, gold, predicted, confidence);
}
