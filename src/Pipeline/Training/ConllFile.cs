using System.Text;
using Pipeline.Entities;
using Pipeline.Segmenting;

namespace Pipeline.Training;

/// <summary>One document of a CoNLL file: its tokens joined by single spaces, its sentences, the tag of each token as it stands.</summary>
/// <param name="Id">What follows <c>-DOCSTART-</c> where that is a name, else a number.</param>
/// <param name="Text">The tokens, a space after each.</param>
/// <param name="Tokens">Where they stand in the text.</param>
/// <param name="Sentences">The sentences.</param>
/// <param name="Tags">The last column of each token.</param>
/// <param name="Rows">All columns of each token.</param>
internal sealed record ConllDocument(
    string Id, string Text, Token[] Tokens, TokenRange[] Sentences, string[] Tags, string[][] Rows);

/// <summary>Reads files of one token a line, columns separated by white space, the tag last, empty lines between sentences.</summary>
internal static class ConllFile
{
    private static readonly char[] Blanks = [' ', '\t'];

    /// <summary>Reads the documents of a file.</summary>
    /// <exception cref="UserFileException">The file is missing or a line is no token.</exception>
    public static List<ConllDocument> Read(string path)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path, Encoding.UTF8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFileException(path, 0, $"the CoNLL file cannot be read ({e.Message})", e);
        }

        var documents = new List<ConllDocument>();
        var builder = new Builder();
        var tagged = lines.Any(l => l.Contains('\t', StringComparison.Ordinal)) && lines.Any(l => l.StartsWith("# ", StringComparison.Ordinal))
            && !lines.Any(l => l.StartsWith("-DOCSTART-", StringComparison.Ordinal));
        for (var n = 0; n < lines.Length; n++)
        {
            var line = lines[n].TrimEnd();
            if (line.Length == 0)
            {
                builder.EndSentence();
                continue;
            }

            if (line.StartsWith("-DOCSTART-", StringComparison.Ordinal))
            {
                builder.Flush(documents);
                var cells = line.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
                builder.Id = cells.Length > 1 && cells[1].Any(char.IsLower) ? cells[1] : null;
                continue;
            }

            if (tagged && line.StartsWith("# ", StringComparison.Ordinal))
            {
                if (line.StartsWith("# newdoc", StringComparison.Ordinal)) builder.Flush(documents);
                continue;
            }

            if (tagged)
            {
                // Universal NER: number, token, tag, two more columns.
                var cells = line.Split('\t');
                if (cells.Length < 3) throw new UserFileException(path, n + 1, $"a token and its tag were expected, found \"{line}\"");
                if (cells[0].Contains('-') || cells[0].Contains('.')) continue;
                builder.Add([cells[1], cells[2]], "XX" == cells[2] ? "O" : cells[2]);
                continue;
            }

            var columns = line.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length < 2) throw new UserFileException(path, n + 1, $"a token and its tag were expected, found \"{line}\"");
            builder.Add(columns, columns[^1]);
        }

        builder.Flush(documents);
        return documents;
    }

    private sealed class Builder
    {
        private readonly StringBuilder text = new();
        private readonly List<Token> tokens = [];
        private readonly List<TokenRange> sentences = [];
        private readonly List<string> tags = [];
        private readonly List<string[]> rows = [];
        private int first;

        public string? Id { get; set; }

        public void Add(string[] row, string tag)
        {
            tokens.Add(new Token(text.Length, text.Length + row[0].Length));
            text.Append(row[0]).Append(' ');
            tags.Add(tag);
            rows.Add(row);
        }

        public void EndSentence()
        {
            if (tokens.Count == first) return;
            sentences.Add(new TokenRange(first, tokens.Count));
            first = tokens.Count;
        }

        public void Flush(List<ConllDocument> documents)
        {
            EndSentence();
            if (tokens.Count > 0)
            {
                documents.Add(new ConllDocument(
                    Id ?? $"{documents.Count + 1}", text.ToString(), [.. tokens], [.. sentences], [.. tags], [.. rows]));
            }

            text.Clear();
            tokens.Clear();
            sentences.Clear();
            tags.Clear();
            rows.Clear();
            first = 0;
            Id = null;
        }
    }
}
