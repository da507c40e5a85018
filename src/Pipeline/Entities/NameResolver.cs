namespace Pipeline.Entities;

/// <summary>A mention on its way to its names: what was found, and what has been made of it so far. Used again from article to article.</summary>
internal sealed class RawMention
{
    public int Sentence { get; set; }

    public TextSpan Span { get; set; }

    public EntityType Type { get; set; }

    public double Confidence { get; set; }

    public KnownName Name { get; set; } = null!;

    public KnownName? Canonical { get; set; }

    public State? Country { get; set; }

    /// <summary>Whether the user's list has spoken: then nothing else is asked.</summary>
    public bool IsOwn { get; set; }
}

/// <summary>
/// Gives each mention of an article its canonical name and its country. Countries have their usual short name; people
/// and bodies the fullest name that the article uses, found from a shorter form at its beginning or end or from its
/// initials. Where several full names fit, the one mentioned last before decides. Belongs to one thread.
/// </summary>
internal sealed class NameResolver(NamePool pool)
{
    private readonly NameFamilies families = new();
    private readonly CountryFinder countries = new();

    public void Resolve(string text, ReadOnlySpan<RawMention> mentions)
    {
        foreach (var mention in mentions) mention.Canonical ??= Alone(mention) ?? Half(mention, mentions);
        families.Gather(text, mentions);
        for (var i = 0; i < mentions.Length; i++) mentions[i].Canonical ??= Of(mentions[i], i);
        countries.Find(text, mentions);
    }

    private KnownName? Alone(RawMention mention)
    {
        var name = mention.Name;
        switch (mention.Type)
        {
            case EntityType.Gpe:
                var state = CountryTable.Shared.Named(name.Text) ?? CountryTable.Shared.Named(NameFacts.Straight(name.Plain));
                if (state is not null && state.Code != "-") return pool.Of(state.Names[0]);
                return name.IsShouted && CountryTable.Shared.SpellingOf(name.Plain) is { } spelling ? pool.Of(spelling) : null;
            case EntityType.Norp:
                return name;
            case EntityType.Org:
                return name.Text switch
                {
                    "EU" or "E.U." => pool.Of("European Union"),
                    "UN" or "U.N." or "United Nations Organization" => pool.Of("United Nations"),
                    _ => null,
                };
            default:
                return null;
        }
    }

    // "the North" of an article that speaks of Korea.
    private KnownName? Half(RawMention mention, ReadOnlySpan<RawMention> mentions)
    {
        if (mention.Type != EntityType.Gpe || mention.Name.Plain is not ("North" or "South")) return null;
        foreach (var other in mentions)
        {
            var state = other.Type switch { EntityType.Gpe => other.Name.Polity, EntityType.Norp => other.Name.People, _ => null };
            if (state?.Code is "PRK" or "KOR") return pool.Of(mention.Name.Plain + " Korea");
        }

        return null;
    }

    private KnownName Of(RawMention mention, int index)
    {
        var full = families.FullNameOf(mention, index);
        // A name that keeps its article ("The Hague") keeps it whatever the family says.
        if (mention.Type == EntityType.Gpe && full == mention.Name && full.Text.StartsWith("The ", StringComparison.Ordinal)) return full;
        return full.Plain.Length == full.Text.Length ? full : pool.Of(full.Plain);
    }
}
