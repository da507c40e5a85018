using System.Buffers;

namespace Pipeline.Cleaning;

/// <summary>What the phrase cues say about a line, as strengths from 0 to 3.</summary>
internal readonly record struct NoiseEvidence(byte Start, byte Whole, byte Part);

/// <summary>The phrases of <c>noise-phrases.tsv</c>, found in a line without allocation. Immutable.</summary>
internal sealed class NoisePhrases
{
    /// <summary>Behind this many characters a phrase inside a line is not looked for.</summary>
    private const int Reach = 400;

    private readonly record struct Phrase(string Text, byte Strength);

    // By the first two characters: a line asks only the few phrases that can match.
    private readonly Dictionary<int, Phrase[]> _starts;
    private readonly Dictionary<string, byte>.AlternateLookup<ReadOnlySpan<char>> _wholes;

    // By the first two ASCII characters, for every place where a word may begin.
    private readonly Phrase[]?[] _parts = new Phrase[]?[128 * 128];

    // One bit a key of _parts: most places of a line stop here, in the nearest cache.
    private readonly ulong[] _hasParts = new ulong[128 * 128 / 64];
    private readonly Dictionary<int, string[]> _ends;

    // What may stand before a word.
    private static readonly SearchValues<char> Openers = SearchValues.Create(" ([/|“\"");

    private NoisePhrases(IReadOnlyList<NoiseCue> cues)
    {
        var starts = new List<Phrase>();
        var wholes = new Dictionary<string, byte>(StringComparer.OrdinalIgnoreCase);
        var parts = new List<Phrase>();
        var ends = new List<string>();
        foreach (var cue in cues)
        {
            foreach (var text in cue.Phrases)
            {
                if (cue.Where == "start")
                    starts.Add(new Phrase(text, cue.Strength));
                else if (cue.Where == "end")
                    ends.Add(text);
                else if (cue.Where == "whole")
                    wholes[text] = Math.Max(cue.Strength, wholes.GetValueOrDefault(text));
                else
                    parts.Add(new Phrase(text, cue.Strength));
            }
        }

        _starts = starts.GroupBy(p => Key(p.Text)).ToDictionary(
            g => g.Key, g => g.OrderByDescending(p => p.Strength).ThenBy(p => p.Text, StringComparer.Ordinal).ToArray());
        _wholes = wholes.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var group in parts.GroupBy(p => PartKey(p.Text, 0)))
        {
            _parts[group.Key] = [.. group];
            _hasParts[group.Key >> 6] |= 1UL << (group.Key & 63);
        }

        _ends = ends.GroupBy(text => (int)char.ToUpperInvariant(text[0])).ToDictionary(g => g.Key, g => g.ToArray());
    }

    public static NoisePhrases Default { get; } = new(NoiseCue.ReadAll());

    public NoiseEvidence Find(ReadOnlySpan<char> line)
    {
        byte start = 0, whole = 0, part = 0;
        var text = line.TrimStart("•-–—*|>»►▶ ");
        if (text.Length >= 2 && _starts.TryGetValue(Key(text), out var phrases))
        {
            foreach (var phrase in phrases)
            {
                if (phrase.Strength > start && text.StartsWith(phrase.Text, StringComparison.OrdinalIgnoreCase)
                    && IsBorder(text, phrase.Text.Length))
                    start = phrase.Strength;
            }
        }

        if (text.Length < 60)
            _wholes.TryGetValue(text.Trim(" .,:!?…*|»›>→-–—[]()<«‹+·•0123456789"), out whole);

        var rest = line.Length > Reach ? line[..Reach] : line;
        for (var at = 0; at + 1 < rest.Length && part < 2;)
        {
            var key = PartKey(rest, at);
            if ((_hasParts[key >> 6] & (1UL << (key & 63))) != 0)
                part = Math.Max(part, StrongestPart(rest, at, _parts[key]!));

            // A slash both begins a phrase and stands before one.
            var next = rest[(at + 1)..].IndexOfAny(Openers);
            if (rest[at] is ' ' or '(' or '[' or '/' or '|' or '“' or '"')
                at++;
            else if (next < 0)
                break;
            else
                at += next + (rest[at + 1 + next] == '/' ? 1 : 2);
        }

        return new NoiseEvidence(start, whole, part);
    }

    private static byte StrongestPart(ReadOnlySpan<char> text, int at, Phrase[] candidates)
    {
        byte strongest = 0;
        foreach (var phrase in candidates)
        {
            if (phrase.Strength > strongest && phrase.Text.Length <= text.Length - at && text[at..].StartsWith(phrase.Text, StringComparison.OrdinalIgnoreCase)
                && IsBorder(text, at + phrase.Text.Length))
                strongest = phrase.Strength;
        }

        return strongest;
    }

    /// <summary>Whether a short line is a heading behind which an article is over.</summary>
    public bool EndsBody(ReadOnlySpan<char> line)
    {
        var text = line.Trim(" .:!?…*|»›>→-–—[]()<«‹+·•0123456789");
        if (text.IsEmpty || !_ends.TryGetValue(char.ToUpperInvariant(text[0]), out var phrases))
            return false;
        foreach (var phrase in phrases)
        {
            if (text.Length <= phrase.Length + 24 && text.StartsWith(phrase, StringComparison.OrdinalIgnoreCase)
                && (text.Length == phrase.Length || (phrase.Contains(' ') && IsBorder(text, phrase.Length))))
                return true;
        }

        return false;
    }

    /// <summary>A phrase that ends in a letter must not go on as a longer word.</summary>
    private static bool IsBorder(ReadOnlySpan<char> text, int at) =>
        at >= text.Length || !char.IsLetterOrDigit(text[at - 1]) || !char.IsLetterOrDigit(text[at]);

    /// <summary>Both characters folded to lower case; one outside ASCII stands for any such.</summary>
    private static int PartKey(ReadOnlySpan<char> text, int at)
    {
        var first = text[at] < 128 ? text[at] : '\0';
        var second = at + 1 < text.Length && text[at + 1] < 128 ? text[at + 1] : '\0';
        return (Fold(first) << 7) | Fold(second);
    }

    private static int Fold(char c) => char.IsAsciiLetterUpper(c) ? c | 0x20 : c;

    private static int Key(ReadOnlySpan<char> text) =>
        (char.ToLowerInvariant(text[0]) << 16) | char.ToLowerInvariant(text[1]);
}

/// <summary>A row of <c>noise-phrases.tsv</c>.</summary>
internal sealed record NoiseCue(
    string Name, string Where, byte Strength, IReadOnlyList<string> Phrases, string Example, string Counter)
{
    public static IReadOnlyList<NoiseCue> ReadAll()
    {
        var cues = new List<NoiseCue>();
        foreach (var fields in DataFile.Rows("noise-phrases.tsv"))
        {
            byte strength = fields[2] switch { "certain" => 3, "strong" => 2, _ => 1 };
            var phrases = fields[3].Split(" | ", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            cues.Add(new NoiseCue(fields[0], fields[1], strength, phrases, fields[4], fields[5]));
        }

        return cues;
    }
}
