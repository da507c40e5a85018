namespace Pipeline.Entities;

/// <summary>Entity types of the annotation guide. The names are those of the output.</summary>
public enum EntityType
{
    /// <summary>People and families, by name.</summary>
    Person,

    /// <summary>Companies, agencies, parties, armed groups, alliances, media, institutions.</summary>
    Org,

    /// <summary>Countries, states, provinces, cities.</summary>
    Gpe,

    /// <summary>Places that are no polity.</summary>
    Loc,

    /// <summary>Nationalities, religious and political groups.</summary>
    Norp,

    /// <summary>Named wars, drills, summits, disasters, elections.</summary>
    Event,

    /// <summary>Named treaties, acts, resolutions, agreements.</summary>
    Law,

    /// <summary>Any other proper name.</summary>
    Misc,
}

/// <summary>A named mention.</summary>
/// <param name="Sentence">Index of its sentence in the article.</param>
/// <param name="Span">Where it stands.</param>
/// <param name="Type">What it names.</param>
/// <param name="Canonical">One name for all mentions of the same thing in the article.</param>
/// <param name="Country">ISO 3166-1 alpha-3 code, or <see langword="null"/>.</param>
/// <param name="Confidence">Calibrated probability that span and type are right.</param>
public sealed record EntityMention(
    int Sentence, TextSpan Span, EntityType Type, string Canonical, string? Country, double Confidence);
