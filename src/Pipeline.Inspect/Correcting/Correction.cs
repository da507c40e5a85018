namespace Pipeline.Inspect.Correcting;

/// <summary>What a correction does.</summary>
internal enum CorrectionKind
{
    /// <summary>Gives a sentence a role, or confirms the one it has.</summary>
    Role,

    /// <summary>Gives an entity another type.</summary>
    Retype,

    /// <summary>Takes an entity away.</summary>
    Delete,

    /// <summary>Takes an earlier correction back.</summary>
    Undo,
}

/// <summary>One line of <c>corrections.csv</c>. Immutable.</summary>
/// <param name="Id">1, 2, … in the file.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Article">The article.</param>
/// <param name="Sentence">The sentence.</param>
/// <param name="Section">The sentence's section, as in the output.</param>
/// <param name="Text">The sentence's text.</param>
/// <param name="Role">The sentence's role after the correction, so that each line is a label.</param>
/// <param name="Start">The entity's first code point; null for a role.</param>
/// <param name="End">Behind the entity's last code point; null for a role.</param>
/// <param name="Old">Role or type before.</param>
/// <param name="New">Role or type after; empty for a deleted entity.</param>
/// <param name="Undoes">The correction that an undo takes back.</param>
/// <param name="Who">User.</param>
/// <param name="When">Time, UTC.</param>
internal sealed record Correction(
    int Id, CorrectionKind Kind, string Article, int Sentence, string Section, string Text, string Role,
    int? Start, int? End, string Old, string New, int? Undoes, string Who, DateTimeOffset When);
