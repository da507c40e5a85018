using Pipeline.Classifying;
using Pipeline.Cleaning;
using Pipeline.Entities;
using Pipeline.Segmenting;

namespace Pipeline.Writing;

/// <summary>
/// Writes what was found in an article as rows. They stand until the next article is formatted, so that nothing is copied
/// on the way to the tables. Not thread-safe; made to be reused.
/// </summary>
internal sealed class ArticleRows(bool withTokens, bool withWhy) : IDisposable
{
    private static readonly string[] TagNames = [.. Enum.GetNames<Upos>().Select(name => name.ToUpperInvariant())];
    private readonly CsvTable table = new();
    private int sentencesEnd, entitiesEnd, datesEnd, tokensEnd;

    /// <summary>The article's rows of <c>sentences.csv</c>.</summary>
    public ReadOnlySpan<byte> Sentences => table.Slice(0, sentencesEnd);

    /// <summary>Its rows of <c>entities.csv</c>.</summary>
    public ReadOnlySpan<byte> Entities => table.Slice(sentencesEnd, entitiesEnd);

    /// <summary>Its rows of <c>dates.csv</c>.</summary>
    public ReadOnlySpan<byte> Dates => table.Slice(entitiesEnd, datesEnd);

    /// <summary>Its rows of <c>tokens.csv</c>.</summary>
    public ReadOnlySpan<byte> Tokens => table.Slice(datesEnd, tokensEnd);

    /// <summary>Memory that it holds on to, in bytes.</summary>
    public int Capacity => table.Capacity;

    /// <summary>Writes all rows but the article's own, which waits for <c>duplicate_of</c>.</summary>
    public void Format(ArticleResult result)
    {
        table.Clear();
        var points = new CodePoints(result.Article.Text);
        WriteSentences(result, points);
        sentencesEnd = table.Length;
        WriteEntities(result, points);
        entitiesEnd = table.Length;
        WriteDates(result, points);
        datesEnd = table.Length;
        if (withTokens)
            WriteTokens(result, points);
        tokensEnd = table.Length;
    }

    /// <summary>The article's own row, in place of what was formatted before.</summary>
    public ReadOnlySpan<byte> Article(ArticleResult result, string sha256, string? duplicateOf)
    {
        table.Clear();
        var text = result.Article.Article;
        table.Text(text.Article.Id);
        table.Text(text.Article.Source);
        table.Text(text.Title);
        table.Text(text.Author);
        table.Date(text.Date);
        table.Text(NameOf(text.DateFrom));
        table.Text(text.Url);
        table.Text(text.Language);
        table.Integer(ParagraphsOf(result));
        table.Integer(result.Article.Sentences.Count);
        table.Integer(result.Article.Tokens.Length);
        table.Text(sha256);
        table.Text(duplicateOf);
        table.Text(text.Text);
        table.EndRow();
        return table.Slice(0, table.Length);
    }

    public ReadOnlySpan<byte> Error(string source, string stage, string error)
    {
        table.Clear();
        table.Text(source);
        table.Text(stage);
        table.Text(error);
        table.EndRow();
        return table.Slice(0, table.Length);
    }

    public ReadOnlySpan<byte> Header(Table of)
    {
        table.Clear();
        foreach (var column in of.Columns)
            table.Text(column.Name);
        table.EndRow();
        return table.Slice(0, table.Length);
    }

    public void Dispose() => table.Dispose();

    public static string NameOf(DateSource source) => source switch
    {
        DateSource.None => "none",
        DateSource.Metadata => "metadata",
        DateSource.Url => "url",
        DateSource.Dateline => "dateline",
        DateSource.Text => "text",
        DateSource.Option => "option",
        _ => throw new ArgumentOutOfRangeException(nameof(source)),
    };

