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

/// <summary>
/// For every state of the patterns, the columns of the atoms that can come next. Worked out when first asked for. Safe to
/// share between threads.
/// </summary>
internal sealed class AheadSets
{
    /// <summary>Stands for the end of the match; no atom that a pattern consumes has this column.</summary>
    public const int End = 0;

    private readonly PatternEdge[][] _states;
    private readonly ulong[][] _columnsOf;
    private readonly ulong[]?[] _sets;

    /// <summary>Prepares the sets. The patterns have no loops.</summary>
    public AheadSets(PatternEdge[][] states, IEnumerable<int> accepts, ulong[][] columnsOf)
    {
        _states = states;
        _columnsOf = columnsOf;
        _sets = new ulong[]?[states.Length];
        var ends = new ulong[columnsOf[0].Length];
        ends[End / 64] |= 1UL << End;
        foreach (var accept in accepts)
            _sets[accept] = ends;
    }

    /// <summary>Whether an atom of the column can come next, as far as one atom tells.</summary>
    public bool Allow(int state, int column) => (((Volatile.Read(ref _sets[state]) ?? Work(state))[column / 64] >> column) & 1) != 0;

    /// <summary>Threads that ask for the same state at once find the same set.</summary>
    private ulong[] Work(int state)
    {
        var stack = new Stack<int>([state]);
        while (stack.TryPeek(out var top))
        {
            var waits = false;
            foreach (var edge in _states[top])
            {
                if (edge.Predicate < 0 && Volatile.Read(ref _sets[edge.Target]) is null)
                {
                    stack.Push(edge.Target);
                    waits = true;
                }
            }

            if (waits)
                continue;
            stack.Pop();
            if (_sets[top] is not null)
                continue;
            var set = new ulong[_columnsOf[0].Length];
            foreach (var edge in _states[top])
            {
                var more = edge.Predicate < 0 ? _sets[edge.Target]! : _columnsOf[edge.Predicate];
                for (var i = 0; i < set.Length; i++)
                    set[i] |= more[i];
            }

            Volatile.Write(ref _sets[top], set);
        }

        return _sets[state]!;
    }
}
