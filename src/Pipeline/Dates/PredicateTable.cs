namespace Pipeline.Dates;

/// <summary>
/// The conditions that patterns put on an atom: word class, word, number class, mark. Atoms that meet the same
/// conditions share a column of the automaton's table.
/// </summary>
internal sealed class PredicateTable
{
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly List<(char Kind, int Key)> _predicates = [];
    private ulong[] _met = [];
    private int _width;

    /// <summary>Behind the last mark that a pattern can name: those of Latin-1, for the fractions.</summary>
    public const char MarkEnd = '\x100';

    public int Count => _predicates.Count;

    /// <summary>Reads a class (capitals), a word (lower case) or a mark.</summary>
    public bool TryParse(string token, DateLexicon lexicon, out int predicate)
    {
        predicate = -1;
        if (token.Length == 1 && !char.IsLetterOrDigit(token[0]))
            predicate = Intern(token, 'M', token[0]);
        else if (Enum.TryParse<NumberKind>(token, out var kind) && char.IsAsciiLetterUpper(token[0]))
            predicate = Intern(token, 'N', (int)kind);
        else if (char.IsAsciiLetterUpper(token[0]))
        {
            if (!lexicon.IsClass(token))
                return false;
            predicate = Intern(token, 'C', lexicon.ClassOf(token));
        }
        else if (token.All(char.IsAsciiLetterLower))
            predicate = Intern(token, 'W', lexicon.Intern(token));
        return predicate >= 0;
    }

    private int Intern(string token, char kind, int key)
    {
        if (_ids.TryGetValue(token, out var id))
            return id;
        id = _predicates.Count;
        _predicates.Add((kind, key));
        return _ids[token] = id;
    }

    /// <summary>Whether the atom meets the condition. Its column tells.</summary>
    public bool Meets(in DateAtom atom, int predicate) => (_met[(atom.Column * _width) + (predicate / 64)] >> predicate & 1) != 0;

    private bool Fits(in DateAtom atom, int predicate, DateLexicon lexicon)
    {
        var (kind, key) = _predicates[predicate];
        return kind switch
        {
            'M' => atom.Kind == AtomKind.Mark && atom.Mark == key,
            'N' => atom.Kind == AtomKind.Number && ((int)atom.NumberKind & key) != 0,
            'C' => atom.Word != 0 && lexicon.Has(atom.Word, key, atom.Case),
            _ => atom.Word == key,
        };
    }

    /// <summary>The value that the atom has under the condition.</summary>
    public int ValueOf(in DateAtom atom, int predicate, DateLexicon lexicon)
    {
        var (kind, key) = _predicates[predicate];
        return kind switch
        {
            'N' => atom.Number,
            'C' => lexicon.ValueOf(atom.Word, key, atom.Case) ?? 0,
            _ => 0,
        };
    }

    /// <summary>Groups all possible atoms by the conditions that they meet and tells the lexicon the groups.</summary>
    /// <returns>For every column, the predicates that it meets.</returns>
    public IReadOnlyList<int[]> AssignColumns(DateLexicon lexicon)
    {
        var columns = new List<int[]> { Array.Empty<int>() };
        // A key is a text of the predicates' numbers.
        var known = new Dictionary<string, ushort>(StringComparer.Ordinal) { [""] = 0 }.GetAlternateLookup<ReadOnlySpan<char>>();
        var room = new char[_predicates.Count];

        ushort ColumnOf(in DateAtom atom)
        {
            var count = 0;
            for (var p = 0; p < _predicates.Count; p++)
            {
                if (Fits(atom, p, lexicon))
                    room[count++] = (char)p;
            }

            var met = room.AsSpan(0, count);
            if (known.TryGetValue(met, out var column))
                return column;
            var numbers = new int[count];
            for (var i = 0; i < count; i++)
                numbers[i] = met[i];
            columns.Add(numbers);
            return known[met] = checked((ushort)(columns.Count - 1));
        }

        var lower = new ushort[lexicon.WordCount];
        var capital = new ushort[lexicon.WordCount];
        for (ushort word = 1; word < lexicon.WordCount; word++)
        {
            lower[word] = ColumnOf(new DateAtom { Kind = AtomKind.Word, Word = word, Case = LetterCase.Lower });
            capital[word] = ColumnOf(new DateAtom { Kind = AtomKind.Word, Word = word, Case = LetterCase.Capital });
        }

        var numbers = new Dictionary<NumberKind, ushort>();
        foreach (var kind in AtomScanner.NumberKinds)
            numbers[kind] = ColumnOf(new DateAtom { Kind = AtomKind.Number, NumberKind = kind });
        var marks = new Dictionary<char, ushort>();
        for (var mark = '\x21'; mark < MarkEnd; mark++)
            marks[mark] = ColumnOf(new DateAtom { Kind = AtomKind.Mark, Mark = mark });
        lexicon.Freeze(lower, capital, numbers, marks);
        _width = (_predicates.Count + 63) / 64;
        _met = new ulong[columns.Count * _width];
        for (var c = 0; c < columns.Count; c++)
        {
            foreach (var p in columns[c])
                _met[(c * _width) + (p / 64)] |= 1UL << p;
        }

        return columns;
    }
}
