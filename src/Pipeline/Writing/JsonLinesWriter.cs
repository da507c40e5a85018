using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pipeline.Writing;

/// <summary>
/// One JSON object an article, as <c>--out -</c> writes it: the columns of <c>articles.csv</c>, with the rows of the
/// other tables as arrays inside; an input that failed is an object with <c>source</c>, <c>stage</c>, <c>error</c>.
/// Not thread-safe; made to be reused.
/// </summary>
internal sealed class JsonLinesWriter(IReadOnlyList<string> labels, bool withTokens, bool withWhy) : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private readonly MemoryStream bytes = new();
    private readonly int[] probabilities = new int[labels.Count];

    /// <param name="result">What was found.</param>
    /// <param name="sha256">Hash of the text.</param>
    /// <param name="duplicateOf">The earlier article that this is a copy of.</param>
    /// <param name="skipped">Whether the arrays are left out.</param>
    public byte[] Article(ArticleResult result, string sha256, string? duplicateOf, bool skipped)
    {
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            var text = result.Article.Article;
            var points = new CodePoints(text.Text);
            json.WriteStartObject();
            json.WriteString("article_id", text.Article.Id);
            json.WriteString("source", text.Article.Source);
            json.WriteString("title", text.Title);
            json.WriteString("author", text.Author);
            json.WriteString("date", Iso(text.Date));
            json.WriteString("date_from", ArticleRows.NameOf(text.DateFrom));
            json.WriteString("url", text.Url);
            json.WriteString("language", text.Language);
            json.WriteNumber("paragraphs", ArticleRows.ParagraphsOf(result));
            json.WriteString("sha256", sha256);
            json.WriteString("duplicate_of", duplicateOf);
            json.WriteString("text", text.Text);
            if (!skipped)
            {
                Sentences(json, result, points);
                Entities(json, result, points);
                Dates(json, result, points);
            }

            json.WriteEndObject();
        }

        return Take();
    }

    public byte[] Error(string source, string stage, string error)
    {
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("source", source);
            json.WriteString("stage", stage);
            json.WriteString("error", error);
            json.WriteEndObject();
        }

        return Take();
    }

    public void Dispose() => bytes.Dispose();

    private static string? Iso(DateOnly? date) => date?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static void Probability(Utf8JsonWriter json, string name, int tenThousandths) =>
        json.WriteNumber(name, new decimal(tenThousandths, 0, 0, false, 4));

    private static void Span(Utf8JsonWriter json, int sentence, TextSpan span, string text, CodePoints points)
    {
        json.WriteNumber("sentence_id", sentence + 1);
        json.WriteNumber("start", points.At(span.Start));
        json.WriteNumber("end", points.At(span.End));
        json.WriteString("text", span.In(text));
    }

    private byte[] Take()
    {
        bytes.WriteByte((byte)'\n');
        var taken = bytes.ToArray();
        bytes.SetLength(0);
        return taken;
    }

    private void Sentences(Utf8JsonWriter json, ArticleResult result, CodePoints points)
    {
        var article = result.Article;
        json.WriteStartArray("sentences");
        for (var i = 0; i < article.Sentences.Count; i++)
        {
            var sentence = article.Sentences[i];
            var role = result.Roles[i];
            ArticleRows.TenThousandths(role, probabilities);
            json.WriteStartObject();
            json.WriteNumber("sentence_id", i + 1);
            json.WriteNumber("paragraph", sentence.Paragraph);
            json.WriteString("section", sentence.Section);
            json.WriteNumber("start", points.At(sentence.Span.Start));
            json.WriteNumber("end", points.At(sentence.Span.End));
            json.WriteString("role", role.Role);
            Probability(json, "confidence", ArticleRows.ConfidenceOf(role, probabilities));
            for (var label = 0; label < labels.Count; label++)
                Probability(json, "p_" + labels[label], probabilities[label]);
            if (withWhy)
                json.WriteString("why", role.Why);
            json.WriteString("text", sentence.Span.In(article.Text));
            if (withTokens)
                Tokens(json, result, sentence, points);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Tokens(Utf8JsonWriter json, ArticleResult result, Segmenting.Sentence sentence, CodePoints points)
    {
        json.WriteStartArray("tokens");
        for (var i = sentence.FirstToken; i < sentence.EndToken; i++)
        {
            var token = result.Article.Tokens.Span[i];
            json.WriteStartObject();
            json.WriteNumber("start", points.At(token.Start));
            json.WriteNumber("end", points.At(token.End));
            json.WriteString("text", token.In(result.Article.Text));
            if (result.PartsOfSpeech is { } tags)
                json.WriteString("pos", ArticleRows.NameOf(tags[i]));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Entities(Utf8JsonWriter json, ArticleResult result, CodePoints points)
    {
        json.WriteStartArray("entities");
        foreach (var mention in result.Entities)
        {
            json.WriteStartObject();
            Span(json, mention.Sentence, mention.Span, result.Article.Text, points);
            json.WriteString("type", ArticleRows.NameOf(mention.Type));
            json.WriteString("canonical", mention.Canonical);
            json.WriteString("country", mention.Country);
            Probability(json, "confidence", ArticleRows.TenThousandths(mention.Confidence));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Dates(Utf8JsonWriter json, ArticleResult result, CodePoints points)
    {
        json.WriteStartArray("dates");
        foreach (var mention in result.Dates)
        {
            json.WriteStartObject();
            Span(json, mention.Sentence, mention.Span, result.Article.Text, points);
            json.WriteString("type", ArticleRows.NameOf(mention.Type));
            json.WriteString("value", mention.Value);
            json.WriteString("mod", mention.Mod);
            json.WriteString("earliest", Iso(mention.Earliest));
            json.WriteString("latest", Iso(mention.Latest));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
