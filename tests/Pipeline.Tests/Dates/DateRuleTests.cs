using Pipeline.Dates;

namespace Pipeline.Tests.Dates;

public class DateRuleTests
{
    public static TheoryData<string> Names => [.. DateGrammar.Default.Rules.Select(rule => rule.Name)];

    [Fact]
    public void Has_no_two_rules_of_one_name() =>
        Assert.Equal(DateGrammar.Default.Rules.Length, DateGrammar.Default.Rules.Select(rule => rule.Name).Distinct().Count());

    [Theory]
    [MemberData(nameof(Names))]
    public void Rule_finds_its_examples_and_leaves_its_counter_examples(string name)
    {
        var rule = Array.Find(DateGrammar.Default.Rules, r => r.Name == name)!;
        Assert.NotEmpty(rule.Examples);
        Assert.NotEmpty(rule.CounterExamples);
        foreach (var example in rule.Examples)
        {
            if (rule.Operation == DateOperation.None)
            {
                Assert.DoesNotContain(DateCase.Fired(example.Sentence), fired => example.Text.Contains(fired.Text, StringComparison.Ordinal));
                continue;
            }

            Assert.Contains((rule.Name, example.Text, example.Value, example.Mod), DateCase.Fired(example.Sentence));
        }

        foreach (var sentence in rule.CounterExamples)
            Assert.DoesNotContain(rule.Name, DateCase.Fired(sentence).Select(fired => fired.Rule));
    }
}
