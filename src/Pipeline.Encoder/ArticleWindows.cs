using Pipeline.Segmenting;

namespace Pipeline.SentenceEncoding;

/// <summary>A run of an article's sentences as the encoder reads it at once.</summary>
/// <param name="First">Index of its first sentence.</param>
/// <param name="End">Index behind its last sentence.</param>
/// <param name="Pieces">The word pieces, with marks.</param>
/// <param name="Spans">For each sentence where its own pieces start and where the [SEP] behind them stands.</param>
internal sealed record Window(int First, int End, int[] Pieces, (int Start, int Separator)[] Spans);

/// <summary>
/// Cuts an article into overlapping windows of at most <see cref="MostPieces"/> word pieces (Cohan et al. 2019): [CLS], the title,
/// and each sentence with a mark in front where a heading or a paragraph begins, and [SEP] behind.
/// </summary>
internal sealed class ArticleWindows(WordPieces pieces)
{
    /// <summary>Word pieces of a window, at most (a sentence that is longer alone is shortened).</summary>
    public const int MostPieces = 256;

    private const int MostOfSentence = 72;
    private const int KeptOfItsEnd = 12;
    private const int MostOfTitle = 24;
    private const int MostOfHeading = 20;
    private const int Overlap = 3;

    /// <summary>The windows, in text order; every sentence is in at least one.</summary>
    public List<Window> Cut(SegmentedArticle article)
    {
        var (head, sentences) = Read(article);
        var windows = new List<Window>();
        var room = MostPieces - 1 - head.Length;
        for (var first = 0; first < sentences.Length;)
        {
            int end = first, used = 0;
            for (; end < sentences.Length; end++)
            {
                var need = sentences[end].Marks.Length + sentences[end].Words.Length + 1;
                if (end > first && used + need > room)
                    break;
                used += need;
            }

            windows.Add(Join(head, sentences, first, end));
            if (end >= sentences.Length)
                break;
            first = Math.Max(first + 1, end - Overlap);
        }

        return windows;
    }

    /// <summary>Whether the article has a title, which the encoder is told.</summary>
    public static bool HasTitle(SegmentedArticle article) => !string.IsNullOrEmpty(article.Article.Title);

    private (int[] Head, (int[] Marks, int[] Words)[] Sentences) Read(SegmentedArticle article)
    {
        var list = new List<int>();
        int[] head = [];
        if (HasTitle(article))
        {
            pieces.Cut(article.Article.Title, list);
            head = [pieces.Title, .. list.Take(MostOfTitle)];
        }

        var sentences = new (int[], int[])[article.Sentences.Count];
        var (section, paragraph) = ("", 0);
        for (var s = 0; s < sentences.Length; s++)
        {
            var sentence = article.Sentences[s];
            int[] marks = [];
            if (sentence.Section.Length > 0 && sentence.Section != section)
            {
                list.Clear();
                pieces.Cut(sentence.Section, list);
                marks = [pieces.Heading, .. list.Take(MostOfHeading)];
            }
            else if (sentence.Paragraph > 0 && sentence.Paragraph != paragraph)
            {
                marks = [pieces.Paragraph];
            }

            (section, paragraph) = (sentence.Section, sentence.Paragraph);
            list.Clear();
            pieces.Cut(sentence.Span.In(article.Text), list);
            if (list.Count > MostOfSentence)
                list.RemoveRange(MostOfSentence - KeptOfItsEnd, list.Count - MostOfSentence);
            sentences[s] = (marks, [.. list]);
        }

        return (head, sentences);
    }

    private Window Join(int[] head, (int[] Marks, int[] Words)[] sentences, int first, int end)
    {
        var all = new List<int>(MostPieces) { pieces.Start };
        all.AddRange(head);
        var spans = new (int, int)[end - first];
        for (var s = first; s < end; s++)
        {
            all.AddRange(sentences[s].Marks);
            spans[s - first] = (all.Count, all.Count + sentences[s].Words.Length);
            all.AddRange(sentences[s].Words);
            all.Add(pieces.End);
        }

        return new Window(first, end, [.. all], spans);
    }
}
