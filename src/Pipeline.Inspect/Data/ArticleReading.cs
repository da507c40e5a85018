namespace Pipeline.Inspect.Data;

/// <summary>A stretch of an article's text, in UTF-16 code units.</summary>
public sealed record Marked(int Start, int End, Row Row, bool IsDate);

/// <summary>A sentence with the names and dates in it.</summary>
public sealed record ReadSentence(int Start, int End, Row Row, IReadOnlyList<Marked> Marks)
{
    public int Id => (int)Row.Whole("sentence_id");

    public string Role => Row.Text("role");
}

/// <summary>A paragraph, or a heading where no sentence stands in it.</summary>
internal sealed record TextBlock(int Start, int End, IReadOnlyList<ReadSentence> Sentences);

/// <summary>An article as it is read: its blocks in order, marks laid over its text. Immutable.</summary>
internal sealed class ArticleReading
{
    private ArticleReading(Row article, string text, IReadOnlyList<TextBlock> blocks)
    {
        Article = article;
        Text = text;
        Blocks = blocks;
    }

    public Row Article { get; }

    public string Text { get; }

    public IReadOnlyList<TextBlock> Blocks { get; }

    public IEnumerable<ReadSentence> Sentences => Blocks.SelectMany(block => block.Sentences);

    /// <summary>Reads an article; null if there is none of that id.</summary>
    public static ArticleReading? Of(OutputStore store, string id)
    {
        var found = store.Query("SELECT * FROM file_articles WHERE article_id = $a LIMIT 1", new Dictionary<string, object> { ["a"] = id });
        return found.Count == 0 ? null : Of(store, found[0]);
    }

    /// <summary>Reads an article whose row, with its text, is known.</summary>
    public static ArticleReading Of(OutputStore store, Row article)
    {
        var (own, values) = store.OfArticle(article.Text("article_id"));
        return Build(
            article,
            store.Query($"SELECT * FROM sentences WHERE {own} ORDER BY sentence_id", values),
            store.Query($"SELECT * FROM entities WHERE {own} ORDER BY start", values),
            store.Query($"SELECT * FROM dates WHERE {own} ORDER BY start", values));
    }

    /// <summary>The reasons for the roles of an article, by sentence; read from the file, which takes a moment if it is large.</summary>
    public static IReadOnlyDictionary<long, string> WhyOf(OutputStore store, string id) => store.HasReasons
        ? store.Query("SELECT sentence_id, why FROM raw_sentences WHERE article_id = $a", new Dictionary<string, object> { ["a"] = id }).ToDictionary(row => row.Whole("sentence_id"), row => row.Text("why"))
        : new Dictionary<long, string>();

    /// <summary>Lays sentences and marks over the text. Rows that do not fit the text are left out, so that it can always be read.</summary>
    internal static ArticleReading Build(Row article, List<Row> sentences, List<Row> entities, List<Row> dates)
    {
        var text = article.Text("text");
        var at = Positions(text);
        var marks = entities.Select(row => Mark(row, false)).Concat(dates.Select(row => Mark(row, true)))
            .Where(mark => mark is not null).OrderBy(mark => mark!.Start).ThenByDescending(mark => mark!.End).Select(mark => mark!).ToList();
        var read = new List<ReadSentence>();
        var next = 0;
        var behind = 0;
        foreach (var row in sentences)
        {
            if (!Span(row, out var start, out var end) || start < behind)
                continue;
            behind = end;
            var inside = new List<Marked>();
            while (next < marks.Count && marks[next].Start < start)
                next++;
            var free = start;
            for (; next < marks.Count && marks[next].Start < end; next++)
            {
                // Of two marks over the same place, the first and longer one is shown in the text; the list beside it has both.
                if (marks[next].Start < free || marks[next].End > end)
                    continue;
                inside.Add(marks[next]);
                free = marks[next].End;
            }

            read.Add(new ReadSentence(start, end, row, inside));
        }

        return new ArticleReading(article, text, Cut(text, read));

        Marked? Mark(Row row, bool isDate) => Span(row, out var start, out var end) ? new Marked(start, end, row, isDate) : null;

        bool Span(Row row, out int start, out int end)
        {
            var (from, to) = (row.Whole("start"), row.Whole("end"));
            var fits = from >= 0 && from < to && to < at.Length;
            start = fits ? at[from] : 0;
            end = fits ? at[to] : 0;
            return fits;
        }
    }

    /// <summary>The UTF-16 position of each code point, and the end.</summary>
    private static int[] Positions(string text)
    {
        var positions = new List<int>(text.Length + 1);
        for (var i = 0; i < text.Length; i += char.IsSurrogatePair(text, i) ? 2 : 1)
        {
            positions.Add(i);
            if (i + 1 >= text.Length)
                break;
        }

        positions.Add(text.Length);
        return [.. positions];
    }

    private static List<TextBlock> Cut(string text, List<ReadSentence> sentences)
    {
        var blocks = new List<TextBlock>();
        var start = 0;
        var next = 0;
        while (start < text.Length)
        {
            var end = text.IndexOf("\n\n", start, StringComparison.Ordinal);
            end = end < 0 ? text.Length : end;
            var inside = new List<ReadSentence>();
            for (; next < sentences.Count && sentences[next].Start < end; next++)
            {
                inside.Add(sentences[next]);
                end = Math.Max(end, sentences[next].End);
            }

            if (end > start)
                blocks.Add(new TextBlock(start, end, inside));
            start = end;
            while (start < text.Length && text[start] == '\n')
                start++;
        }

        return blocks;
    }
}
