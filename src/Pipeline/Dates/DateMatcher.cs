namespace Pipeline.Dates;

/// <summary>An expression that a rule found, before its value is resolved.</summary>
/// <param name="Sentence">Index of the sentence.</param>
/// <param name="First">Its first atom.</param>
/// <param name="End">The atom behind its last.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Slots">What the rule caught; overwritten by the next match.</param>
internal readonly record struct DateMatch(int Sentence, int First, int End, DateRule Rule, DateSlots Slots);

/// <summary>
/// Finds the expressions of a sentence: leftmost, longest, first rule. Holds its scratch buffers, so one a thread, used
/// again for the next article.
/// </summary>
internal sealed class DateMatcher(DateGrammar grammar)
{
    private const int LongestMatch = 32;

    private readonly (ushort State, int End)[] _accepted = new (ushort, int)[LongestMatch];
    private readonly PatternWalker _walker = new(grammar);
    private readonly DateSlots _slots = new();
    private DateAtom[] _atoms = new DateAtom[256];
    private int _count;
    private int _at;
    private int _first;
    private int _left;
    private int _tried;
    private int _furthest;
    private readonly int _the = grammar.Class("THE");
    private readonly int _hyphened = grammar.Class("HYPHENWORD");
    private readonly int _of = grammar.Class("OF");
    private readonly int _ageNoun = grammar.Class("AGENOUN");
    private readonly int _age = grammar.Class("AGE");

    /// <summary>Cuts the next sentence into atoms.</summary>
    public void Read(string text, int start, int end)
    {
        _count = AtomScanner.Scan(text, start, end, grammar.Lexicon, ref _atoms);
        _at = 0;
    }

    /// <summary>Atoms that fit into its buffer.</summary>
    public int Capacity => _atoms.Length;

    /// <summary>The atoms of the sentence that was read last.</summary>
    public ReadOnlySpan<DateAtom> Atoms => _atoms.AsSpan(0, _count);

    /// <summary>Finds the next expression of the sentence.</summary>
    public bool TryNext(int sentence, out DateMatch match)
    {
        var atoms = Atoms;
        var automaton = grammar.Automaton;
        while (_at < atoms.Length)
        {
            var state = automaton.Next(DateAutomaton.Start, atoms[_at]);
            if (state == 0)
            {
                _at++;
                continue;
            }

            _first = _at;
            _left = 0;
            _tried = 0;
            _furthest = 0;
            for (var j = _at + 1; state != 0; j++)
            {
                if (automaton.IsAccepting(state))
                    _accepted[_left++] = (state, j);
                if (j == atoms.Length || j - _at == LongestMatch)
                    break;
                state = automaton.Next(state, atoms[j]);
            }

            if (Take(sentence, out match))
            {
                _at = match.End;
                if (match.Rule.Operation != DateOperation.None)
                    return true;
            }
            else
                _at++;
        }

        match = default;
        return false;
    }

    /// <summary>
    /// Another reading of the expression that was found last, for one that has no value: the next rule, else a shorter
    /// match from the same atom.
    /// </summary>
    public bool TryOther(int sentence, out DateMatch match)
    {
        var furthest = Math.Max(_furthest, _at);
        if (Take(sentence, out match))
        {
            _at = match.End;
            _furthest = furthest;
            if (match.Rule.Operation != DateOperation.None)
                return true;
        }
        else
            _at = furthest;

        _furthest = 0;
        return false;
    }

    private bool Take(int sentence, out DateMatch match)
    {
        var atoms = Atoms;
        for (; _left > 0; _left--, _tried = 0)
        {
            var (state, end) = _accepted[_left - 1];
            var accepts = grammar.Automaton.Accepts(state);
            while (_tried < accepts.Length)
            {
                var rule = grammar.Rules[accepts[_tried++]];
                if (!Allowed(atoms, _first, end, rule))
                    continue;
                var (open, close) = _walker.Catch(atoms[_first..end], rule, _slots);
                open += _first;
                close = close < 0 ? end : close + _first;
                if (grammar.Is(atoms[open], _the))
                    open++;
                if (close <= open || !NeighboursAllow(atoms, open, close))
                    continue;
                match = new(sentence, open, close, rule, _slots);
                return true;
            }
        }

        match = default;
        return false;
    }

