namespace Pipeline.Dates;

/// <summary>
/// Reads rule files. A rule is a block of lines: <c>rule NAME</c>, one or more <c>: PATTERN</c>, <c>= TYPE operation
/// argument</c>, guards <c>prev</c>, <c>next</c> (one must hold) and <c>!prev</c>, <c>!next</c> (none may), examples
/// <c>+ sentence =&gt; text | value | mod</c> (of <c>none</c>: the text in which nothing is found), counter-examples <c>- sentence</c>. <c>@name = PATTERN</c> names a pattern.
/// </summary>
internal sealed class DateRuleReader(DateLexicon lexicon, PredicateTable predicates)
{
    public Dictionary<string, string> Macros { get; } = new(StringComparer.Ordinal);

    public List<(DateRule Rule, List<string> Patterns)> Rules { get; } = [];

    private string _name = "";
    private string _meaning = "";
    private readonly List<string> _patterns = [];
    private readonly List<Guard> _guards = [];
    private readonly List<RuleExample> _examples = [];
    private readonly List<string> _counterExamples = [];

    /// <summary>Reads one file.</summary>
    public void Read(string source)
    {
        foreach (var raw in source.Split('\n'))
        {
            var line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            Line(line);
        }

        End();
    }

    private void Line(string line)
    {
        var rest = line.Length > 2 ? line[2..].Trim() : "";
        switch (line[0])
        {
            case '@':
                var at = line.IndexOf('=', StringComparison.Ordinal);
                Macros[line[1..at].Trim()] = line[(at + 1)..].Trim();
                break;
            case ':':
                _patterns.Add(rest);
                break;
            case '=':
                _meaning = rest;
                break;
            case '+':
                _examples.Add(Example(rest));
                break;
            case '-':
                _counterExamples.Add(rest);
                break;
            default:
                Words(line);
                break;
        }
    }

    private void Words(string line)
    {
        var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts[0] == "rule")
        {
            End();
            _name = parts[1];
            return;
        }

        var offset = parts[0].TrimStart('!') switch
        {
            "prev" => -1,
            "prev2" => -2,
            "next" => 1,
            "next2" => 2,
            "near" => Guard.Near,
            _ => throw new FormatException($"rule {_name}: what is '{line}'?"),
        };
        var found = new List<int>();
        var shapes = new List<GuardShape>();
        foreach (var part in parts.AsSpan(1))
        {
            if (Enum.TryParse<GuardShape>(part, out var shape))
                shapes.Add(shape);
            else if (predicates.TryParse(part, lexicon, out var predicate))
                found.Add(predicate);
            else
                throw new FormatException($"rule {_name}: no class '{part}'");
        }

        _guards.Add(new(offset, parts[0][0] != '!', [.. found], [.. shapes]));
    }

    private RuleExample Example(string line)
    {
        var halves = line.Split("=>");
        if (halves.Length != 2)
            throw new FormatException($"rule {_name}: an example is 'sentence => text | value | mod'");
        var parts = halves[1].Split('|', StringSplitOptions.TrimEntries);
        return new(halves[0].Trim(), parts[0], parts[1], parts.Length > 2 ? parts[2] : null);
    }

    private void End()
    {
        if (_name.Length > 0)
        {
            var meaning = _meaning.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
            var rule = new DateRule
            {
                Name = _name,
                Type = Enum.Parse<TimexType>(meaning[0], ignoreCase: true),
                Operation = Enum.Parse<DateOperation>(meaning[1], ignoreCase: true),
                Argument = meaning.Length > 2 ? meaning[2] : "",
                Guards = [.. _guards],
                Examples = [.. _examples],
                CounterExamples = [.. _counterExamples],
            };
            Rules.Add((rule, [.. _patterns]));
        }

        _name = "";
        _patterns.Clear();
        _guards.Clear();
        _examples.Clear();
        _counterExamples.Clear();
    }
}
