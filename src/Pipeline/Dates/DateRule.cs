namespace Pipeline.Dates;

/// <summary>A rule of the grammar, as its file has it.</summary>
internal sealed class DateRule
{
    public required string Name { get; init; }

    public required TimexType Type { get; init; }

    /// <summary>How the value is made from the catches.</summary>
    public required DateOperation Operation { get; init; }

    /// <summary>Argument of the operation, such as the value of <see cref="DateOperation.Const"/>.</summary>
    public required string Argument { get; init; }

    /// <summary>Conditions on the neighbours of the match.</summary>
    public required IReadOnlyList<Guard> Guards { get; init; }

    public required IReadOnlyList<RuleExample> Examples { get; init; }

    /// <summary>Sentences in which the rule must not fire.</summary>
    public required IReadOnlyList<string> CounterExamples { get; init; }

    public int Start { get; set; }

    public int Accept { get; set; }
}

/// <summary>A sentence and what must be found in it, against the article date of the rule files (2024-11-12, a Tuesday).</summary>
internal sealed record RuleExample(string Sentence, string Text, string Value, string? Mod);

/// <summary>A condition on an atom beside the match.</summary>
/// <param name="Offset">-1 the atom before, 1 the atom behind, -2 and 2 the ones beyond.</param>
/// <param name="Wanted">Whether one of the conditions must hold, or none may.</param>
/// <param name="Predicates">Predicates of the automaton.</param>
/// <param name="Shapes">Shapes that need no lexicon.</param>
internal sealed record Guard(int Offset, bool Wanted, int[] Predicates, GuardShape[] Shapes)
{
    /// <summary>Any of the five atoms before the match.</summary>
    public const int Near = -5;
}

/// <summary>What a neighbour looks like.</summary>
internal enum GuardShape : byte
{
    /// <summary>There is no such atom in the sentence.</summary>
    EDGE,

    /// <summary>A word with a capital that the lexicon does not know.</summary>
    NAME,

    /// <summary>Any word with a capital.</summary>
    CAPITAL,

    /// <summary>A word in small letters that the lexicon does not know.</summary>
    LOWER,

    /// <summary>The same with the ending of a plural.</summary>
    PLURAL,

    /// <summary>The same with the ending of a past tense.</summary>
    PAST,

    /// <summary>Any number.</summary>
    NUMBER,

    /// <summary>Any mark.</summary>
    MARK,
}

/// <summary>How a value is made. The rule files write the names in small letters.</summary>
internal enum DateOperation : byte
{
    /// <summary>The argument itself.</summary>
    Const,

    /// <summary>No date: the name of a war, of a paper, a count.</summary>
    None,

    /// <summary>A calendar date or time from its parts; missing parts by tense or narrative.</summary>
    Calendar,

    /// <summary>N units before the article's date.</summary>
    Ago,

    /// <summary>N units after the article's date.</summary>
    FromNow,

    /// <summary>N units after the narrative's reference.</summary>
    Later,

    /// <summary>N units before the narrative's reference.</summary>
    Earlier,

    /// <summary>Last, this, next unit, seen from the article's date.</summary>
    Deictic,

    /// <summary>Previous, same, following unit, seen from the narrative's reference.</summary>
    Anaphoric,

    /// <summary>The quarter (or half) that was told last, shifted by years: "the year-ago quarter".</summary>
    Told,

    /// <summary>A length.</summary>
    Duration,

    /// <summary>A recurrence.</summary>
    Set,
}
