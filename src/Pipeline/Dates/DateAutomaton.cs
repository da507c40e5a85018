using System.Runtime.InteropServices;

namespace Pipeline.Dates;

/// <summary>
/// All patterns in one deterministic automaton (subset construction), so that a match costs one table look-up an atom
/// however many rules there are.
/// </summary>
internal sealed class DateAutomaton
{
    private readonly ushort[] _next;
    private readonly int _width;
    private readonly ushort[][] _accepts;
    private readonly bool[] _accepting;

    /// <summary>Builds the automaton.</summary>
    /// <param name="states">The patterns' states.</param>
    /// <param name="starts">First state of every rule.</param>
    /// <param name="accepts">Accepting state of every rule.</param>
    /// <param name="columns">Predicates of every column.</param>
    /// <param name="predicateCount">Number of predicates.</param>
    public DateAutomaton(
        IReadOnlyList<List<PatternEdge>> states, int[] starts, int[] accepts, IReadOnlyList<int[]> columns, int predicateCount)
    {
        _width = columns.Count * 2;
        var columnsOf = new List<int>[predicateCount];
        for (var p = 0; p < predicateCount; p++)
            columnsOf[p] = [];
        for (var c = 0; c < columns.Count; c++)
        {
            foreach (var p in columns[c])
                columnsOf[p].Add(c);
        }

        var ruleOf = new Dictionary<int, ushort>();
        for (var r = 0; r < accepts.Length; r++)
            ruleOf[accepts[r]] = checked((ushort)r);

        var sets = new List<int[]>();
        var ids = new Dictionary<StateSet, ushort>();
        var mark = new int[states.Count];
        var stamp = 0;

        ushort Id(List<int> kernel)
        {
            stamp++;
            var set = new List<int>();
            var stack = new Stack<int>(kernel);
            while (stack.TryPop(out var s))
            {
                if (mark[s] == stamp)
                    continue;
                mark[s] = stamp;
                // Only states that consume or accept tell sets apart.
                var free = true;
                foreach (var edge in CollectionsMarshal.AsSpan(states[s]))
                {
                    if (edge.Predicate < 0)
                        stack.Push(edge.Target);
                    else
                        free = false;
                }

                if (!free || ruleOf.ContainsKey(s))
                    set.Add(s);
            }

            set.Sort();
            var key = new StateSet([.. set]);
            if (ids.TryGetValue(key, out var id))
                return id;
            id = checked((ushort)sets.Count);
            sets.Add(key.States);
            return ids[key] = id;
        }

        Id([]);
        Id([.. starts]);
        var table = new List<ushort>();
        var targets = new List<int>?[_width];
        for (var s = 0; s < sets.Count; s++)
        {
            Array.Clear(targets);
            foreach (var state in sets[s])
            {
                foreach (var edge in CollectionsMarshal.AsSpan(states[state]))
                {
                    if (edge.Predicate < 0)
                        continue;
                    foreach (var c in columnsOf[edge.Predicate])
                    {
                        (targets[(c * 2) + 1] ??= []).Add(edge.Target);
                        if (!edge.Glued)
                            (targets[c * 2] ??= []).Add(edge.Target);
                    }
                }
            }

            CollectionsMarshal.SetCount(table, (s + 1) * _width);
            var row = CollectionsMarshal.AsSpan(table).Slice(s * _width, _width);
            var seen = new Dictionary<StateSet, ushort>();
            for (var c = 0; c < _width; c++)
            {
                if (targets[c] is not { } kernel)
                {
                    row[c] = 0;
                    continue;
                }

                kernel.Sort();
                var key = new StateSet([.. kernel]);
                if (!seen.TryGetValue(key, out var id))
                    seen[key] = id = Id(kernel);
                row[c] = id;
            }
        }

        _next = [.. table];
        _accepts = new ushort[sets.Count][];
        _accepting = new bool[sets.Count];
        for (var s = 0; s < sets.Count; s++)
        {
            _accepts[s] = [.. sets[s].Where(ruleOf.ContainsKey).Select(state => ruleOf[state]).Order()];
            _accepting[s] = _accepts[s].Length > 0;
        }
    }

    public int StateCount => _accepts.Length;

    public static ushort Start => 1;

    /// <summary>The state behind an atom; 0: no rule can match any more.</summary>
    public ushort Next(ushort state, in DateAtom atom) => _next[(state * _width) + (atom.Column * 2) + (atom.Glued ? 1 : 0)];

    /// <summary>Whether any rule matches where the state was reached.</summary>
    public bool IsAccepting(ushort state) => _accepting[state];

    /// <summary>The rules that match where the state was reached, in order of the rule files.</summary>
    public ReadOnlySpan<ushort> Accepts(ushort state) => _accepts[state];

    private readonly record struct StateSet(int[] States)
    {
        public bool Equals(StateSet other) => States.AsSpan().SequenceEqual(other.States);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.AddBytes(MemoryMarshal.AsBytes<int>(States));
            return hash.ToHashCode();
        }
    }
}
