namespace Pipeline.Entities;

/// <summary>
/// The state that a polity, a people or a state organ belongs to: by the data file, by the country word in the name, by
/// the country named right before, and for organs that many states have, by the state that the article names most.
/// </summary>
internal static class CountryFinder
{
    private static readonly string[] Kinds =
    [
        " region", " oblast", " province", " county", " state", " district", " city", " governorate", " prefecture", " islands",
        " voivodeship", " canton", " department", " peninsula", " valley",
    ];

    private static readonly string[] Directions =
    [
        "northern ", "southern ", "eastern ", "western ", "central ", "north ", "south ", "east ", "west ", "greater ", "upper ",
        "city of ", "province of ", "state of ", "republic of ", "kingdom of ", "mainland ", "northeastern ", "northwestern ",
        "southeastern ", "southwestern ", "north-east ", "pre-war ", "post-war ",
    ];

    private static readonly HashSet<string> OrganWords = new(
        ["ministry", "ministries", "department", "parliament", "senate", "assembly", "congress", "government", "cabinet", "court",
         "army", "navy", "guard", "guards", "corps", "fleet", "military", "police", "treasury", "embassy",
         "commission", "agency", "authority", "administration", "bureau", "council", "service", "intelligence", "directorate",
         "prosecutor", "office", "chancellery", "presidency", "customs", "marines", "inspectorate", "command", "regulator", "staff",
         "tribunal", "secretariat", "legislature", "diet", "duma", "fed"],
        StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Shared = new(
        ["Supreme Court", "High Court", "Constitutional Court", "Senate", "Congress", "House of Representatives", "House", "Parliament",
         "National Assembly", "Treasury", "National Guard", "Coast Guard", "Foreign Office", "Home Office", "Cabinet", "Central Bank",
         "Election Commission", "Chamber of Deputies", "State Council", "Federal Council", "Navy", "Army",
         "Air Force", "Finance Ministry", "Foreign Ministry", "Defense Ministry", "Defence Ministry", "Interior Ministry",
         "Justice Ministry", "Energy Ministry", "National Treasury", "Cabinet of Ministers", "National Security Council",
         "Justice Department", "Legislative Council", "Electoral Commission", "Attorney General's Office",
         "Privy Council", "Border Guard", "Court of Appeal", "National Bank", "Reserve Bank", "Presidency", "MIT", "CNE", "SEC",
         "House of Representatives", "Government House", "Beehive", "Public Ministry", "Supreme Electoral Tribunal", "Secret Service"],
        StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> International = new(
        ["European", "International", "United Nations", "UN", "U.N.", "African Union", "World", "Inter-American", "Arab League", "Asian",
         "African", "NATO", "EU", "Nordic", "Soviet", "Red Army", "Court of Justice", "General Court", "Security Council", "General Assembly"],
        StringComparer.OrdinalIgnoreCase);

    public static void Find(string text, IReadOnlyList<RawMention> mentions)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var mention in mentions)
        {
            if (mention.Country is null)
            {
                if (mention.Type == EntityType.Gpe) mention.Country = OfPolity(mention.Name, mention.Canonical);
                else if (mention.Type == EntityType.Norp) mention.Country = CountryTable.CodeOf(OfPeople(mention.Name));
            }

            if (mention.Country is not null) counts[mention.Country] = counts.GetValueOrDefault(mention.Country) + 1;
        }

        var (main, most) = ((string?)null, 0);
        foreach (var (code, count) in counts)
        {
            if (count > most) (main, most) = (code, count);
        }

        for (var i = 0; i < mentions.Count; i++)
        {
            var mention = mentions[i];
            if (mention.Country is not null) continue;
            if (mention.Type == EntityType.Org) mention.Country = OfOrgan(text, mentions, i, main);
            else if (mention.Type == EntityType.Gpe && mention.Country is null) mention.Country = OfNeighbour(text, mentions, i, main);
        }

        ShareAmongMentions(mentions);
    }

    // All mentions of one body or place have one country.
    private static void ShareAmongMentions(IReadOnlyList<RawMention> mentions)
    {
        var known = new Dictionary<(EntityType, string), string>();
        foreach (var mention in mentions)
        {
            if (mention is { Country: not null, Type: EntityType.Org or EntityType.Gpe, Canonical: not null })
                known.TryAdd((mention.Type, mention.Canonical), mention.Country);
        }

        foreach (var mention in mentions)
        {
            if (mention is { Country: null, Canonical: not null, Type: EntityType.Org or EntityType.Gpe })
                mention.Country = known.GetValueOrDefault((mention.Type, mention.Canonical));
        }
    }

    internal static string? OfPolity(string name, string? canonical)
    {
        var table = CountryTable.Shared;
        var plain = NameResolver.WithoutArticle(name);
        var state = table.OfPolity(plain) ?? (canonical is null ? null : table.OfPolity(canonical)) ?? table.OfPolity(WithoutKind(plain));
        if (state is null && plain.IndexOf(',', StringComparison.Ordinal) is > 0 and var comma)
            state = table.OfPolity(plain[(comma + 1)..].Trim());
        return CountryTable.CodeOf(state);
    }

    internal static State? OfPeople(string name)
    {
        var table = CountryTable.Shared;
        var found = table.OfDemonym(name) ?? table.OfPolity(name);
        if (found is not null) return found;
        foreach (var direction in Directions)
        {
            if (name.StartsWith(direction, StringComparison.OrdinalIgnoreCase)) return table.OfDemonym(name[direction.Length..]);
        }

        if (name.EndsWith('s')) found = table.OfDemonym(name[..^1]);
        if (found is null && name.LastIndexOf('-') is > 0 and var hyphen && !name.Contains("Anglo", StringComparison.Ordinal))
            found = name[..hyphen] is "non" or "pro" or "anti" or "ex" ? table.OfDemonym(name[(hyphen + 1)..]) : null;
        return found;
    }

