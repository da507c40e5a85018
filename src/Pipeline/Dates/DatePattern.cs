using System.Globalization;

namespace Pipeline.Dates;

/// <summary>One step of the automaton that a pattern compiles to.</summary>
/// <param name="Predicate">Class that the atom must have; -1: consumes nothing.</param>
/// <param name="Glued">Whether the atom must follow without white space.</param>
/// <param name="Action">What the step does beside.</param>
/// <param name="Slot">Slot that the atom's value, or <paramref name="Value"/>, goes to.</param>
/// <param name="Value">Constant of <see cref="PatternAction.Set"/>.</param>
/// <param name="Target">Next state.</param>
internal readonly record struct PatternEdge(
    int Predicate, bool Glued, PatternAction Action, Slot Slot, int Value, int Target);

/// <summary>What an edge does.</summary>
internal enum PatternAction : byte
{
    None,
    Set,
    Open,
    Close,
}

/// <summary>
/// Reads patterns into one non-deterministic automaton (Thompson's construction). Syntax: elements follow each other;
/// <c>( a | b )</c> choice, <c>x ?</c> optional, <c>+x</c> glued to what stands before, <c>slot:CLASS</c> catches the
/// value, <c>{slot=value}</c> sets one, <c>[ ]</c> bounds the span where the pattern also names its surroundings,
/// <c>@name</c> another pattern, <c>\(</c> the mark itself.
/// </summary>
internal sealed class PatternCompiler(DateLexicon lexicon, PredicateTable predicates, IReadOnlyDictionary<string, string> macros)
{
    private readonly List<List<PatternEdge>> _states = [];
    private string[] _tokens = [];
    private int _at;
    private string _pattern = "";

    public IReadOnlyList<List<PatternEdge>> States => _states;

    /// <summary>Adds a pattern.</summary>
    /// <returns>Its first and its accepting state.</returns>
    public (int Start, int Accept) Add(string pattern)
    {
        _pattern = pattern;
        _tokens = Tokenize(Expand(pattern, 0));
        _at = 0;
        var start = NewState();
        var accept = Choice(start);
        return _at == _tokens.Length ? (start, accept) : throw Bad($"unexpected '{_tokens[_at]}'");
    }

    /// <summary>Lets every step end behind the states that only lead on.</summary>
    public void Shorten()
    {
        foreach (var edges in _states)
        {
            for (var e = 0; e < edges.Count; e++)
            {
                var target = edges[e].Target;
                while (_states[target] is [{ Predicate: < 0, Action: PatternAction.None } only])
                    target = only.Target;
                edges[e] = edges[e] with { Target = target };
            }
        }
    }

    private string Expand(string pattern, int depth)
    {
        if (depth > 12)
            throw Bad("patterns name each other in a circle");
        if (!pattern.Contains('@', StringComparison.Ordinal))
            return pattern;
        var parts = pattern.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i][0] == '@')
                parts[i] = macros.TryGetValue(parts[i][1..], out var body) ? $"( {Expand(body, depth + 1)} )" : throw Bad($"no pattern {parts[i]}");
        }

        return string.Join(' ', parts);
    }

    private static string[] Tokenize(string pattern) => pattern.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private int NewState()
    {
        _states.Add([]);
        return _states.Count - 1;
    }

    private void Free(int from, int to) => _states[from].Add(new(-1, false, PatternAction.None, Slot.None, 0, to));

    private int Choice(int start)
    {
        var end = NewState();
        while (true)
        {
            var from = NewState();
            Free(start, from);
            Free(Sequence(from), end);
            if (_at >= _tokens.Length || _tokens[_at] != "|")
                return end;
            _at++;
        }
    }

    private int Sequence(int start)
    {
        var at = start;
        while (_at < _tokens.Length && _tokens[_at] is not ("|" or ")"))
        {
            var before = at;
            at = Element(at);
            if (_at < _tokens.Length && _tokens[_at] == "?")
            {
                _at++;
                // The optional part is preferred where both ways catch.
                Free(before, at);
            }
        }

        return at;
    }

    private int Element(int start)
    {
        var token = _tokens[_at++];
        var from = NewState();
        Free(start, from);
        if (token == "(")
        {
            var inner = Choice(from);
            if (_at >= _tokens.Length || _tokens[_at] != ")")
                throw Bad("')' is missing");
            _at++;
            return Closed(inner);
        }

        var to = NewState();
        if (token is "[" or "]")
        {
            _states[from].Add(new(-1, false, token == "[" ? PatternAction.Open : PatternAction.Close, Slot.None, 0, to));
        }
        else if (token[0] == '{' && token[^1] == '}')
        {
            var pair = token[1..^1].Split('=');
            var slot = SlotOf(pair[0]);
            var value = slot == Slot.Mod ? DateMods.IndexOf(pair[1]) : int.Parse(pair[1], CultureInfo.InvariantCulture);
            _states[from].Add(new(-1, false, PatternAction.Set, slot, value, to));
        }
        else
        {
            var glued = token.Length > 1 && token[0] == '+';
            if (glued)
                token = token[1..];
            if (token.Length == 2 && token[0] == '\\')
                token = token[1..];
            var slot = Slot.None;
            var colon = token.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                slot = SlotOf(token[..colon]);
                token = token[(colon + 1)..];
            }

            _states[from].Add(new(PredicateOf(token), glued, PatternAction.None, slot, 0, to));
        }

        return Closed(to);
    }

    private int Closed(int state)
    {
        var end = NewState();
        Free(state, end);
        return end;
    }

    private Slot SlotOf(string name) =>
        Enum.TryParse<Slot>(name, ignoreCase: true, out var slot) ? slot : throw Bad($"no slot '{name}'");

    private int PredicateOf(string token) =>
        predicates.TryParse(token, lexicon, out var predicate) ? predicate : throw Bad($"no class '{token}'");

    private FormatException Bad(string problem) => new($"{_pattern}: {problem}");
}
