namespace Pipeline.Entities;

/// <summary>A mention on its way to its names: what was found, and what has been made of it so far.</summary>
internal sealed class RawMention
{
    public required int Sentence { get; init; }

    public required TextSpan Span { get; init; }

    public required EntityType Type { get; init; }

    public required double Confidence { get; init; }

    /// <summary>Its words, single spaces between them.</summary>
    public required string Name { get; init; }

    public string? Canonical { get; set; }

    public string? Country { get; set; }
}

/// <summary>
/// Gives each mention of an article its canonical name and its country. Countries have their usual short name; people
/// and bodies the fullest name that the article uses, found from a shorter form at its beginning or end or from its
/// initials. Where several full names fit, the one mentioned last before decides.
/// </summary>
internal static class NameResolver
{
    public static void Resolve(string text, IReadOnlyList<RawMention> mentions)
    {
        foreach (var mention in mentions) ResolveAlone(mention);
        var families = new NameFamilies(text, mentions);
        foreach (var mention in mentions) mention.Canonical ??= families.CanonicalOf(mention);
        CountryFinder.Find(text, mentions);
    }

    private static void ResolveAlone(RawMention mention)
    {
        if (mention.Canonical is not null) return;
        if (mention.Type == EntityType.Gpe)
        {
            var name = WithoutArticle(mention.Name);
            var state = CountryTable.Shared.Named(mention.Name) ?? CountryTable.Shared.Named(name);
            if (state is not null && state.Code != "-") mention.Canonical = state.Names[0];
            else if (IsShouted(name)) mention.Canonical = CountryTable.Shared.SpellingOf(name);
        }
        else if (mention.Type == EntityType.Norp)
        {
            mention.Canonical = mention.Name;
        }
        else if (mention.Type == EntityType.Org)
        {
            mention.Canonical = mention.Name switch
            {
                "EU" or "E.U." => "European Union",
                "UN" or "U.N." or "United Nations Organization" => "United Nations",
                _ => null,
            };
        }
    }

    internal static string WithoutArticle(string name) =>
        name.StartsWith("the ", StringComparison.OrdinalIgnoreCase) ? name[4..] : name;

    internal static bool IsShouted(string name)
    {
        var letters = 0;
        foreach (var c in name)
        {
            if (char.IsLower(c)) return false;
            if (char.IsLetter(c)) letters++;
        }

        return letters > 3;
    }
}
