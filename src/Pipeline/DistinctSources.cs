using System.Globalization;
using Pipeline.Reading;

namespace Pipeline;

/// <summary>
/// The sources met so far, in bounded memory. Records of a file can state the same id: the later one's number is put behind its
/// source until that is new. Not thread-safe.
/// </summary>
/// <param name="scratch">Where a scratch file goes; the system's folder for such if <see langword="null"/>.</param>
internal sealed class DistinctSources(string? scratch) : IDisposable
{
    private readonly HashStore known = new(wide: false, scratch);

    /// <summary>Remembers a source that is distinct already.</summary>
    public void Add(ulong hash) => known.Add(hash);

    /// <summary>Adds a source and gives it as it is told apart from all before.</summary>
    /// <param name="source">As the input has it.</param>
    /// <param name="number">Number of the record in its file.</param>
    /// <param name="hash">Hash of the source that is given back.</param>
    /// <param name="repeats">How often the number was put behind it.</param>
    public string Add(string source, int number, out ulong hash, out int repeats)
    {
        for (repeats = 0; !known.Add(hash = ArticleReader.HashOf(source)); repeats++)
            source += string.Create(CultureInfo.InvariantCulture, $"@{number}");
        return source;
    }

    public void Dispose() => known.Dispose();
}
