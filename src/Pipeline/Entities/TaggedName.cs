namespace Pipeline.Entities;

/// <summary>A half-open range of token indices: a sentence, or a name.</summary>
internal readonly record struct TokenRange(int First, int End)
{
    public int Length => End - First;
}

/// <summary>A name as the tagger finds it.</summary>
/// <param name="Sentence">Index of its sentence.</param>
/// <param name="Tokens">Its tokens.</param>
/// <param name="Type">Number of its type.</param>
/// <param name="Probability">The model's own probability of exactly this name, not yet calibrated.</param>
internal readonly record struct TaggedName(int Sentence, TokenRange Tokens, int Type, double Probability);
