namespace Pipeline.Entities;

/// <summary>
/// Turns the model's own probability of a name into one that comes true as often as it says: a logistic curve over the
/// log-odds, for each type (Platt scaling), fitted on articles that the weights have not seen.
/// </summary>
internal sealed class EntityCalibration(float[] values)
{
    /// <summary>Slope and offset of each type.</summary>
    public const int Count = 2 * TagSet.Types;

    public static EntityCalibration Identity { get; } =
        new([.. Enumerable.Repeat(1f, TagSet.Types), .. Enumerable.Repeat(0f, TagSet.Types)]);

    public float[] Values { get; } = values;

    public double Apply(double probability, int type)
    {
        var p = 1 / (1 + Math.Exp(-(Values[type] * LogOdds(probability) + Values[TagSet.Types + type])));
        // Four digits are what the figure is good for, and hide the last bit of Exp, which may differ between machines.
        return Math.Round(p, 4);
    }

    public static double LogOdds(double probability)
    {
        var p = Math.Clamp(probability, 1e-5, 1 - 1e-5);
        return Math.Log(p / (1 - p));
    }
}
