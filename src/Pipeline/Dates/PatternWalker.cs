namespace Pipeline.Dates;

/// <summary>
/// Reads a match once more by the pattern of its rule, to know which atom went where; the way that stands first in the
/// pattern wins. What can come next is known for every state, so that dead ends are seen before they are entered. Not
/// shared between threads.
/// </summary>
internal sealed class PatternWalker(DateGrammar grammar)
{
    private readonly List<(PatternEdge Edge, int At)> _path = [];
    private readonly HashSet<(int State, int At)> _dead = [];

    /// <summary>Fills the slots.</summary>
    /// <returns>Where the pattern opens and closes the span within the atoms; -1 where it does not say.</returns>
    public (int Open, int Close) Catch(ReadOnlySpan<DateAtom> atoms, DateRule rule, DateSlots slots)
    {
        _path.Clear();
        _dead.Clear();
        slots.Clear();
        Walk(atoms, rule.Start, 0, rule.Accept);
        var (open, close) = (0, -1);
        foreach (var (edge, at) in _path)
        {
            if (edge.Action == PatternAction.Open)
                open = at;
            else if (edge.Action == PatternAction.Close)
                close = at;
            else if (edge.Action == PatternAction.Set)
                slots.Set(edge.Slot, edge.Value);
            else
                slots.Catch(edge.Slot, grammar.ValueOf(atoms[at], edge.Predicate));
        }

        return (open, close);
    }

    private bool Walk(ReadOnlySpan<DateAtom> atoms, int state, int at, int accept)
    {
        foreach (ref readonly var edge in grammar.States[state].AsSpan())
        {
            var next = at;
            if (edge.Predicate >= 0)
            {
                if (at == atoms.Length || (edge.Glued && !atoms[at].Glued) || !grammar.Meets(atoms[at], edge.Predicate))
                    continue;
                next++;
            }

            if (!grammar.Ahead.Allow(edge.Target, next == atoms.Length ? AheadSets.End : atoms[next].Column) || _dead.Contains((edge.Target, next)))
                continue;
            var length = _path.Count;
            if (edge.Action != PatternAction.None || edge.Slot != Slot.None)
                _path.Add((edge, at));
            if ((edge.Target == accept && next == atoms.Length) || Walk(atoms, edge.Target, next, accept))
                return true;
            _dead.Add((edge.Target, next));
            _path.RemoveRange(length, _path.Count - length);
        }

        return false;
    }
}

/// <summary>For every state of the patterns, the columns of the atoms that can come next.</summary>
internal sealed class AheadSets
{
    /// <summary>Stands for the end of the match; no atom that a pattern consumes has this column.</summary>
    public const int End = 0;

    private readonly int[] _setOf;
    private readonly List<ulong[]> _sets = [];

    /// <summary>Works the sets out. The patterns have no loops.</summary>
    public AheadSets(PatternEdge[][] states, IEnumerable<int> accepts, IReadOnlyList<int[]> columns, int predicateCount)
    {
        var words = (columns.Count + 63) / 64;
        var columnsOf = new ulong[predicateCount][];
        for (var p = 0; p < predicateCount; p++)
            columnsOf[p] = new ulong[words];
        for (var c = 0; c < columns.Count; c++)
        {
            foreach (var p in columns[c])
                columnsOf[p][c / 64] |= 1UL << c;
        }

        _setOf = new int[states.Length];
        Array.Fill(_setOf, -1);
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var ends = new ulong[words];
        ends[End / 64] |= 1UL << End;
        foreach (var accept in accepts)
            _setOf[accept] = Intern(ends, ids);
        var set = new ulong[words];
        var stack = new Stack<int>(Enumerable.Range(0, states.Length));
        while (stack.TryPeek(out var state))
        {
            if (_setOf[state] >= 0)
            {
                stack.Pop();
                continue;
            }

            var waits = false;
            foreach (var edge in states[state])
            {
                if (edge.Predicate < 0 && _setOf[edge.Target] < 0)
                {
                    stack.Push(edge.Target);
                    waits = true;
                }
            }

            if (waits)
                continue;
            Array.Clear(set);
            foreach (var edge in states[state])
                Add(set, edge.Predicate < 0 ? _sets[_setOf[edge.Target]] : columnsOf[edge.Predicate]);
            _setOf[state] = Intern(set, ids);
            stack.Pop();
        }
    }

    /// <summary>Whether an atom of the column can come next, as far as one atom tells.</summary>
    public bool Allow(int state, int column) => (_sets[_setOf[state]][column / 64] >> column & 1) != 0;

    private static void Add(ulong[] to, ulong[] set)
    {
        for (var i = 0; i < to.Length; i++)
            to[i] |= set[i];
    }

    private int Intern(ulong[] set, Dictionary<string, int> ids)
    {
        var key = string.Join(',', set);
        if (ids.TryGetValue(key, out var id))
            return id;
        id = _sets.Count;
        _sets.Add([.. set]);
        return ids[key] = id;
    }
}
