using System.Globalization;

namespace Pipeline.Inspect.Retraining;

/// <summary>The role model in use and the ones before it, in <c>previous/</c> beside it. A model in use is replaced in one step.</summary>
internal sealed class ModelShelf(string folder, TimeProvider time)
{
    private const string Name = "roles.model";

    /// <summary>The model in use.</summary>
    public string Current => Path.Combine(folder, Name);

    private string Previous => Path.Combine(folder, "previous");

    /// <summary>The names of the old models, newest first.</summary>
    public IReadOnlyList<string> Old() => Directory.Exists(Previous)
        ? [.. Directory.GetFiles(Previous, "roles-*.model").Select(file => Path.GetFileName(file)!).OrderDescending(StringComparer.Ordinal)]
        : [];

    /// <summary>Puts a model in use and keeps the one that was.</summary>
    public void Promote(string candidate)
    {
        Directory.CreateDirectory(folder);
        var incoming = Current + ".incoming";
        File.Copy(candidate, incoming, overwrite: true);
        if (File.Exists(Current))
        {
            Directory.CreateDirectory(Previous);
            var stamp = time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
            var kept = Path.Combine(Previous, $"roles-{stamp}.model");
            for (var i = 2; File.Exists(kept); i++)
                kept = Path.Combine(Previous, $"roles-{stamp}-{i}.model");
            File.Copy(Current, kept);
        }

        File.Move(incoming, Current, overwrite: true);
    }

    /// <summary>Brings an old model back; the one in use goes onto the shelf.</summary>
    public void Restore(string name)
    {
        if (Old().Contains(name))
            Promote(Path.Combine(Previous, name));
    }
}
