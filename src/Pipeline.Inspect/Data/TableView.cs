using Pipeline.Inspect.Correcting;

namespace Pipeline.Inspect.Data;

/// <summary>A property by which rows are chosen.</summary>
/// <param name="Name">Its name in the address.</param>
/// <param name="Title">What people read.</param>
/// <param name="Sql">An expression that gives a text.</param>
/// <param name="ByCount">Whether the most frequent value comes first; else in the order of the values.</param>
/// <param name="ListSql">Instead of <paramref name="Sql"/>, an expression that gives a list, any member of which may fit.</param>
/// <param name="OfArticle">Whether it is a property of the row's article.</param>
/// <param name="Known">Values that it can take, also by a correction.</param>
/// <param name="Closed">Whether it can take no others.</param>
public sealed record Facet(
    string Name, string Title, string Sql, bool ByCount = true, string? ListSql = null, bool OfArticle = false, IReadOnlyList<string>? Known = null, bool Closed = false);

/// <summary>A table as people see it: what they can search, choose and sort by. The only source of SQL names in a query.</summary>
public sealed record TableView
{
    private const string Band = "CASE WHEN confidence < 0.4 THEN 'under 40%' WHEN confidence < 0.6 THEN '40–60%' WHEN confidence < 0.8 THEN '60–80%' WHEN confidence < 0.9 THEN '80–90%' ELSE '90% and more' END";
    private static readonly Facet Confidence = new("confidence", "Confidence", Band, ByCount: false, Known: ["under 40%", "40–60%", "60–80%", "80–90%", "90% and more"], Closed: true);
    private static readonly Facet Source = new("source", "Source", "source_group", OfArticle: true);
    private static readonly Facet Year = new("year", "Article year", "year", ByCount: false, OfArticle: true);
    private static readonly Facet Corrected = new("corrected", "Corrected", "CASE WHEN corrected THEN 'yes' ELSE 'no' END", Known: ["yes", "no"], Closed: true);

    private static readonly TableView Articles = new()
    {
        Name = "articles",
        Title = "Articles",
        From = """
            (SELECT a.*, r.top_role, r.shares, coalesce(c.countries, []) AS countries, coalesce(e.entities, 0) AS entities
             FROM articles a
             LEFT JOIN (SELECT article_id, first(role ORDER BY k DESC, role) AS top_role, map(list(role), list(k)) AS shares FROM (SELECT article_id, role, count(*) AS k FROM sentences GROUP BY ALL) GROUP BY article_id) r USING (article_id)
             LEFT JOIN (SELECT article_id, list(DISTINCT country) AS countries FROM entities WHERE country <> '' GROUP BY article_id) c USING (article_id)
             LEFT JOIN (SELECT article_id, count(*) AS entities FROM entities GROUP BY article_id) e USING (article_id))
            """,
        Count = "articles",
        Search = ["title", "source", "author"],
        Facets =
        [
            new("role", "Most sentences are", "coalesce(top_role, '')"), Source, Year,
            new("country", "Country", "", ListSql: "countries"),
            new("language", "Language", "language"),
            new("dated", "Date found in", "date_from"),
            new("copy", "Copy of another", "CASE WHEN duplicate_of = '' THEN 'no' ELSE 'yes' END"),
        ],
        Sorts = ["n", "title", "date", "source", "sentences", "tokens", "entities"],
        Columns = ["article_id", "source", "title", "author", "date", "date_from", "url", "language", "paragraphs", "sentences", "tokens", "sha256", "duplicate_of"],
    };

    private static readonly TableView Sentences = new()
    {
        Name = "sentences",
        Title = "Sentences",
        Coded = true,
        From = "sentences",
        Count = "sentences",
        Search = ["text"],
        Facets = [new("role", "Role", "role", Closed: true), Confidence, Corrected, Source, Year, new("section", "Section", "section")],
        Sorts = ["n", "confidence", "role", "date", "text"],
        Columns = ["article_id", "sentence_id", "paragraph", "section", "start", "end", "role", "confidence", "text"],
    };

    private static readonly TableView Entities = new()
    {
        Name = "entities",
        Title = "Entities",
        Coded = true,
        From = "entities",
        Count = "entities",
        Search = ["text", "canonical"],
        Facets =
        [
            new("type", "Type", "type", Known: CorrectionDesk.EntityTypes), new("country", "Country", "country"), new("name", "Name", "canonical"),
            Confidence, Corrected, Source, Year,
        ],
        Sorts = ["n", "canonical", "type", "country", "confidence", "date"],
        Columns = ["article_id", "sentence_id", "start", "end", "text", "type", "canonical", "country", "confidence"],
    };

    private static readonly TableView Dates = new()
    {
        Name = "dates",
        Title = "Dates",
        Coded = true,
        From = "dates",
        Count = "dates",
        Search = ["text", "value"],
        Facets =
        [
            new("type", "Type", "type"), new("spans", "Year it means", "coalesce(strftime(earliest, '%Y'), '')", ByCount: false),
            new("mod", "Modifier", "mod"), Source, Year,
        ],
        Sorts = ["n", "earliest", "latest", "value", "type", "text"],
        Columns = ["article_id", "sentence_id", "start", "end", "text", "type", "value", "mod", "earliest", "latest"],
    };

    private static readonly TableView Errors = new()
    {
        Name = "errors",
        Title = "Errors",
        From = "errors",
        Count = "errors",
        Search = ["source", "error"],
        Facets = [new("stage", "Stage", "stage"), new("error", "Reason", "error")],
        Sorts = ["n", "source", "stage"],
        Columns = ["source", "stage", "error"],
    };

    public static IReadOnlyList<TableView> All { get; } = [Articles, Sentences, Entities, Dates, Errors];

    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>What the rows are taken from.</summary>
    public required string From { get; init; }

    /// <summary>What the rows are counted in where nothing is chosen.</summary>
    public required string Count { get; init; }

    public required IReadOnlyList<string> Search { get; init; }

    public required IReadOnlyList<Facet> Facets { get; init; }

    /// <summary>Whether there are so many rows that memory holds them by facet codes (<see cref="MemoryTables"/>).</summary>
    public bool Coded { get; init; }

    /// <summary>What rows can be sorted by; <c>n</c> is the order of the file.</summary>
    public required IReadOnlyList<string> Sorts { get; init; }

    /// <summary>The columns of the export, in order.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    public static TableView? Named(string name) => All.FirstOrDefault(view => view.Name == name);
}
