namespace Pipeline.Classifying;

/// <summary>Groups of features that are switched, measured and explained together.</summary>
[Flags]
internal enum FeatureFamilies
{
    None = 0,

    /// <summary>Each word of the sentence.</summary>
    Words = 1,

    /// <summary>Neighbouring words; names and numbers are generalised, so that patterns carry over to other subjects.</summary>
    Phrases = 2,

    /// <summary>Beginnings and ends of words.</summary>
    Characters = 4,

    /// <summary>Classes of cue words, and which follows which.</summary>
    Cues = 8,

    /// <summary>Tense, length, numbers, capitals, quotation.</summary>
    Form = 16,

    /// <summary>The first words of the sentence.</summary>
    Opening = 32,

    /// <summary>Where it stands in paragraph, section and article.</summary>
    Position = 64,

    /// <summary>The heading's words and what the sentence shares with it.</summary>
    Heading = 128,

    /// <summary>What the sentence shares with the title.</summary>
    Title = 256,

    /// <summary>Words, cues and openings of the sentences before and behind.</summary>
    Neighbours = 512,

    /// <summary>What is used unless said otherwise.</summary>
    All = 1023,
}

/// <summary>Takes the features of a sentence one by one. A struct, so that each use is compiled for itself.</summary>
internal interface IFeatureSink
{
    /// <summary>Takes one feature; the same key may come more than once, the values then add up.</summary>
    /// <param name="family">Its family: one flag.</param>
    /// <param name="key">Its hash, never 0.</param>
    /// <param name="value">Its value.</param>
    /// <param name="source">What it was made of, for explanations: a token's index, a <see cref="FeatureSource"/> or a cue class.</param>
    void Add(FeatureFamilies family, uint key, float value, FeatureSource source);
}

/// <summary>What a feature was made of.</summary>
/// <param name="Kind">What <paramref name="Index"/> counts.</param>
/// <param name="Index">Index of the first token, or the number of the cue class.</param>
/// <param name="Count">How many tokens.</param>
internal readonly record struct FeatureSource(FeatureSourceKind Kind, int Index = 0, int Count = 1);

internal enum FeatureSourceKind : byte
{
    Tokens,
    Cue,
    CueBefore,
    CueAfter,
    TokensBefore,
    TokensAfter,
    HeadingCue,
    HeadingWord,
    Place,
    Shape,
    Shared,
}
