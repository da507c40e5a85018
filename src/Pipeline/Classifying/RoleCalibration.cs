namespace Pipeline.Classifying;

/// <summary>
/// Makes probabilities honest by a temperature (Guo et al. 2017), and raises labels that are rare in the article at hand by a
/// power of how common they are, because a rare role that is missed costs more than one that is found in vain.
/// </summary>
/// <param name="Temperature">What the logarithms of the probabilities are divided by.</param>
/// <param name="Rarity">The power; 0 leaves rare labels alone.</param>
/// <param name="Priors">How common each label was in training; as if the article had some more sentences of this mixture.</param>
internal sealed record RoleCalibration(double Temperature, double Rarity, double[] Priors)
{
    private const double PriorSentences = 5;

    /// <summary>Changes nothing.</summary>
    public static RoleCalibration None(int labels) => new(1, 0, [.. Enumerable.Repeat(1.0 / labels, labels)]);

    /// <summary>Changes the probabilities of the sentences of one article, one row a sentence, in place.</summary>
    public void Apply(Span<double> probabilities)
    {
        var labels = Priors.Length;
        var count = probabilities.Length / labels;
        Span<double> factor = stackalloc double[labels];
        for (var l = 0; l < labels; l++)
        {
            var common = PriorSentences * Priors[l];
            for (var s = 0; s < count; s++)
                common += probabilities[(s * labels) + l];
            factor[l] = Math.Pow(Math.Max(common / (count + PriorSentences), 1e-4), -Rarity);
        }

        for (var s = 0; s < count; s++)
        {
            var row = probabilities.Slice(s * labels, labels);
            var sum = 0.0;
            for (var l = 0; l < labels; l++)
            {
                row[l] = Math.Pow(Math.Max(row[l], 1e-12), 1 / Temperature) * factor[l];
                sum += row[l];
            }

            for (var l = 0; l < labels; l++)
                row[l] /= sum;
        }
    }
}
