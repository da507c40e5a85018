namespace Pipeline.Classifying;

/// <summary>The role of one sentence.</summary>
/// <param name="Role">The label chosen, one of <see cref="RoleClassifier.Labels"/>.</param>
/// <param name="Confidence">The chosen label's calibrated probability.</param>
/// <param name="Probabilities">One for each of <see cref="RoleClassifier.Labels"/>, in that order; they add up to 1.</param>
/// <param name="Why">The strongest reasons for the label, in words; <see langword="null"/> unless asked for.</param>
public sealed record RoledSentence(string Role, double Confidence, IReadOnlyList<double> Probabilities, string? Why = null);
