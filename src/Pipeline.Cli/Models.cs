namespace Pipeline.Cli;

internal static class Models
{
    /// <summary>The models that come with the program.</summary>
    public static string DefaultFolder => Path.Combine(AppContext.BaseDirectory, "models");

    public const string Roles = "roles.model";
    public const string Pos = "pos.model";
    public const string Entities = "entities.model";
}
