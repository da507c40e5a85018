using System.Reflection;
using System.Text.RegularExpressions;
using Pipeline.Cleaning;

namespace Pipeline.Tests;

public class PatternTests
{
    /// <summary>On a busy machine a limit of one second has ended a run on a harmless line.</summary>
    [Fact]
    public void No_pattern_has_a_limit_in_time_that_would_make_results_depend_on_the_load()
    {
        var patterns = typeof(ArticleCleaner).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Select(method => (method.Name, Attribute: method.GetCustomAttribute<GeneratedRegexAttribute>()))
            .Where(pattern => pattern.Attribute is not null).ToList();
        Assert.NotEmpty(patterns);
        Assert.All(patterns, pattern => Assert.Equal(Timeout.Infinite, pattern.Attribute!.MatchTimeoutMilliseconds));
    }

    /// <summary>They are digits of every script, which no parser of numbers reads.</summary>
    [Fact]
    public void No_pattern_has_digits_of_other_scripts()
    {
        var patterns = typeof(ArticleCleaner).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Select(method => method.GetCustomAttribute<GeneratedRegexAttribute>()?.Pattern).OfType<string>();
        Assert.DoesNotContain(patterns, pattern => pattern.Contains("\\d", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("By A. ", 40)]
    [InlineData("By ", 53)]
    [InlineData("By de la van von ", 9)]
    [InlineData("Published, on, ", 10)]
    [InlineData("Aa, -, -", 11)]
    [InlineData("Monday. ", 11)]
    [InlineData("1 Jan ", 15)]
    [InlineData("Posted By A'C.D! ", 8)]
    public void Lines_that_nearly_fit_end_and_are_no_bylines_or_dates(string part, int times)
    {
        var line = string.Concat(Enumerable.Repeat(part, times)) + "\u0001";
        Assert.False(LineShapes.IsByline(line));
        Assert.False(LineShapes.IsDateLine(line));
    }
}
