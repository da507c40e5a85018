using System.Runtime.InteropServices;

namespace Pipeline.Dates;

/// <summary>
/// All patterns in one deterministic automaton, so that a match costs one table look-up an atom however many rules there
/// are. A state is worked out when a text first reaches it (lazy subset construction, as in Cox 2010, "Regular Expression
/// Matching in the Wild"): few of the many are ever reached, and a program of one article does not wait for all.
/// Safe to share between threads.
/// </summary>
internal sealed class DateAutomaton
{
    private const ushort Unknown = ushort.MaxValue;

    private readonly PatternEdge[][] _patterns;
    private readonly ulong[][] _columnsOf;
    private readonly Dictionary<int, ushort> _ruleOf = [];
    private readonly Dictionary<StateSet, ushort> _ids = [];
    private readonly Lock _building = new();
    private readonly int[] _mark;
    private readonly int _width;
    private int _stamp;
    private int _count;
    private volatile State[] _states = new State[64];

    /// <summary>Prepares the automaton.</summary>
    /// <param name="patterns">The patterns' states.</param>
    /// <param name="starts">First state of every rule.</param>
    /// <param name="accepts">Accepting state of every rule.</param>
    /// <param name="columnsOf">Columns of every predicate, as bits.</param>
    public DateAutomaton(PatternEdge[][] patterns, int[] starts, int[] accepts, ulong[][] columnsOf)
    {
        _patterns = patterns;
        _columnsOf = columnsOf;
        _width = columnsOf[0].Length * 128;
        _mark = new int[patterns.Length];
        for (var r = 0; r < accepts.Length; r++)
            _ruleOf[accepts[r]] = checked((ushort)r);
        Id([]);
        Id([.. starts]);
    }

    public static ushort Start => 1;

    /// <summary>For every predicate the set of columns that meet it, as bits.</summary>
    public static ulong[][] ColumnsOf(IReadOnlyList<int[]> columns, int predicateCount)
    {
        var result = new ulong[predicateCount][];
        for (var p = 0; p < predicateCount; p++)
            result[p] = new ulong[(columns.Count + 63) / 64];
        for (var c = 0; c < columns.Count; c++)
        {
            foreach (var p in columns[c])
                result[p][c / 64] |= 1UL << (c % 64);
        }

        return result;
    }

    /// <summary>The state behind an atom; 0: no rule can match any more.</summary>
    public ushort Next(ushort state, in DateAtom atom)
    {
        var column = (atom.Column * 2) + (atom.Glued ? 1 : 0);
        var next = Volatile.Read(ref _states[state].Next[column]);
        return next != Unknown ? next : Work(state, column);
    }

    /// <summary>Whether any rule matches where the state was reached.</summary>
    public bool IsAccepting(ushort state) => _states[state].Accepts.Length > 0;

    /// <summary>The rules that match where the state was reached, in order of the rule files.</summary>
    public ReadOnlySpan<ushort> Accepts(ushort state) => _states[state].Accepts;

    private ushort Work(ushort state, int column)
    {
        lock (_building)
        {
            var from = _states[state];
            var (word, bit, glued) = (column / 128, 1UL << (column / 2 % 64), column % 2 == 1);
            var kernel = new List<int>();
            foreach (var s in from.Set)
            {
                foreach (var edge in _patterns[s])
                {
                    if (edge.Predicate >= 0 && (glued || !edge.Glued) && (_columnsOf[edge.Predicate][word] & bit) != 0)
                        kernel.Add(edge.Target);
                }
            }

            var id = kernel.Count == 0 ? (ushort)0 : Id(kernel);
            Volatile.Write(ref from.Next[column], id);
            return id;
        }
    }

    /// <summary>The state of all pattern states that these lead to without an atom.</summary>
    private ushort Id(List<int> kernel)
    {
        _stamp++;
        var set = new List<int>();
        var stack = new Stack<int>(kernel);
        while (stack.TryPop(out var s))
        {
            if (_mark[s] == _stamp)
                continue;
            _mark[s] = _stamp;
            // Only states that consume or accept tell sets apart.
            var free = true;
            foreach (var edge in _patterns[s])
            {
                if (edge.Predicate < 0)
                    stack.Push(edge.Target);
                else
                    free = false;
            }

            if (!free || _ruleOf.ContainsKey(s))
                set.Add(s);
        }

        set.Sort();
        var key = new StateSet([.. set]);
        if (_ids.TryGetValue(key, out var id))
            return id;
        id = checked((ushort)_count);
        if (id == Unknown)
            throw new InvalidOperationException("the rules of dates make too many states");
        if (_count == _states.Length)
        {
            var larger = new State[_count * 2];
            _states.CopyTo(larger, 0);
            _states = larger;
        }

        var next = new ushort[_width];
        next.AsSpan().Fill(set.Count == 0 ? (ushort)0 : Unknown);
        _states[_count++] = new State(key.States, next, [.. set.Where(_ruleOf.ContainsKey).Select(state => _ruleOf[state]).Order()]);
        return _ids[key] = id;
    }

    private sealed record State(int[] Set, ushort[] Next, ushort[] Accepts);

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
