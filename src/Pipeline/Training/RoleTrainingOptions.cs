using Pipeline.Classifying;

namespace Pipeline.Training;

/// <summary>How a role model is trained.</summary>
internal sealed record RoleTrainingOptions
{
    public FeatureSettings Features { get; init; } = FeatureSettings.Default;

    /// <summary>Strength of the first stage's L2 penalty.</summary>
    public float L2 { get; init; } = 2f;

    /// <summary>Most passes of L-BFGS over the data.</summary>
    public int Iterations { get; init; } = 60;

    /// <summary>Strengths of the sequence layer's L2 penalty to choose from, by the likelihood of the labels out of fold.</summary>
    public IReadOnlyList<double> SequenceL2 { get; init; } = [3, 8, 20];

    /// <summary>Number of folds of the cross-validation.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>In how many articles a feature must occur; in more where there are many (<see cref="Fewest"/>).</summary>
    public int FewestArticles { get; init; } = 2;

    /// <summary>How much more a rare feature counts than a frequent one: the power of its inverse document frequency.</summary>
    public double RarityPower { get; init; } = 0.5;

    /// <summary>Whether articles are also shown without their headings and paragraphs, so that neither is relied upon.</summary>
    public bool Degrade { get; init; } = true;

    /// <summary>How much of an article's weight its degraded copy has.</summary>
    public float DegradedShare { get; init; } = 0.4f;

    /// <summary>Whether the sequence layer is trained; without it every sentence stands alone.</summary>
    public bool Sequence { get; init; } = true;

    /// <summary>How many nets read the article beside the first stage; their answers are averaged.</summary>
    public int Nets { get; init; } = 4;

    /// <summary>In how many articles a feature must occur for the nets to see it; in more where there are many.</summary>
    public int FewestArticlesOfNets { get; init; } = 4;

    /// <summary>
    /// In how many articles a feature must occur, by the number of all: a model keeps its size, and what it costs in memory and time,
    /// when labels come by the thousand.
    /// </summary>
    public int Fewest(int articles) => Math.Max(FewestArticles, articles / 680);

    /// <summary>The same for the nets, which see no feature of a quarter of a few articles.</summary>
    public int FewestOfNets(int articles) => Math.Max(Math.Min(FewestArticlesOfNets, articles / 4), articles / 340);

    /// <summary>Whether rare labels are raised where that helps macro-F1 more than it costs micro-F1.</summary>
    public bool RaiseRare { get; init; } = true;

    /// <summary>The encoder whose numbers the model reads beside its own features; null for a model without.</summary>
    public ISentenceEncoder? Encoder { get; init; }

    /// <summary>Strength of the L2 penalty on the weights of the encoder's numbers.</summary>
    public float HeadL2 { get; init; } = 1f;

    /// <summary>Folds trained at the same time; the result does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
