using System.Security.Cryptography;

namespace Pipeline;

/// <summary>A model that a run used.</summary>
/// <param name="Name">File name.</param>
/// <param name="Sha256">SHA-256 of the file, hexadecimal.</param>
public sealed record ModelFile(string Name, string Sha256)
{
    /// <summary>The path of a model in a folder of models.</summary>
    /// <exception cref="UserFileException">There is no such file: there is no silent default.</exception>
    public static string Find(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        return File.Exists(path)
            ? path
            : throw new UserFileException(path, 0, "the model is missing; give the folder that holds it with --models, or train it");
    }

    /// <summary>Describes a model file.</summary>
    public static ModelFile Describe(string path)
    {
        using var stream = File.OpenRead(path);
        return new ModelFile(Path.GetFileName(path), Convert.ToHexStringLower(SHA256.HashData(stream)));
    }
}
