using System.Reflection;

namespace Pipeline.Classifying;

/// <summary>
/// The cue classes of <c>cues.tsv</c>: phrases that tell what a sentence does. Immutable once loaded.
/// </summary>
internal sealed class CueLexicon
{
    private const int LongestPhrase = 5;
    private readonly Dictionary<uint, Entry> entries = [];
    private FeatureIndex index = new([]);
    private Entry[] numbered = [];
    private readonly List<string> classes = [];

    /// <summary>The lexicon that is embedded in the library.</summary>
    public static CueLexicon Default { get; } = Embedded();

    /// <summary>Names of the classes, at most 64; the number of a class is its bit.</summary>
    public IReadOnlyList<string> Classes => classes;

    /// <summary>The classes that count in headings only.</summary>
    public ulong HeadingOnly { get; private set; }

    /// <summary>The bit of a class.</summary>
    public ulong Mask(string name) => 1UL << classes.IndexOf(name);

    /// <summary>Reads lines of class, tab, phrases separated by commas.</summary>
    public static CueLexicon Parse(TextReader reader)
    {
        var lexicon = new CueLexicon();
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            var bit = lexicon.classes.Count;
            var name = line[..tab];
            lexicon.classes.Add(name);
            if (name.StartsWith("heading-", StringComparison.Ordinal))
                lexicon.HeadingOnly |= 1UL << bit;
            foreach (var phrase in line[(tab + 1)..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                lexicon.AddForms(phrase, 1UL << bit);
        }

        uint[] keys = [.. lexicon.entries.Keys];
        lexicon.index = new FeatureIndex(keys, out var order);
        lexicon.numbered = Array.ConvertAll(order, place => lexicon.entries[keys[place]]);
        return lexicon;
    }

    /// <summary>Marks at each token the classes of the phrases that begin there.</summary>
    public void Mark(ReadOnlySpan<uint> words, Span<ulong> cues)
    {
        for (var i = 0; i < words.Length; i++)
        {
            var found = 0UL;
            var hash = words[i];
            for (var length = 1; index.MayHave(hash) != 0 && index.Find(hash) is >= 0 and var number; length++)
            {
                var entry = numbered[number];
                found |= entry.Classes;
                if (!entry.GoesOn || length == LongestPhrase || i + length >= words.Length)
                    break;
                hash = FeatureHash.Join(hash, words[i + length]);
            }

            cues[i] = found;
        }
    }

    private static CueLexicon Embedded()
    {
        var assembly = Assembly.GetExecutingAssembly();
        using var stream = assembly.GetManifestResourceStream(typeof(CueLexicon), "cues.tsv")
            ?? throw new InvalidOperationException("cues.tsv is not embedded");
        using var reader = new StreamReader(stream);
        return Parse(reader);
    }

    private void AddForms(string phrase, ulong classBit)
    {
        if (phrase[0] != '~')
        {
            Add(phrase, classBit);
            return;
        }

        var space = phrase.IndexOf(' ', StringComparison.Ordinal);
        var verb = space < 0 ? phrase[1..] : phrase[1..space];
        var rest = space < 0 ? "" : phrase[space..];
        foreach (var form in Inflect(verb))
            Add(form + rest, classBit);
    }

    private static string[] Inflect(string verb)
    {
        if (verb.EndsWith('e'))
            return [verb, verb + "s", verb + "d", verb[..^1] + "ing"];
        if (verb.EndsWith('y') && !"aeiou".Contains(verb[^2], StringComparison.Ordinal))
            return [verb, verb[..^1] + "ies", verb[..^1] + "ied", verb + "ing"];
        var s = verb.EndsWith("sh", StringComparison.Ordinal) || verb.EndsWith("ch", StringComparison.Ordinal)
            || verb[^1] is 's' or 'x' or 'z' ? "es" : "s";
        var doubled = verb.Length <= 4 && verb.Length >= 3 && !"aeiouwxy".Contains(verb[^1], StringComparison.Ordinal)
            && "aeiou".Contains(verb[^2], StringComparison.Ordinal) && !"aeiou".Contains(verb[^3], StringComparison.Ordinal);
        return doubled
            ? [verb, verb + s, verb + verb[^1] + "ed", verb + verb[^1] + "ing", verb + "ed", verb + "ing"]
            : [verb, verb + s, verb + "ed", verb + "ing"];
    }

    private void Add(string phrase, ulong classBit)
    {
        AddWords(phrase.Split(' '), classBit);
        // Tokens of Universal Dependencies stand apart at hyphens and before n't and 'll.
        if (phrase.Contains('-', StringComparison.Ordinal))
            AddWords(phrase.Replace("-", " - ", StringComparison.Ordinal).Split(' '), classBit);
        if (phrase.EndsWith("n't", StringComparison.Ordinal) && phrase.Length > 3)
            AddWords([phrase[..^3], "n't"], classBit);
        if (phrase.StartsWith("cannot", StringComparison.Ordinal))
            AddWords(("can not" + phrase[6..]).Split(' '), classBit);
    }

    private void AddWords(string[] words, ulong classBit)
    {
        var hash = 0u;
        for (var i = 0; i < words.Length; i++)
        {
            hash = i == 0 ? FeatureHash.Word(words[i]) : FeatureHash.Join(hash, FeatureHash.Word(words[i]));
            var entry = entries.GetValueOrDefault(hash);
            var last = i == words.Length - 1;
            entries[hash] = new Entry(entry.Classes | (last ? classBit : 0), entry.GoesOn || !last);
        }
    }

    private readonly record struct Entry(ulong Classes, bool GoesOn);
}
