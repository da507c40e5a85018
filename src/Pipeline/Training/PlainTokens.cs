using Pipeline.Cleaning;
using Pipeline.Reading;
using Pipeline.Segmenting;

namespace Pipeline.Training;

/// <summary>Puts sentences that are already cut into an article.</summary>
internal static class PlainTokens
{
    internal readonly record struct Cut(string Text, string Section, int Paragraph);

    public static SegmentedArticle Segment(string id, string source, string? title, IReadOnlyList<Cut> cuts)
    {
        var text = new System.Text.StringBuilder();
        var sentences = new Sentence[cuts.Count];
        var tokens = new List<Token>();
        for (var i = 0; i < cuts.Count; i++)
        {
            if (i > 0)
                text.Append(cuts[i].Paragraph == cuts[i - 1].Paragraph ? " " : "\n\n");
            var start = text.Length;
            text.Append(cuts[i].Text);
            var first = tokens.Count;
            Tokenize(cuts[i].Text, start, tokens);
            sentences[i] = new Sentence(cuts[i].Paragraph, cuts[i].Section, new TextSpan(start, text.Length), first, tokens.Count);
        }

        var all = text.ToString();
        var article = new ArticleText
        {
            Article = new Article { Id = id, Source = source, Content = all, Title = title },
            Text = all,
            Title = title,
            Blocks = [],
        };
        return new SegmentedArticle(article, sentences, tokens.ToArray());
    }

    private static void Tokenize(string text, int offset, List<Token> tokens)
    {
        var i = 0;
        while (i < text.Length)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
                continue;
            }

            var start = i++;
            if (char.IsLetterOrDigit(text[start]))
            {
                while (i < text.Length && (char.IsLetterOrDigit(text[i])
                    || (text[i] is '.' or ',' && i + 1 < text.Length && char.IsLetterOrDigit(text[i + 1]) && (char.IsDigit(text[i + 1]) || text[i] == '.'))))
                {
                    i++;
                }

                if (i - start > 1 && text[i - 1] == 'n' && i + 1 < text.Length && text[i] is '\'' or '’' && text[i + 1] == 't')
                {
                    tokens.Add(new Token(offset + start, offset + i - 1));
                    start = i - 1;
                    i += 2;
                }
            }
            else if (text[start] is '\'' or '’')
            {
                while (i < text.Length && char.IsLetter(text[i]))
                    i++;
            }

            tokens.Add(new Token(offset + start, offset + i));
        }
    }
}
