using Pipeline.Entities;

namespace Pipeline.Training;

/// <summary>How the tags of a CoNLL file are to be understood.</summary>
public enum EntityTags
{
    /// <summary>By the tags that occur: GPE means the guide's eight types, MISC without GPE CoNLL's four, else three types.</summary>
    Auto,

    /// <summary>The eight types of the annotation guide.</summary>
    Guide,

    /// <summary>
    /// The four types of CoNLL-2003. LOC is GPE or LOC, MISC is NORP, EVENT, LAW or MISC: the country data and word
    /// lists decide where they know the name, else training sums over what is possible.
    /// </summary>
    Conll,

    /// <summary>PER, ORG and LOC only (Universal NER): what is untagged may still be of another type.</summary>
    Places,
}

/// <summary>Which types a name of a file can have, as bits.</summary>
internal static class TagMapping
{
    public const int Everything = 0xFF;
    private const int Polity = 1 << (int)EntityType.Gpe;
    private const int Place = 1 << (int)EntityType.Loc;
    private const int Group = 1 << (int)EntityType.Norp;
    private const int Event = 1 << (int)EntityType.Event;
    private const int Law = 1 << (int)EntityType.Law;
    private const int Misc = 1 << (int)EntityType.Misc;

    public static EntityTags Detect(IEnumerable<ConllDocument> documents)
    {
        var misc = false;
        foreach (var document in documents)
        {
            foreach (var tag in document.Tags)
            {
                if (tag.EndsWith("-GPE", StringComparison.Ordinal) || tag.EndsWith("-NORP", StringComparison.Ordinal)) return EntityTags.Guide;
                misc |= tag.EndsWith("-MISC", StringComparison.Ordinal);
            }
        }

        return misc ? EntityTags.Conll : EntityTags.Places;
    }

    /// <summary>Types that an untagged token may be part of all the same.</summary>
    public static int Untagged(EntityTags tags) => tags == EntityTags.Places ? Group | Event | Law | Misc : 0;

    /// <summary>The possible types of a name; 0 where the tag is unknown.</summary>
    /// <param name="tags">The file's scheme.</param>
    /// <param name="type">The type as written.</param>
    /// <param name="classes">What the word lists say of the whole name.</param>
    /// <param name="last">What they say of its last word.</param>
    public static int TypesOf(EntityTags tags, string type, uint classes, uint last)
    {
        if (tags == EntityTags.Guide) return TagSet.TryParse(type, out var guide) ? 1 << (int)guide : type == "PER" ? 1 : 0;
        return type switch
        {
            "PER" or "PERSON" => 1 << (int)EntityType.Person,
            "ORG" => 1 << (int)EntityType.Org,
            "LOC" when Any(classes, NameClass.Country, NameClass.City, NameClass.Region) => Polity,
            "LOC" when Any(classes, NameClass.Place) => Place,
            "LOC" when Any(last, NameClass.PlaceHead) => Place,
            "LOC" => Polity | Place,
            "MISC" when Any(classes, NameClass.Demonym, NameClass.Group) => Group,
            "MISC" when Any(classes, NameClass.Event) => Event,
            "MISC" when Any(classes, NameClass.Law) => Law,
            "MISC" when Any(classes, NameClass.Product) => Misc,
            "MISC" when Any(last, NameClass.EventHead) => Event,
            "MISC" when Any(last, NameClass.LawHead) => Law,
            "MISC" => Group | Event | Law | Misc,
            _ => 0,
        };
    }

    private static bool Any(uint bits, params ReadOnlySpan<NameClass> classes)
    {
        foreach (var c in classes)
        {
            if ((bits >> (int)c & 1) != 0) return true;
        }

        return false;
    }
}
