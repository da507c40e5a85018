namespace Pipeline.Dates;

/// <summary>For every state of the patterns, the columns of the atoms that can come next.</summary>
internal sealed class AheadSets
{
    /// <summary>Stands for the end of the match; no atom that a pattern consumes has this column.</summary>
    public const int End = 0;

    private readonly ulong[] _sets;
    private readonly int _width;

    /// <summary>Works the sets out. The patterns have no loops.</summary>
    public AheadSets(PatternEdge[][] states, IEnumerable<int> starts, IEnumerable<int> accepts, IReadOnlyList<int[]> columns, int predicateCount)
    {
        _width = (columns.Count + 63) / 64;
        _sets = new ulong[states.Length * _width];
        var columnsOf = new ulong[predicateCount * _width];
        for (var c = 0; c < columns.Count; c++)
        {
            foreach (var p in columns[c])
                columnsOf[(p * _width) + (c / 64)] |= 1UL << c;
        }

        var done = new bool[states.Length];
        foreach (var accept in accepts)
        {
            _sets[(accept * _width) + (End / 64)] |= 1UL << End;
            done[accept] = true;
        }

        var stack = new Stack<int>(starts);
        while (stack.TryPeek(out var state))
        {
            if (done[state])
            {
                stack.Pop();
                continue;
            }

            var open = stack.Count;
            foreach (var edge in states[state])
            {
                if (!done[edge.Target])
                    stack.Push(edge.Target);
            }

            if (stack.Count > open)
                continue;
            var set = _sets.AsSpan(state * _width, _width);
            foreach (var edge in states[state])
            {
                var next = edge.Predicate < 0 ? _sets.AsSpan(edge.Target * _width, _width) : columnsOf.AsSpan(edge.Predicate * _width, _width);
                for (var i = 0; i < set.Length; i++)
                    set[i] |= next[i];
            }

            done[state] = true;
            stack.Pop();
        }
    }

    /// <summary>Whether an atom of the column can come next, as far as one atom tells.</summary>
    public bool Allow(int state, int column) => (_sets[(state * _width) + (column / 64)] >> column & 1) != 0;
}
