using System.Buffers;

namespace Pipeline.Cleaning;

/// <summary>What the lines of one page say together: where its running text stands, and who wrote it.</summary>
internal sealed class PageContext : IDisposable
{
    private readonly LineStats[] _stats;
    private readonly int[] _proseBefore;
    private readonly HashSet<int> _repeated = [];
    private readonly int _count;

    public PageContext(LineBuffer buffer, string? author)
    {
        Buffer = buffer;
        var lines = buffer.Lines;
        _count = lines.Count;
        _stats = ArrayPool<LineStats>.Shared.Rent(_count);
        _proseBefore = ArrayPool<int>.Shared.Rent(_count + 1);
        _proseBefore[0] = 0;
        var tooShort = 0;
        var seen = new HashSet<int>(lines.Count);
        FirstProse = int.MaxValue;
        LastProse = -1;
        for (var i = 0; i < lines.Count; i++)
        {
            Stats[i] = LineStats.Measure(buffer[lines[i]], NoisePhrases.Default);
            tooShort += Stats[i].Length < 60 ? 1 : 0;
            if (!seen.Add(Stats[i].Hash))
                _repeated.Add(Stats[i].Hash);
            _proseBefore[i + 1] = _proseBefore[i];
            if (IsBodyProse(Stats[i]))
            {
                FirstProse = Math.Min(FirstProse, i);
                LastProse = i;
                _proseBefore[i + 1]++;
            }
        }

        (RegionStart, RegionEnd) = FindRegion();
        ShortShare = Stats.Length == 0 ? 0 : (float)tooShort / Stats.Length;
        EndOfBody = FindEnd();
        Author = author ?? FindAuthor();
    }

    public void Dispose()
    {
        ArrayPool<LineStats>.Shared.Return(_stats);
        ArrayPool<int>.Shared.Return(_proseBefore);
    }

    public LineBuffer Buffer { get; }

    /// <summary>Who the record or a byline says wrote it.</summary>
    public string? Author { get; }

    public Span<LineStats> Stats => _stats.AsSpan(0, _count);

    public int FirstProse { get; }

    public int LastProse { get; }

    /// <summary>First line of the stretch that is densest in running text.</summary>
    public int RegionStart { get; }

    /// <summary>Behind its last line.</summary>
    public int RegionEnd { get; }

    public bool IsRepeated(int index) => Stats[index].Length > 3 && _repeated.Contains(Stats[index].Hash);

    /// <summary>Share of lines too short for a sentence.</summary>
    public float ShortShare { get; }

    /// <summary>The first heading such as "Related stories" behind most of the running text; past the end where there is none.</summary>
    public int EndOfBody { get; }

    public float ProseShareNear(int index)
    {
        var from = Math.Max(0, index - 4);
        var to = Math.Min(Stats.Length, index + 5);
        return (_proseBefore[to] - _proseBefore[from]) / (float)(to - from);
    }

    /// <summary>Whether a line is the author's name and little else.</summary>
    public bool IsAuthor(ReadOnlySpan<char> line) =>
        Author is not null && line.Length <= Author.Length + 12 && line.Contains(Author, StringComparison.OrdinalIgnoreCase);

    /// <summary>Running text that is no author's biography, disclaimer or call.</summary>
    private static bool IsBodyProse(in LineStats s) => s.IsProse && s.Cues.Start < 3 && (s.Cues.Part < 2 || s.Length > 400);

    /// <summary>Whether a line is a name or label that stands twice in a row.</summary>
    public bool IsDoubled(int index) => Stats[index] is { Length: < 40, SentenceEnds: 0 }
        && ((index > 0 && Stats[index - 1].Hash == Stats[index].Hash) || (index + 1 < Stats.Length && Stats[index + 1].Hash == Stats[index].Hash));

    /// <summary>The stretch with the greatest sum, where running text counts for and other lines against it.</summary>
    private (int Start, int End) FindRegion()
    {
        var (bestStart, bestEnd, best) = (0, Stats.Length, 0);
        var (start, sum) = (0, 0);
        for (var i = 0; i < Stats.Length; i++)
        {
            ref readonly var s = ref Stats[i];
            var value = IsBodyProse(s) ? Math.Min(s.Length, 500)
                : s.Cues.Start > 0 || s.Cues.Whole > 0 || s.Cues.Part > 0 ? -150
                : -60;
            if (sum <= 0)
                (start, sum) = (i, 0);
            sum += value;
            if (sum > best)
                (bestStart, bestEnd, best) = (start, i + 1, sum);
        }

        return (bestStart, bestEnd);
    }

    private int FindEnd()
    {
        for (var i = Math.Max(1, RegionStart); i < Stats.Length; i++)
        {
            if (_proseBefore[i] * 2 > _proseBefore[_count] && Stats[i].EndsBody)
                return i;
        }

        return int.MaxValue;
    }

    private string? FindAuthor()
    {
        for (var i = 0; i < Math.Min(Stats.Length, 8); i++)
        {
            var line = Buffer[Buffer.Lines[i]];
            if (Stats[i].IsByline && LineShapes.AuthorOf(line) is { } name)
                return name;
        }

        return null;
    }
}