    private static string WithoutKind(string name)
    {
        foreach (var kind in Kinds)
        {
            if (name.EndsWith(kind, StringComparison.OrdinalIgnoreCase) && name.Length > kind.Length) return name[..^kind.Length];
        }

        foreach (var direction in Directions)
        {
            if (name.StartsWith(direction, StringComparison.OrdinalIgnoreCase)) return name[direction.Length..];
        }

        return name;
    }

    private static string? OfOrgan(string text, IReadOnlyList<RawMention> mentions, int i, string? main)
    {
        var name = NameResolver.WithoutArticle(mentions[i].Name);
        var canonical = mentions[i].Canonical ?? name;
        if (IsInternational(name) || IsInternational(canonical)) return null;
        var before = Before(text, mentions, i);
        if (Shared.Contains(name)) return before ?? main;
        if (CountryTable.Shared.OfOrgan(name) is { } organ) return CountryTable.CodeOf(organ);
        if (CountryTable.Shared.OfOrgan(canonical) is { } same) return CountryTable.CodeOf(same);
        var words = canonical.Split(' ');
        var isOrgan = false;
        foreach (var word in words) isOrgan |= OrganWords.Contains(word);
        isOrgan |= canonical.Contains("Armed Forces", StringComparison.Ordinal) || canonical.Contains("Defence Force", StringComparison.Ordinal)
            || canonical.Contains("Defense Force", StringComparison.Ordinal) || canonical.Contains("Air Force", StringComparison.Ordinal)
            || canonical.Contains("Security Forces", StringComparison.Ordinal);
        var named = CountryInName(words);
        if (!isOrgan)
        {
            var central = named is not null && words[0] is "Bank" or "Banque" && words.Length > 1 && words[1] == "of"
                || named is not null && canonical.Contains("National Bank of", StringComparison.Ordinal)
                || named is not null && canonical.Contains("Central Bank", StringComparison.Ordinal)
                || named is not null && canonical.Contains("Reserve Bank", StringComparison.Ordinal);
            return central ? named : null;
        }

        if (named is not null) return named;
        if (before is not null) return before;
        return words[^1] is "Ministry" || words[0] is "Ministry" or "Department" || canonical.StartsWith("National ", StringComparison.Ordinal) ? main : null;
    }

    private static bool IsInternational(string name)
    {
        if (International.Contains(name)) return true;
        var space = name.IndexOf(' ', StringComparison.Ordinal);
        return (space > 0 && International.Contains(name[..space])) || name.StartsWith("United Nations", StringComparison.Ordinal)
            || name.StartsWith("African Union", StringComparison.Ordinal) || name.StartsWith("African National", StringComparison.Ordinal);
    }

    private static string? CountryInName(string[] words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            for (var length = Math.Min(3, words.Length - i); length >= 1; length--)
            {
                var part = string.Join(' ', words, i, length);
                if (part.Length < 2 || !char.IsUpper(part[0])) continue;
                var state = CountryTable.Shared.OfDemonym(part) ?? CountryTable.Shared.Named(part);
                if (state is null && i == 0) state = CountryTable.Shared.OfPolity(part);
                if (state is not null) return CountryTable.CodeOf(state);
            }
        }

        return null;
    }

    // "China's [Foreign Ministry]", "the Russian [State Bank]", "Romania, whose …" does not count.
    private static string? Before(string text, IReadOnlyList<RawMention> mentions, int i)
    {
        if (i == 0) return null;
        var previous = mentions[i - 1];
        if (previous.Type is not (EntityType.Gpe or EntityType.Norp) || previous.Country is null) return null;
        var between = text.AsSpan(previous.Span.End, Math.Max(0, mentions[i].Span.Start - previous.Span.End)).Trim();
        return between.Length == 0 || between is "'s" or "’s" or "'" or "’" ? previous.Country : null;
    }

    // A town that the data file does not know: "Bellwood, Ohio" takes the country behind its comma, any other the one
    // country of its sentence, else the article's most frequent.
    private static string? OfNeighbour(string text, IReadOnlyList<RawMention> mentions, int i, string? main)
    {
        var mention = mentions[i];
        if (IsKnownWithoutCode(mention.Name)) return null;
        if (i + 1 < mentions.Count && mentions[i + 1].Type == EntityType.Gpe && mentions[i + 1].Span.Start >= mention.Span.End
            && text.AsSpan(mention.Span.End, mentions[i + 1].Span.Start - mention.Span.End).Trim() is ",")
            return mentions[i + 1].Country;
        string? only = null;
        for (var step = -1; step <= 1; step += 2)
        {
            for (var j = i + step; j >= 0 && j < mentions.Count && Math.Abs(j - i) <= 16 && mentions[j].Sentence == mention.Sentence; j += step)
            {
                if (mentions[j].Type is not (EntityType.Gpe or EntityType.Norp) || mentions[j].Country is null) continue;
                if (only is not null && only != mentions[j].Country) return main;
                only = mentions[j].Country;
            }
        }

        return only ?? main;
    }

    private static bool IsKnownWithoutCode(string name)
    {
        var plain = NameResolver.WithoutArticle(name);
        var state = CountryTable.Shared.OfPolity(plain) ?? CountryTable.Shared.OfPolity(WithoutKind(plain));
        return state is not null && state.Code == "-";
    }
}
