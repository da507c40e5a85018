using System.Globalization;
using Pipeline.Entities;

namespace Pipeline.Tests.Entities;

public class CountryTableTests
{
    private static IEnumerable<State> Real => CountryTable.Shared.States.Where(s => s.Code != "-");

    [Fact]
    public void Has_every_state_and_territory_of_the_standard_once()
    {
        Assert.Equal(250, Real.Count());
        Assert.Equal(250, Real.Select(s => s.Code).Distinct().Count());
        Assert.All(Real, s => Assert.Matches("^[A-Z]{3}$", s.Code));
        Assert.All(Real, s => Assert.NotEmpty(s.Names));
    }

    [Fact]
    public void Agrees_with_the_codes_that_the_platform_knows()
    {
        var known = CultureInfo.GetCultures(CultureTypes.SpecificCultures)
            .Select(c => { try { return new RegionInfo(c.Name).ThreeLetterISORegionName; } catch (ArgumentException) { return ""; } })
            .Where(c => c.Length == 3 && c.All(char.IsAsciiLetterUpper)).ToHashSet();
        if (known.Count < 100) Assert.Skip("this platform has no region data");
        var missing = known.Except(Real.Select(s => s.Code)).Except(["XKK", "XKX", "IVL", "DGA", "XEA", "XIC"]).ToList();
        Assert.Equal([], missing);
    }

    [Fact]
    public void Gives_no_name_to_two_states() =>
        Assert.Empty(Real.SelectMany(s => s.Names.Select(n => (n, s.Code))).GroupBy(p => p.n, StringComparer.OrdinalIgnoreCase)
            .Where(g => g.Select(p => p.Code).Distinct().Count() > 1).Select(g => g.Key));

    [Theory]
    [InlineData("U.S.", "USA")]
    [InlineData("Britain", "GBR")]
    [InlineData("DPRK", "PRK")]
    [InlineData("Pyongyang", "PRK")]
    [InlineData("Kyiv", "UKR")]
    [InlineData("Bavaria", "DEU")]
    [InlineData("St. Petersburg", "RUS")]
    [InlineData("Ivory Coast", "CIV")]
    [InlineData("Kosovo", "XKX")]
    public void Knows_the_state_of_a_polity(string name, string code) =>
        Assert.Equal(code, CountryTable.CodeOf(CountryTable.Shared.OfPolity(name)));

    [Theory]
    [InlineData("Soviet Union")]
    [InlineData("Crimea")]
    [InlineData("Gaza")]
    [InlineData("Western Europe")]
    [InlineData("Black Sea")]
    [InlineData("")]
    public void Gives_no_code_where_no_one_state_owns_the_place(string name) =>
        Assert.Null(CountryTable.CodeOf(CountryTable.Shared.OfPolity(name)));

    [Theory]
    [InlineData("House of Representatives", "Shared")]
    [InlineData("Ministry of Water", "Shared")]
    [InlineData("Russian Foreign Ministry", "Fixed")]
    [InlineData("Bank of Japan", "Fixed")]
    [InlineData("Obscureville Police", "Anchored")]
    [InlineData("Commission", "None")]
    [InlineData("European Central Bank", "None")]
    [InlineData("German Wings", "None")]
    [InlineData("Nepali Congress", "None")]
    [InlineData("", "None")]
    public void Knows_what_tells_the_state_of_an_organ(string name, string kind) =>
        Assert.Equal(kind, NameFacts.OrganOf(name).Kind.ToString());
}
