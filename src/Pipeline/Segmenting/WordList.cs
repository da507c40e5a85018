using System.Collections.Frozen;

namespace Pipeline.Segmenting;

/// <summary>
/// A list embedded beside the code: one entry a line, a key and after white space what is said of it; <c>#</c> starts
/// a comment line. Keys match whatever their case. Immutable.
/// </summary>
internal sealed class WordList<T>
{
    private readonly FrozenDictionary<string, T>.AlternateLookup<ReadOnlySpan<char>> entries;
    private readonly int shortest;
    private readonly int longest;

    public WordList(string file, Func<string, T> parse)
    {
        var read = new Dictionary<string, T>(StringComparer.OrdinalIgnoreCase);
        using var stream = typeof(Segmenter).Assembly.GetManifestResourceStream($"Pipeline.Segmenting.{file}")
            ?? throw new InvalidOperationException($"{file} is not embedded");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0 && !line.StartsWith('#'))
                read.Add(words[0], parse(words.Length > 1 ? words[1] : ""));
        }

        shortest = read.Keys.Min(key => key.Length);
        longest = read.Keys.Max(key => key.Length);
        entries = read.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public IEnumerable<string> Keys => entries.Dictionary.Keys;

    public bool TryGet(ReadOnlySpan<char> word, out T value)
    {
        value = default!;
        return word.Length >= shortest && word.Length <= longest && entries.TryGetValue(word, out value!);
    }
}
