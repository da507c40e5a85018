using System.Text;
using Pipeline.Cleaning;
using Pipeline.Reading;

namespace Pipeline.Evaluating;

/// <summary>A syntactic word of a treebank.</summary>
/// <param name="Span">Where it stands in the document's text.</param>
/// <param name="Tag">Its universal part of speech, as written.</param>
/// <param name="Line">Its line in the file, from 1.</param>
internal readonly record struct ConlluWord(TextSpan Span, string Tag, int Line);

/// <summary>A sentence of a treebank: what is written together (tokens) and the words in it.</summary>
internal sealed record ConlluSentence(TextSpan Span, IReadOnlyList<TextSpan> Tokens, IReadOnlyList<ConlluWord> Words);

/// <summary>A document of a treebank with its running text restored; each paragraph is a block.</summary>
internal sealed record ConlluDocument(ArticleText Text, IReadOnlyList<ConlluSentence> Sentences);

/// <summary>
/// Reads CoNLL-U (https://universaldependencies.org/format.html). The running text comes from the forms and
/// <c>SpaceAfter=No</c>; <c># newdoc</c> and <c># newpar</c> part documents and paragraphs, as in the raw files of the
/// CoNLL 2018 shared task.
/// </summary>
internal sealed class ConlluFile
{
    private readonly string path;
    private readonly List<ConlluDocument> documents = [];
    private readonly StringBuilder text = new();
    private readonly List<Block> blocks = [];
    private readonly List<ConlluSentence> sentences = [];
    private readonly List<TextSpan> tokens = [];
    private readonly List<ConlluWord> words = [];
    private int paragraphStart;
    private bool spaceDue;

    private ConlluFile(string path) => this.path = path;

    /// <summary>Reads all documents of a file.</summary>
    /// <exception cref="UserFileException">The file cannot be read or is not CoNLL-U.</exception>
    public static IReadOnlyList<ConlluDocument> Read(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            return new ConlluFile(path).Read(reader);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFileException(path, 0, $"cannot be read: {e.Message}", e);
        }
    }

    private List<ConlluDocument> Read(StreamReader reader)
    {
        var line = 0;
        var group = 0;
        var surface = default(TextSpan);
        var cursor = 0;
        while (reader.ReadLine() is { } row)
        {
            line++;
            if (row.Length == 0)
            {
                CloseSentence();
                group = 0;
                continue;
            }

            if (row[0] == '#')
            {
                if (IsMark(row, "# newdoc"))
                    CloseDocument();
                else if (IsMark(row, "# newpar"))
                    CloseParagraph();
                continue;
            }

            var fields = row.Split('\t');
            if (fields.Length != 10)
                throw new UserFileException(path, line, $"found {fields.Length} columns, expected the 10 of CoNLL-U, parted by tabs");
            var id = fields[0];
            if (id.Contains('.', StringComparison.Ordinal))
                continue;
            if (id.Split('-') is [_, var last])
            {
                group = Number(last, line);
                surface = Append(fields);
                cursor = surface.Start;
                continue;
            }

            if (Number(id, line) > group)
            {
                words.Add(new ConlluWord(Append(fields), fields[3], line));
                continue;
            }

            // A word inside a token: its letters, where the token is spelled by its words; else what is left.
            var isLast = Number(id, line) == group;
            var form = fields[1];
            var left = text.ToString(cursor, surface.End - cursor);
            var end = isLast || !left.StartsWith(form, StringComparison.Ordinal) ? surface.End : cursor + form.Length;
            if (end > cursor)
                words.Add(new ConlluWord(new TextSpan(cursor, end), fields[3], line));
            cursor = end;
        }

        CloseSentence();
        CloseDocument();
        if (documents.Count == 0)
            throw new UserFileException(path, 0, "holds no sentence; expected CoNLL-U");
        return documents;
    }

    private static bool IsMark(string row, string mark) =>
        row.StartsWith(mark, StringComparison.Ordinal) && (row.Length == mark.Length || row[mark.Length] == ' ');

    private int Number(string id, int line) => int.TryParse(id, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new UserFileException(path, line, $"found the id \"{id}\", expected a number, a range or a decimal");

    private TextSpan Append(string[] fields)
    {
        if (spaceDue)
            text.Append(' ');
        var start = text.Length;
        text.Append(fields[1]);
        spaceDue = !fields[9].Split('|').Contains("SpaceAfter=No");
        var span = new TextSpan(start, text.Length);
        tokens.Add(span);
        return span;
    }

    private void CloseSentence()
    {
        if (tokens.Count == 0)
            return;
        sentences.Add(new ConlluSentence(new TextSpan(tokens[0].Start, tokens[^1].End), tokens.ToArray(), words.ToArray()));
        tokens.Clear();
        words.Clear();
    }

    private void CloseParagraph()
    {
        // The mark stands among the comments of the paragraph's first sentence.
        if (text.Length == paragraphStart)
            return;
        blocks.Add(new Block(BlockKind.Paragraph, new TextSpan(paragraphStart, text.Length), ""));
        text.Append("\n\n");
        paragraphStart = text.Length;
        spaceDue = false;
    }

    private void CloseDocument()
    {
        CloseParagraph();
        if (sentences.Count == 0)
            return;
        var content = text.ToString();
        var article = new ArticleText
        {
            Article = new Article { Id = path, Source = path, Content = content },
            Text = content,
            Blocks = blocks.ToArray(),
        };
        documents.Add(new ConlluDocument(article, sentences.ToArray()));
        text.Clear();
        blocks.Clear();
        sentences.Clear();
        paragraphStart = 0;
    }
}