    private bool Allowed(ReadOnlySpan<DateAtom> atoms, int first, int end, DateRule rule)
    {
        foreach (var guard in rule.Guards)
        {
            if (guard.Offset == Guard.Near)
            {
                var near = false;
                for (var i = Math.Max(0, first - 5); i < first && !near; i++)
                    near = Holds(atoms, i, guard);
                if (near != guard.Wanted)
                    return false;
                continue;
            }

            var at = guard.Offset < 0 ? first + guard.Offset : end + guard.Offset - 1;
            if (Holds(atoms, at, guard) != guard.Wanted)
                return false;
        }

        return true;
    }

    private bool Holds(ReadOnlySpan<DateAtom> atoms, int at, Guard guard)
    {
        var edge = at < 0 || at >= atoms.Length;
        foreach (var shape in guard.Shapes)
        {
            if (edge ? shape == GuardShape.EDGE : HasShape(atoms[at], shape))
                return true;
        }

        if (edge)
            return false;
        foreach (var predicate in guard.Predicates)
        {
            if (grammar.Meets(atoms[at], predicate))
                return true;
        }

        return false;
    }

    private bool HasShape(in DateAtom atom, GuardShape shape) => shape switch
    {
        GuardShape.EDGE => false,
        GuardShape.NAME => atom.Kind == AtomKind.Word && atom.Case != LetterCase.Lower && grammar.IsPlain(atom),
        GuardShape.CAPITAL => atom.Kind == AtomKind.Word && atom.Case != LetterCase.Lower,
        GuardShape.LOWER => atom.Kind == AtomKind.Word && atom.Case == LetterCase.Lower && grammar.IsPlain(atom),
        GuardShape.PLURAL => atom.Kind == AtomKind.Word && grammar.IsPlain(atom) && atom.Case == LetterCase.Lower && atom.Mark == 's',
        GuardShape.PAST => atom.Kind == AtomKind.Word && atom.Case == LetterCase.Lower && atom.Mark == 'e',
        GuardShape.NUMBER => atom.Kind == AtomKind.Number,
        GuardShape.MARK => atom.Kind == AtomKind.Mark,
        _ => false,
    };

    /// <summary>What holds for every rule: no piece of a name, a number, an amount, an age.</summary>
    private bool NeighboursAllow(ReadOnlySpan<DateAtom> atoms, int first, int end)
    {
        var numberFirst = atoms[first].Kind == AtomKind.Number;
        if (first > 0 && atoms[first].Glued)
        {
            ref readonly var before = ref atoms[first - 1];
            if (before.Kind != AtomKind.Mark)
                return false;
            var glued = before.Glued && first > 1;
            if (numberFirst && glued && before.Mark is '-' or '.' or ',' or '/' or ':' && atoms[first - 2].Kind == AtomKind.Word)
                return false;
            if (glued && before.Mark == '-' && (atoms[first].NumberKind & NumberKind.YEAR4) != 0
                && atoms[first - 2].Kind == AtomKind.Number && (atoms[first - 2].NumberKind & NumberKind.YEAR4) == 0)
                return false;
            if (numberFirst && before.Mark is '$' or '€' or '£' or '¥' or '#' or '@' or '_' or '&' or '=' or '+')
                return false;
            if (before.Mark is '@' or '#' or '_')
                return false;
            if (before.Mark == '/' && glued && (atoms[first - 2].NumberKind & atoms[first].NumberKind & NumberKind.YEAR4) == 0)
                return false;
        }

        if (end == atoms.Length)
            return true;
        ref readonly var after = ref atoms[end];
        if (after.Glued)
        {
            if (after.Kind != AtomKind.Mark && atoms[end - 1].Kind != AtomKind.Mark)
                return false;
            if (after.Mark is '%' or '@' or '_' or '€' or '£' or '$' or '°')
                return false;
            if (after.Mark is '.' or '/' && end + 1 < atoms.Length && atoms[end + 1].Glued && atoms[end + 1].Kind != AtomKind.Mark
                && atoms[end - 1].Kind != AtomKind.Mark && !(after.Mark == '/' && (atoms[end - 1].NumberKind & NumberKind.YEAR4) != 0 && (atoms[end + 1].NumberKind & (NumberKind.YEAR4 | NumberKind.YEAR2)) != 0))
                return false;
            if (after.Mark == '-' && end + 1 < atoms.Length && (grammar.Is(atoms[end + 1], _age)
                || (atoms[end + 1].Glued && grammar.Is(atoms[end + 1], _hyphened))))
                return false;
        }

        // "fifteen years of age"
        return !grammar.Is(after, _age)
            && !(grammar.Is(after, _of) && end + 1 < atoms.Length && grammar.Is(atoms[end + 1], _ageNoun));
    }
}
