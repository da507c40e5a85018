using System.Collections.Frozen;

namespace Pipeline.Cleaning;

/// <summary>How much a line's words speak of a person's life, of the site or to its reader, and of reported news.</summary>
internal readonly record struct TailEvidence(int Person, int Site, bool HasSpeech, bool HasYou, bool HasWe, bool HasList);

/// <summary>The words of <c>tail-words.tsv</c>: what stands behind an article is known by what it talks of. Immutable.</summary>
internal static class TailWords
{
    private const int ShortestStem = 3;

    private readonly record struct Weight(byte Person, byte Site, bool IsSpeech, bool IsList);

    private static readonly FrozenDictionary<string, Weight>.AlternateLookup<ReadOnlySpan<char>> Words;
    private static readonly FrozenDictionary<string, Weight>.AlternateLookup<ReadOnlySpan<char>> Stems;

    static TailWords()
    {
        var words = new Dictionary<string, Weight>(StringComparer.OrdinalIgnoreCase);
        var stems = new Dictionary<string, Weight>(StringComparer.OrdinalIgnoreCase);
        foreach (var row in DataFile.Rows("tail-words.tsv"))
        {
            foreach (var entry in row[1].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var word = entry.Trim('!', '*');
                var target = entry[^1] == '*' ? stems : words;
                byte weight = entry[0] == '!' ? (byte)2 : (byte)1;
                var old = target.GetValueOrDefault(word);
                target[word] = row[0] switch
                {
                    "person" => old with { Person = weight },
                    "site" => old with { Site = weight },
                    "list" => old with { IsList = true },
                    _ => old with { IsSpeech = true },
                };
            }
        }

        Words = words.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
        Stems = stems.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Weighs a line's words; words of the site that the text before it has too say nothing.</summary>
    public static TailEvidence Read(ReadOnlySpan<char> line, ReadOnlySpan<char> before)
    {
        int person = 0, site = 0;
        bool speech = false, you = false, we = false, list = false, followsThis = false;
        for (var i = 0; i < line.Length;)
        {
            while (i < line.Length && !char.IsLetter(line[i]))
                i++;
            var start = i;
            while (i < line.Length && (char.IsLetter(line[i]) || (line[i] is '-' or '\'' or '’' or '.' && i + 1 < line.Length && char.IsLetter(line[i + 1]))))
                i++;
            if (i == start)
                break;
            var word = line[start..i];
            if (word.EndsWith("'s", StringComparison.Ordinal) || word.EndsWith("’s", StringComparison.Ordinal))
                word = word[..^2];
            you |= word.Equals("you", StringComparison.OrdinalIgnoreCase) || word.Equals("your", StringComparison.OrdinalIgnoreCase);
            we |= word.Equals("we", StringComparison.OrdinalIgnoreCase) || word.Equals("us", StringComparison.Ordinal)
                || word.Equals("our", StringComparison.OrdinalIgnoreCase);
            var found = Find(word);
            person += found.Person;
            var isThis = followsThis;
            followsThis = word.Equals("this", StringComparison.OrdinalIgnoreCase);
            if (found.Site > 0 && !before.Contains(word, StringComparison.OrdinalIgnoreCase))
                site += found.Site + (isThis ? 1 : 0);
            speech |= found.IsSpeech;
            list |= found.IsList;
        }

        return new TailEvidence(person, site, speech, you, we, list);
    }

    private static Weight Find(ReadOnlySpan<char> word)
    {
        if (Words.TryGetValue(word, out var weight))
            return weight;
        for (var length = Math.Min(word.Length, 12); length >= ShortestStem; length--)
        {
            if (Stems.TryGetValue(word[..length], out weight))
                return weight;
        }

        return default;
    }
}
