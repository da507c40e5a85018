using System.Reflection;

namespace Pipeline.Dates;

/// <summary>The lexicon and the rules of the embedded files, compiled. Immutable, shared by all resolvers.</summary>
internal sealed class DateGrammar
{
    private static readonly string[] RuleFiles =
        ["calendar.txt", "clock.txt", "relative.txt", "sets.txt", "vague.txt", "durations.txt"];

    private readonly PredicateTable _predicates = new();
    private readonly Dictionary<string, int> _named = new(StringComparer.Ordinal);

    private DateGrammar()
    {
        Lexicon.Read(Resource("lexicon.txt"));
        var reader = new DateRuleReader(Lexicon, _predicates);
        foreach (var file in RuleFiles)
            reader.Read(Resource(file));

        var compiler = new PatternCompiler(Lexicon, _predicates, reader.Macros);
        var starts = new List<int>();
        foreach (var (rule, patterns) in reader.Rules)
        {
            (rule.Start, rule.Accept) = compiler.Add(string.Join(" | ", patterns));
            starts.Add(rule.Start);
        }

        Rules = [.. reader.Rules.Select(r => r.Rule)];
        compiler.Shorten();
        States = [.. compiler.States.Select(s => s.ToArray())];
        foreach (var name in new[] { "FUTURE", "PASTVERB", "PRESENT", "REPORT", "TITLE", "AGE", "COUNTED", "NUMBERED", "PREP", "UNTIL", "SINCE", "TO", "HAVE", "PLANNED", "BE", "HYPHENWORD", "BY", "HAD", "AS", "MAY", "OF", "AGENOUN", "WASWERE", "BEEN", "THE", "LATELY", "FOR", "ADVERB", "RANGEOPEN", "RANGEJOIN", "NOT", "MOVED", "EVENT", "UNITS", "SET", "POSSESSED", "WEEKDAY", "BEFORE", "CLAUSE", "AND", "PARTICIPLE", "PROSPECT", "NOUNTOO", "DETERMINER", "HAPPENING", "POSSESSIVE", "LASTING", "AMPM", "TAKE", "EFFECT", "STATE", "NT", "WON", "HERE" })
            _named[name] = _predicates.TryParse(name, Lexicon, out var p) ? p : throw new FormatException($"lexicon: no class {name}");
        var columns = _predicates.AssignColumns(Lexicon);
        var columnsOf = DateAutomaton.ColumnsOf(columns, _predicates.Count);
        Automaton = new DateAutomaton(States, [.. starts], [.. Rules.Select(r => r.Accept)], columnsOf);
        Ahead = new AheadSets(States, Rules.Select(r => r.Accept), columnsOf);
    }

    public static DateGrammar Default { get; } = new();

    public DateLexicon Lexicon { get; } = new();

    public HolidayCalendar Holidays { get; } = new(Resource("holidays.txt"));

    public DateRule[] Rules { get; }

    public PatternEdge[][] States { get; }

    public DateAutomaton Automaton { get; }

    public AheadSets Ahead { get; }

    /// <summary>Whether an atom meets a predicate.</summary>
    public bool Meets(in DateAtom atom, int predicate) => _predicates.Meets(atom, predicate);

    /// <summary>Whether an atom is of a class that the code names.</summary>
    public bool Is(in DateAtom atom, int named) => _predicates.Meets(atom, named);

    /// <summary>Whether the lexicon knows no more of a word than one or another rule asks for.</summary>
    public bool IsPlain(in DateAtom atom) => Lexicon.IsPlain(atom.Word);

    public int Class(string name) => _named[name];

    public int ValueOf(in DateAtom atom, int predicate) => _predicates.ValueOf(atom, predicate, Lexicon);

    private static string Resource(string name)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var path = Array.Find(assembly.GetManifestResourceNames(), n => n.Contains(".Dates.", StringComparison.Ordinal) && n.EndsWith("." + name, StringComparison.Ordinal));
        using var stream = assembly.GetManifestResourceStream(path ?? throw new InvalidOperationException($"{name} is not embedded"))!;
        using var text = new StreamReader(stream);
        return text.ReadToEnd();
    }
}