    public static string NameOf(EntityType type) => type switch
    {
        EntityType.Person => "PERSON",
        EntityType.Org => "ORG",
        EntityType.Gpe => "GPE",
        EntityType.Loc => "LOC",
        EntityType.Norp => "NORP",
        EntityType.Event => "EVENT",
        EntityType.Law => "LAW",
        EntityType.Misc => "MISC",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    public static string NameOf(Upos tag) => TagNames[(int)tag];

    public static string NameOf(Pipeline.Dates.TimexType type) => type switch
    {
        Pipeline.Dates.TimexType.Date => "DATE",
        Pipeline.Dates.TimexType.Time => "TIME",
        Pipeline.Dates.TimexType.Duration => "DURATION",
        Pipeline.Dates.TimexType.Set => "SET",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>Number of paragraphs of the body.</summary>
    public static int ParagraphsOf(ArticleResult result)
    {
        var paragraphs = 0;
        foreach (var block in result.Article.Article.Blocks)
        {
            if (block.Kind == BlockKind.Paragraph)
                paragraphs++;
        }

        return paragraphs;
    }

    /// <summary>
    /// Probabilities in ten-thousandths that add up to exactly one: each rounded down, the rest given to the largest
    /// remainders (largest remainder method), earlier labels first among equals.
    /// </summary>
    public static void TenThousandths(RoledSentence sentence, Span<int> result)
    {
        Span<double> remainders = stackalloc double[result.Length];
        var left = 10_000;
        for (var i = 0; i < result.Length; i++)
        {
            var exact = sentence.Probabilities[i] * 10_000;
            result[i] = Math.Clamp((int)exact, 0, left);
            remainders[i] = exact - result[i];
            left -= result[i];
        }

        for (; left > 0; left--)
        {
            var best = 0;
            for (var i = 1; i < result.Length; i++)
            {
                if (remainders[i] > remainders[best])
                    best = i;
            }

            result[best]++;
            remainders[best]--;
        }
    }

    public static int TenThousandths(double probability) => Math.Clamp((int)Math.Round(probability * 10_000), 0, 10_000);

    private void WriteSentences(ArticleResult result, CodePoints points)
    {
        var article = result.Article;
        var id = article.Article.Article.Id;
        var probabilities = new int[result.Roles.Count > 0 ? result.Roles[0].Probabilities.Count : 0];
        for (var i = 0; i < article.Sentences.Count; i++)
        {
            var sentence = article.Sentences[i];
            var role = result.Roles[i];
            TenThousandths(role, probabilities);
            table.Text(id);
            table.Integer(i + 1);
            table.Integer(sentence.Paragraph);
            table.Text(sentence.Section);
            table.Integer(points.At(sentence.Span.Start));
            table.Integer(points.At(sentence.Span.End));
            table.Text(role.Role);
            table.Probability(ConfidenceOf(role, probabilities));
            foreach (var probability in probabilities)
                table.Probability(probability);
            if (withWhy)
                table.Text(role.Why);
            table.Text(sentence.Span.In(article.Text));
            table.EndRow();
        }
    }

    /// <summary>The chosen label's probability as its own column shows it.</summary>
    public static int ConfidenceOf(RoledSentence role, int[] probabilities)
    {
        for (var i = 0; i < probabilities.Length; i++)
        {
            if (role.Probabilities[i].Equals(role.Confidence))
                return probabilities[i];
        }

        return TenThousandths(role.Confidence);
    }

    private void WriteEntities(ArticleResult result, CodePoints points)
    {
        var id = result.Article.Article.Article.Id;
        foreach (var mention in result.Entities)
        {
            Mention(id, mention.Sentence, mention.Span, result.Article.Text, points);
            table.Text(NameOf(mention.Type));
            table.Text(mention.Canonical);
            table.Text(mention.Country);
            table.Probability(TenThousandths(mention.Confidence));
            table.EndRow();
        }
    }

    private void WriteDates(ArticleResult result, CodePoints points)
    {
        var id = result.Article.Article.Article.Id;
        foreach (var mention in result.Dates)
        {
            Mention(id, mention.Sentence, mention.Span, result.Article.Text, points);
            table.Text(NameOf(mention.Type));
            table.Text(mention.Value);
            table.Text(mention.Mod);
            table.Date(mention.Earliest);
            table.Date(mention.Latest);
            table.EndRow();
        }
    }

    private void Mention(string id, int sentence, TextSpan span, string text, CodePoints points)
    {
        table.Text(id);
        table.Integer(sentence + 1);
        table.Integer(points.At(span.Start));
        table.Integer(points.At(span.End));
        table.Text(span.In(text));
    }

    private void WriteTokens(ArticleResult result, CodePoints points)
    {
        var article = result.Article;
        var id = article.Article.Article.Id;
        for (var i = 0; i < article.Sentences.Count; i++)
        {
            var sentence = article.Sentences[i];
            for (var j = sentence.FirstToken; j < sentence.EndToken; j++)
            {
                var token = article.Tokens.Span[j];
                table.Text(id);
                table.Integer(i + 1);
                table.Integer(j - sentence.FirstToken + 1);
                table.Integer(points.At(token.Start));
                table.Integer(points.At(token.End));
                table.Text(token.In(article.Text));
                table.Text(result.PartsOfSpeech is { } tags ? NameOf(tags[j]) : null);
                table.EndRow();
            }
        }
    }
}
