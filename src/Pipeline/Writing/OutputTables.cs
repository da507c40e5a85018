namespace Pipeline.Writing;

internal enum ColumnType
{
    Text,
    Integer,
    Number,
    Date,
}

/// <param name="Name">Header.</param>
/// <param name="Type">Type of its values.</param>
/// <param name="Description">What it holds, for <c>datapackage.json</c>.</param>
/// <param name="Required">Whether every row has a value.</param>
internal sealed record Column(string Name, ColumnType Type, string Description, bool Required = true);

/// <param name="Name">File name without its ending.</param>
/// <param name="Description">What a row is.</param>
/// <param name="PrimaryKey">Columns that identify a row.</param>
/// <param name="Columns">In order.</param>
internal sealed record Table(string Name, string Description, string[] PrimaryKey, Column[] Columns);

/// <summary>The tables of an output folder: the one place that knows their columns.</summary>
internal static class OutputTables
{
    public const string Articles = "articles";
    public const string Sentences = "sentences";
    public const string Entities = "entities";
    public const string Dates = "dates";
    public const string Tokens = "tokens";
    public const string Errors = "errors";

    private static readonly Column ArticleId = new("article_id", ColumnType.Text, "The article.");
    private static readonly Column SentenceId = new("sentence_id", ColumnType.Integer, "The sentence: 1, 2, … in the article.");

    private static readonly Column Start = new(
        "start", ColumnType.Integer, "First character, counted in Unicode code points from 0 in the article's text.");

    private static readonly Column End = new("end", ColumnType.Integer, "Behind the last character: text[start:end] is the row's text.");

    /// <summary>The tables of one run, in the order in which they are described.</summary>
    /// <param name="labels">The role model's labels, one probability column each.</param>
    /// <param name="withTokens">Whether tokens are written.</param>
    /// <param name="withWhy">Whether the reasons of the roles are written.</param>
    public static IReadOnlyList<Table> For(IReadOnlyList<string> labels, bool withTokens, bool withWhy)
    {
        var sentences = new List<Column>
        {
            ArticleId,
            SentenceId,
            new("paragraph", ColumnType.Integer, "The paragraph: 1, 2, … in the article."),
            new("section", ColumnType.Text, "The headings that the sentence stands under, outermost first, joined by ' > '.", false),
            Start,
            End,
            new("role", ColumnType.Text, "The job that the sentence does in the article."),
            new("confidence", ColumnType.Number, "Calibrated probability of the role."),
        };
        sentences.AddRange(labels.Select(label => new Column("p_" + label, ColumnType.Number, $"Probability of the role '{label}'.")));
        if (withWhy)
            sentences.Add(new("why", ColumnType.Text, "The strongest reasons for the role against the runner-up.", false));
        sentences.Add(new("text", ColumnType.Text, "The sentence."));

        var tables = new List<Table>
        {
            new(Articles, "One row an article.", ["article_id"],
            [
                ArticleId with { Description = "Stable identifier, made of the source." },
                new("source", ColumnType.Text, "Relative path of the file; path#id or path#line for a record of a file of many."),
                new("title", ColumnType.Text, "Headline.", false),
                new("author", ColumnType.Text, "Authors, separated by '; '.", false),
                new("date", ColumnType.Date, "Publication date.", false),
                new("date_from", ColumnType.Text, "Where the date was found: metadata, url, dateline, text, option, none."),
                new("url", ColumnType.Text, "Address of the page.", false),
                new("language", ColumnType.Text, "BCP 47 language tag.", false),
                new("paragraphs", ColumnType.Integer, "Number of paragraphs of the body."),
                new("sentences", ColumnType.Integer, "Number of sentences of the body."),
                new("tokens", ColumnType.Integer, "Number of tokens of the body."),
                new("sha256", ColumnType.Text, "SHA-256 of the text column in UTF-8, hexadecimal."),
                new("duplicate_of", ColumnType.Text, "The first earlier article with the same or nearly the same text.", false),
                new("text", ColumnType.Text, "The body: headings and paragraphs, an empty line between them.", false),
            ]),
            new(Sentences, "One row a sentence of the body.", ["article_id", "sentence_id"], [.. sentences]),
            new(Entities, "One row a named mention.", ["article_id", "start"],
            [
                ArticleId,
                SentenceId,
                Start,
                End,
                new("text", ColumnType.Text, "The mention."),
                new("type", ColumnType.Text, "PERSON, ORG, GPE, LOC, NORP, EVENT, LAW or MISC."),
                new("canonical", ColumnType.Text, "One name for all mentions of the same thing in the article."),
                new("country", ColumnType.Text, "ISO 3166-1 alpha-3 code of the state it belongs to.", false),
                new("confidence", ColumnType.Number, "Calibrated probability that span and type are right."),
            ]),
            new(Dates, "One row a temporal expression.", ["article_id", "start"],
            [
                ArticleId,
                SentenceId,
                Start,
                End,
                new("text", ColumnType.Text, "The expression."),
                new("type", ColumnType.Text, "TIMEX3 type: DATE, TIME, DURATION or SET."),
                new("value", ColumnType.Text, "TIMEX3 value."),
                new("mod", ColumnType.Text, "TIMEX3 modifier.", false),
                new("earliest", ColumnType.Date, "First day that the value spans.", false),
                new("latest", ColumnType.Date, "Last day that the value spans.", false),
            ]),
        };
        if (withTokens)
        {
            tables.Add(new(Tokens, "One row a token.", ["article_id", "sentence_id", "token_id"],
            [
                ArticleId,
                SentenceId,
                new("token_id", ColumnType.Integer, "The token: 1, 2, … in the sentence."),
                Start,
                End,
                new("text", ColumnType.Text, "The token."),
                new("pos", ColumnType.Text, "Universal part-of-speech tag.", false),
            ]));
        }

        tables.Add(new(Errors, "One row an input that could not become an article.", [],
        [
            new("source", ColumnType.Text, "The input."),
            new("stage", ColumnType.Text, "The stage that refused it."),
            new("error", ColumnType.Text, "What is wrong and how to mend it."),
        ]));
        return tables;
    }
}
