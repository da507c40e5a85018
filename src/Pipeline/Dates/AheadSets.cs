namespace Pipeline.Dates;

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
