using System.Buffers;

namespace Pipeline.Cleaning;

/// <summary>What a line of a page turned out to be.</summary>
internal enum LineRole : byte
{
    Body,
    Heading,
    Title,

    /// <summary>A title that stays in the text, where all text is kept; no section begins with it.</summary>
    KeptTitle,
    Noise,
}

/// <summary>A paragraph-like piece of a page before it is judged. Positions are in the <see cref="LineBuffer"/>.</summary>
internal struct PageLine
{
    public int Start;
    public int End;

    /// <summary>Level that the source's markup states, 1 to 6; 0 where it states none.</summary>
    public byte HeadingLevel;

    /// <summary>Whether markup calls it an item of a list, so that it is no heading.</summary>
    public bool IsListItem;

    /// <summary>Whether markup makes it part of the body, however it looks (a table's row, a quotation).</summary>
    public bool IsProtected;

    /// <summary>Whether an empty line stands before it.</summary>
    public bool HasGapBefore;

    /// <summary>Behind a run-in heading that markup sets off (bold); 0 where there is none.</summary>
    public int MarkedRunInEnd;

    public LineRole Role;

    public readonly int Length => End - Start;
}

/// <summary>
/// The normalised characters of a page and its lines. Grows as needed; belongs to one call, which gives its memory back
/// at the end.
/// </summary>
internal sealed class LineBuffer : IDisposable
{
    private char[] _chars;
    private bool _spacePending;
    private int _lineStart;

    public LineBuffer(int capacity) => _chars = ArrayPool<char>.Shared.Rent(Math.Max(256, capacity));

    public List<PageLine> Lines { get; } = [];

    public int Length { get; private set; }

    public ReadOnlySpan<char> this[PageLine line] => _chars.AsSpan(line.Start, line.Length);

    public ReadOnlySpan<char> Slice(int start, int end) => _chars.AsSpan(start, end - start);

    /// <summary>Whether the open line has a character.</summary>
    public bool HasText => Length > _lineStart;

    /// <summary>Where the open line begins.</summary>
    public int LineStart => _lineStart;

    /// <summary>Appends one source character of the open line; <paramref name="next"/> is the one that follows it.</summary>
    /// <returns>How many source characters were used, 1 or 2.</returns>
    public int Append(char c, char next)
    {
        switch (Characters.Classify(c))
        {
            case CharacterClass.Kept:
                Add(c);
                return 1;
            case CharacterClass.Space or CharacterClass.LineEnd:
                _spacePending = true;
                return 1;
            case CharacterClass.Surrogate when char.IsHighSurrogate(c) && char.IsLowSurrogate(next):
                Add(c);
                Add(next);
                return 2;
            case CharacterClass.Surrogate:
                Add('\uFFFD');
                return 1;
            default:
                return 1;
        }
    }

    /// <summary>Appends source text to the open line; line ends count as white space.</summary>
    public void Append(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length;)
        {
            var rest = text[i..];
            var plain = rest.IndexOfAnyExceptInRange(' ', '~');
            if (plain < 0)
                plain = rest.Length;
            if (plain >= 8 && !rest[..plain].Contains("  ", StringComparison.Ordinal))
            {
                StorePlain(rest[..plain]);
                i += plain;
                continue;
            }

            for (var end = i + Math.Max(1, plain); i < end;)
                i += Append(text[i], i + 1 < text.Length ? text[i + 1] : '\0');
        }
    }

    /// <summary>Copies printable ASCII without two spaces in a row.</summary>
    private void StorePlain(ReadOnlySpan<char> run)
    {
        _spacePending |= run[0] == ' ';
        run = run.TrimStart(' ');
        if (run.IsEmpty)
            return;
        if (_spacePending && HasText)
            Store(' ');
        _spacePending = run[^1] == ' ';
        run = run.TrimEnd(' ');
        if (Length + run.Length > _chars.Length)
            Grow(Length + run.Length);
        run.CopyTo(_chars.AsSpan(Length));
        Length += run.Length;
    }

    public void Dispose()
    {
        GiveBack();
        _chars = [];
    }

    /// <summary>The pool would hold on to the characters of a book.</summary>
    private void GiveBack()
    {
        if (_chars.Length <= 1 << 20)
            ArrayPool<char>.Shared.Return(_chars);
    }

    public void AppendSpace() => _spacePending = true;

    /// <summary>Closes the open line and adds it, unless it is empty.</summary>
    public bool EndLine(PageLine template)
    {
        _spacePending = false;
        if (!HasText)
            return false;
        template.Start = _lineStart;
        template.End = Length;
        if (template.MarkedRunInEnd > 0 && template.MarkedRunInEnd >= template.End)
            template.MarkedRunInEnd = 0;
        Lines.Add(template);
        _lineStart = Length;
        return true;
    }

    private void Add(char c)
    {
        if (_spacePending)
        {
            _spacePending = false;
            if (HasText)
                Store(' ');
        }

        Store(c);
    }

    private void Store(char c)
    {
        if (Length == _chars.Length)
            Grow(Length + 1);
        _chars[Length++] = c;
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<char>.Shared.Rent(checked(Math.Max(_chars.Length * 2, needed)));
        _chars.AsSpan(0, Length).CopyTo(larger);
        GiveBack();
        _chars = larger;
    }
}
