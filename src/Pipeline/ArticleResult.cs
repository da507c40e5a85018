using Pipeline.Classifying;
using Pipeline.Dates;
using Pipeline.Entities;
using Pipeline.Segmenting;

namespace Pipeline;

/// <summary>Everything that was found in one article. Immutable.</summary>
/// <param name="Article">The text with its sentences and tokens.</param>
/// <param name="Roles">One entry a sentence.</param>
/// <param name="Entities">The named mentions, in text order.</param>
/// <param name="Dates">The temporal expressions, in text order.</param>
/// <param name="PartsOfSpeech">One entry a token; <see langword="null"/> where tokens are not asked for.</param>
public sealed record ArticleResult(
    SegmentedArticle Article,
    IReadOnlyList<RoledSentence> Roles,
    IReadOnlyList<EntityMention> Entities,
    IReadOnlyList<DateMention> Dates,
    IReadOnlyList<Upos>? PartsOfSpeech = null);
