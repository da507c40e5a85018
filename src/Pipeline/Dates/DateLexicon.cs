namespace Pipeline.Dates;

/// <summary>
/// The words that the rules know, each with its classes and their values. Found by a hash that the scanner computes
/// while it reads the letters; immutable after construction.
/// </summary>
internal sealed class DateLexicon
{
    public const uint HashStart = 2166136261;

    private readonly Dictionary<string, ushort> _ids = new(StringComparer.Ordinal);
    private readonly List<string> _words = [""];
    private readonly List<(int Class, int Value, bool Capital)[]> _classesOfWord = [[]];
    private readonly Dictionary<string, int> _classIds = new(StringComparer.Ordinal);
    private readonly ushort[] _markColumns = new ushort[PredicateTable.MarkEnd];
    private readonly Dictionary<NumberKind, ushort> _numberColumns = [];
    private (ulong Letters, uint Hash, ushort Id)[] _slots = [];
    private readonly HashSet<ushort> _soft = [];
    private readonly HashSet<ushort> _firm = [];
    private bool[] _plain = [];
    private ushort[] _numberTable = [];
    private ushort[] _lower = [];
    private ushort[] _capital = [];

    public static uint HashStep(uint hash, char lower) => (hash ^ lower) * 16777619;

    /// <summary>The most letters that a word is told by without its characters.</summary>
    private const int Packed = sizeof(ulong);

    /// <summary>Adds a lower-case letter, one byte each; of a long word the last eight are left.</summary>
    public static ulong LettersStep(ulong letters, char lower) => (letters << 8) | (byte)lower;

    public int WordCount => _words.Count;

    public string this[ushort word] => _words[word];

    public bool IsClass(string name) => _classIds.ContainsKey(name);

    public int ClassOf(string name) => _classIds.TryGetValue(name, out var id) ? id : _classIds[name] = _classIds.Count;

    /// <summary>Reads lines <c>CLASS word=value word ^Capitalised=value</c>, <c>~CLASS word</c> where the words stay plain; a line that starts with white space goes on.</summary>
    public void Read(string source)
    {
        var current = -1;
        var soft = false;
        foreach (var raw in source.Split('\n'))
        {
            var line = raw.Split('#')[0];
            if (line.Trim().Length == 0)
                continue;
            var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var from = 0;
            if (!char.IsWhiteSpace(line[0]))
            {
                soft = parts[0][0] == '~';
                current = ClassOf(parts[0].TrimStart('~'));
                from = 1;
            }

            for (var i = from; i < parts.Length; i++)
            {
                var capital = parts[i][0] == '^';
                var pair = (capital ? parts[i][1..] : parts[i]).Split('=');
                var value = pair.Length > 1 ? int.Parse(pair[1], System.Globalization.CultureInfo.InvariantCulture) : 0;
                var word = Intern(pair[0]);
                _ = soft ? _soft.Add(word) : _firm.Add(word);
                _classesOfWord[word] = [.. _classesOfWord[word], (current, value, capital)];
            }
        }
    }

    public ushort Intern(string word)
    {
        if (_ids.TryGetValue(word, out var id))
            return id;
        id = checked((ushort)_words.Count);
        _ids[word] = id;
        _words.Add(word);
        _classesOfWord.Add([]);
        return id;
    }

    public bool Has(ushort word, int wordClass, LetterCase written) => ValueOf(word, wordClass, written) is not null;

    /// <summary>Value of a word in a class, or <see langword="null"/> where it is not in it as written.</summary>
    public int? ValueOf(ushort word, int wordClass, LetterCase written)
    {
        foreach (var (c, value, capital) in _classesOfWord[word])
        {
            if (c == wordClass && (!capital || written != LetterCase.Lower))
                return value;
        }

        return null;
    }

    /// <summary>Sets the automaton's columns and builds the hash table. Called once.</summary>
    public void Freeze(ushort[] lower, ushort[] capital, Dictionary<NumberKind, ushort> numbers, Dictionary<char, ushort> marks)
    {
        _lower = lower;
        _capital = capital;
        foreach (var (kind, column) in numbers)
            _numberColumns[kind] = column;
        _numberTable = new ushort[1 << 15];
        foreach (var (kind, column) in numbers)
            _numberTable[(int)kind] = column;
        foreach (var (mark, column) in marks)
            _markColumns[mark] = column;

        _plain = new bool[_words.Count];
        for (ushort id = 0; id < _words.Count; id++)
            _plain[id] = id == 0 || (_soft.Contains(id) && !_firm.Contains(id));
        var size = 1;
        while (size < _words.Count * 4)
            size <<= 1;
        _slots = new (ulong, uint, ushort)[size];
        for (ushort id = 1; id < _words.Count; id++)
        {
            var hash = HashStart;
            var letters = 0UL;
            foreach (var c in _words[id])
            {
                hash = HashStep(hash, c);
                letters = LettersStep(letters, c);
            }

            var slot = hash & (uint)(size - 1);
            while (_slots[slot].Id != 0)
                slot = (slot + 1) & (uint)(size - 1);
            _slots[slot] = (letters, hash, id);
        }
    }

    /// <summary>The number of a word, or 0.</summary>
    /// <param name="word">ASCII letters of any case.</param>
    /// <param name="hash">Of its lower-case letters, by <see cref="HashStep"/>.</param>
    /// <param name="letters">The same by <see cref="LettersStep"/>.</param>
    public ushort Find(ReadOnlySpan<char> word, uint hash, ulong letters)
    {
        var slots = _slots;
        var mask = (uint)(slots.Length - 1);
        for (var at = hash & mask; slots[at].Id != 0; at = (at + 1) & mask)
        {
            ref readonly var slot = ref slots[at];
            if (slot.Hash == hash && slot.Letters == letters
                && (word.Length < Packed ? (slot.Letters >> (8 * word.Length)) == 0 : Same(_words[slot.Id], word)))
                return slot.Id;
        }

        return 0;
    }

    /// <summary>Whether the guards and the side take the word as one that the lexicon does not know.</summary>
    public bool IsPlain(ushort word) => _plain[word];

    public ushort ColumnOfWord(ushort word, LetterCase written) => (written == LetterCase.Lower ? _lower : _capital)[word];

    public ushort ColumnOfNumber(NumberKind kind) => _numberTable[(int)kind];

    public ushort ColumnOfMark(char mark) => mark < PredicateTable.MarkEnd ? _markColumns[mark] : (ushort)0;

    private static bool Same(string lower, ReadOnlySpan<char> word)
    {
        if (lower.Length != word.Length)
            return false;
        for (var i = 0; i < lower.Length; i++)
        {
            if (lower[i] != (word[i] | 0x20))
                return false;
        }

        return true;
    }
}
