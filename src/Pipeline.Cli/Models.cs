using System.Runtime.CompilerServices;
using Pipeline.Classifying;
using Pipeline.SentenceEncoding;

namespace Pipeline.Cli;

internal static class Models
{
    /// <summary>The models that come with the program.</summary>
    public static string DefaultFolder => Path.Combine(AppContext.BaseDirectory, "models");

    public const string Roles = "roles.model";

    /// <summary>The role model of <c>--accurate</c>, and the encoder that it reads by.</summary>
    public const string AccurateRoles = "roles.accurate.model";

    public const string Encoder = "encoder.model";
    public const string Pos = "pos.model";
    public const string Entities = "entities.model";

    /// <summary>Loads a role model; one that was trained with <c>--accurate</c> with the encoder beside it, else with the program's own.</summary>
    /// <exception cref="UserFileException">The model or its encoder is missing or damaged.</exception>
    public static RoleClassifier LoadRoles(string path) => RoleClassifier.Load(path, () => LoadEncoder(Path.GetDirectoryName(Path.GetFullPath(path))!));

    /// <summary>The encoder's path: in this folder, else with the program.</summary>
    /// <exception cref="UserFileException">There is none.</exception>
    public static string FindEncoder(string folder) =>
        File.Exists(Path.Combine(folder, Encoder)) ? Path.Combine(folder, Encoder) : ModelFile.Find(DefaultFolder, Encoder);

    /// <summary>Loads the encoder of this folder, else the program's. Apart, so that its assembly is loaded only when it is asked for.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ISentenceEncoder LoadEncoder(string folder) => SentenceEncoder.Load(FindEncoder(folder));
}
