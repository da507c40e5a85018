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
    private readonly SearchValues<string> _anyPart;
    private readonly Dictionary<string, byte> _parts;
    private readonly Dictionary<string, byte>.AlternateLookup<ReadOnlySpan<char>> _partLookup;
    private readonly int[] _partLengths;
    private readonly List<string> _ends = [];

    private NoisePhrases(IReadOnlyList<NoiseCue> cues)
    {
        var starts = new List<Phrase>();
        var wholes = new Dictionary<string, byte>(StringComparer.OrdinalIgnoreCase);
        _parts = new Dictionary<string, byte>(StringComparer.OrdinalIgnoreCase);
        foreach (var cue in cues)
        {
            foreach (var text in cue.Phrases)
            {
                if (cue.Where == "start")
                    starts.Add(new Phrase(text, cue.Strength));
                else if (cue.Where == "end")
                    _ends.Add(text);
                else if (cue.Where == "whole")
                    wholes[text] = Math.Max(cue.Strength, wholes.GetValueOrDefault(text));
                else
                    _parts[text] = Math.Max(cue.Strength, _parts.GetValueOrDefault(text));
            }
        }

        _starts = starts.GroupBy(p => Key(p.Text)).ToDictionary(
            g => g.Key, g => g.OrderByDescending(p => p.Strength).ThenBy(p => p.Text, StringComparer.Ordinal).ToArray());
        _wholes = wholes.GetAlternateLookup<ReadOnlySpan<char>>();
        _partLookup = _parts.GetAlternateLookup<ReadOnlySpan<char>>();
        _anyPart = SearchValues.Create([.. _parts.Keys], StringComparison.OrdinalIgnoreCase);
        _partLengths = [.. _parts.Keys.Select(p => p.Length).Distinct().OrderDescending()];
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
            _wholes.TryGetValue(text.Trim(" .:!?…*|»›>→-–—[]()<«‹+·•"), out whole);

        var rest = line.Length > Reach ? line[..Reach] : line;
        for (var from = 0; part < 2;)
        {
            var at = rest[from..].IndexOfAny(_anyPart);
            if (at < 0)
                break;
            at += from;
            foreach (var length in _partLengths)
            {
                if (at + length <= rest.Length && (at == 0 || !char.IsLetterOrDigit(rest[at - 1]) || !char.IsLetterOrDigit(rest[at]))
                    && IsBorder(rest, at + length) && _partLookup.TryGetValue(rest.Slice(at, length), out var strength))
                    part = Math.Max(part, strength);
            }

            from = at + 1;
        }

        return new NoiseEvidence(start, whole, part);
    }

    /// <summary>Whether a short line is a heading behind which an article is over.</summary>
    public bool EndsBody(ReadOnlySpan<char> line)
    {
        var text = line.Trim(" .:!?…*|»›>→-–—[]()<«‹+·•0123456789");
        foreach (var phrase in _ends)
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
