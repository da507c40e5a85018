namespace Pipeline.Evaluating;

/// <summary>A sentence with the label that it should have and the one that it got.</summary>
/// <param name="Article">Number of its article.</param>
/// <param name="Sentence">Its index in the article.</param>
/// <param name="Gold">The right label's number in the common label list.</param>
/// <param name="Predicted">The predicted label's number.</param>
/// <param name="Confidence">Probability of the predicted label.</param>
internal readonly record struct RolePrediction(int Article, int Sentence, int Gold, int Predicted, double Confidence);
