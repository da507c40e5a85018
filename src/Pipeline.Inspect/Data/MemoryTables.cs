using Pipeline.Writing;

namespace Pipeline.Inspect.Data;

/// <summary>
/// The tables as memory holds them, so that a million rows answer at once: of each facet a whole number (its code), the words that are
/// searched in small letters, and what a row shows. Values of facets stand once, in dictionaries <c>mem.d_TABLE_FACET</c>, numbered in
/// the order of their values. Only SQL; <see cref="OutputStore"/> runs it.
/// </summary>
internal static class MemoryTables
{
    private const string Yes = "yes";

    /// <summary>Up to so many values are told apart one by one, more by a join.</summary>
    private const int MostCases = 20;

    /// <summary>The dictionary of a facet.</summary>
    public static string DictionaryOf(TableView view, Facet facet) => facet.OfArticle ? $"mem.d_{facet.Name}" : $"mem.d_{view.Name}_{facet.Name}";

    /// <summary>Articles, with the codes of what their sentences, entities and dates are chosen by; each statement is to be run before the next is asked for.</summary>
    /// <param name="values">Gives the values of a dictionary in the order of their codes.</param>
    public static IEnumerable<string> Articles(Func<string, IReadOnlyList<string>> values)
    {
        var facets = TableView.Named("sentences")!.Facets.Where(facet => facet.OfArticle).ToList();
        yield return "CREATE TABLE mem.read_articles AS SELECT * EXCLUDE (text) FROM file_articles";
        foreach (var facet in facets)
            yield return Dictionary($"mem.d_{facet.Name}", $"SELECT DISTINCT {facet.Sql} AS v FROM mem.read_articles");
        yield return $"CREATE TABLE mem.articles AS SELECT a.*, {string.Join(", ", facets.Select(f => $"d_{f.Name}.code::{TypeOf(values($"mem.d_{f.Name}").Count)} AS c_{f.Name}"))} FROM mem.read_articles a "
            + string.Join(" ", facets.Select(f => $"LEFT JOIN mem.d_{f.Name} d_{f.Name} ON a.{f.Sql} = d_{f.Name}.v"));
        yield return "DROP TABLE mem.read_articles";
    }

    /// <summary>A table of many rows; each statement is to be run before the next is asked for.</summary>
    /// <param name="view">Which.</param>
    /// <param name="table">Its columns.</param>
    /// <param name="labels">The roles.</param>
    /// <param name="values">Gives the values of a dictionary in the order of their codes.</param>
    /// <param name="describe">Gives the columns of a question and their types.</param>
    public static IEnumerable<string> Rows(
        TableView view, Table table, IReadOnlyList<string> labels, Func<string, IReadOnlyList<string>> values, Func<string, IReadOnlyList<(string Name, string Type)>> describe)
    {
        var own = OwnFacets(view);
        var source = $"(SELECT *, false AS corrected FROM raw_{view.Name})";
        var open = own.Where(f => !f.Closed).ToList();
        if (open.Count > 0)
            yield return $"CREATE TABLE mem.met_{view.Name} AS SELECT DISTINCT {string.Join(", ", open.Select(f => $"{f.Sql} AS c_{f.Name}"))} FROM {source}";
        var codes = new List<string>();
        var keys = new List<string> { "*" };
        var joins = new List<string>();
        foreach (var facet in own)
        {
            var known = facet.Name == "role" ? labels : facet.Known ?? [];
            var list = $"SELECT unnest([{string.Join(", ", known.Select(OutputStore.Quoted))}]::VARCHAR[]) AS v";
            yield return Dictionary(DictionaryOf(view, facet), facet.Closed ? list : $"SELECT c_{facet.Name} AS v FROM mem.met_{view.Name} UNION {list}");
            var all = values(DictionaryOf(view, facet));
            if (all.Count <= MostCases)
            {
                codes.Add($"(CASE {facet.Sql} {string.Join(" ", all.Select((value, code) => $"WHEN {OutputStore.Quoted(value)} THEN {code}"))} END)::{TypeOf(all.Count)} AS c_{facet.Name}");
            }
            else
            {
                codes.Add($"d_{facet.Name}.code::{TypeOf(all.Count)} AS c_{facet.Name}");
                joins.Add($"LEFT JOIN {DictionaryOf(view, facet)} d_{facet.Name} ON r.k_{facet.Name} = d_{facet.Name}.v");
                keys.Add($"{facet.Sql} AS k_{facet.Name}");
            }
        }

        if (open.Count > 0)
            yield return $"DROP TABLE mem.met_{view.Name}";
        var columns = table.Columns.Where(c => c.Name is not ("article_id" or "why") && !own.Exists(f => f.Sql == c.Name)).Select(c => (c.Type, c.Name) switch
        {
            (ColumnType.Integer, _) => $"r.{OutputStore.Named(c.Name)}::INTEGER AS {OutputStore.Named(c.Name)}",
            (ColumnType.Number, not "confidence") => $"r.{OutputStore.Named(c.Name)}::FLOAT AS {OutputStore.Named(c.Name)}",
            _ => $"r.{OutputStore.Named(c.Name)}",
        });
        // The joined tables must stand on the right: they are the small ones, which the database cannot know of a file.
        var rows = $"""
            SELECT r.n::INTEGER AS n, a.n::INTEGER AS a, a.date, false AS deleted,
            {string.Join(", ", view.Facets.Where(f => f.OfArticle).Select(f => $"a.c_{f.Name}"))},
            {string.Join(", ", codes)}{(Corrected(view) is { } fixable ? $", c_{fixable.Name} AS b_{fixable.Name}" : "")},
            {string.Join(", ", columns)}, {string.Join(" || chr(10) || ", SearchedHere(view).Select(c => $"lower(r.{OutputStore.Named(c)})"))} AS low
            FROM (SELECT {string.Join(", ", keys)} FROM {source}) r LEFT JOIN mem.articles a USING (article_id) {string.Join(" ", joins)}
            """;
        // Sentences are not compressed where they are searched: they are read whole each time. Names and dates repeat, so that compressed ones are searched faster.
        yield return $"CREATE TABLE mem.{view.Name} ({string.Join(", ", describe(rows).Select(c => $"{OutputStore.Named(c.Name)} {c.Type}{(c.Name == "low" && view.Name == "sentences" ? " USING COMPRESSION uncompressed" : "")}"))})";
        yield return $"INSERT INTO mem.{view.Name} {rows}";
    }

    /// <summary>The numbers of a table's rows in the order of their texts.</summary>
    public static string OrderOf(TableView view) => $"mem.o_{view.Name}";

    /// <summary>Makes <see cref="OrderOf"/>.</summary>
    public static string Order(TableView view) => $"CREATE TABLE {OrderOf(view)} AS SELECT n FROM mem.{view.Name} ORDER BY lower(\"text\"), n";

    /// <summary>That the words <c>$q</c> stand in one of the searched columns.</summary>
    public static string Search(TableView view)
    {
        var parts = OwnFacets(view).Where(f => view.Search.Contains(f.Sql))
            .Select(f => $"c_{f.Name} IN (SELECT code FROM {DictionaryOf(view, f)} WHERE contains(lower(v), $q))");
        return $"({string.Join(" OR ", parts.Prepend("contains(low, $q)"))})";
    }

    /// <summary>The view of such a table, with the columns that the file has, corrections laid over them.</summary>
    public static string View(TableView view)
    {
        var bare = OwnFacets(view).Where(f => IsColumn(f.Sql)).ToList();
        var fixable = Corrected(view);
        var before = fixable is null ? "" : $", before.v AS {fixable.Sql}_before, d_corrected.v = '{Yes}' AS corrected";
        var joins = bare.Select(f => $"LEFT JOIN {DictionaryOf(view, f)} d_{f.Name} ON t.c_{f.Name} = d_{f.Name}.code");
        if (fixable is not null)
        {
            joins = joins.Append($"LEFT JOIN {DictionaryOf(view, fixable)} before ON t.b_{fixable.Name} = before.code")
                .Append($"LEFT JOIN mem.d_{view.Name}_corrected d_corrected ON t.c_corrected = d_corrected.code");
        }

        return $"""
            CREATE OR REPLACE VIEW {view.Name} AS SELECT t.* EXCLUDE (low), a.article_id, a.title, a.source_group, a.year, {string.Join(", ", bare.Select(f => $"d_{f.Name}.v AS {f.Sql}"))}{before}
            FROM mem.{view.Name} t LEFT JOIN mem.articles a ON t.a = a.n {string.Join(" ", joins)} WHERE NOT t.deleted
            """;
    }

    /// <summary>Lays all corrections over a table; the fixes stand in <c>role_fix</c> and <c>entity_fix</c>.</summary>
    public static IEnumerable<string> Corrections(TableView view, string where = "true")
    {
        if (Corrected(view) is not { } facet)
            yield break;
        var (fixes, key) = view.Name == "sentences" ? ("role_fix", "sentence_id") : ("entity_fix", "start");
        yield return $"""
            UPDATE mem.{view.Name} AS t SET deleted = f.{facet.Sql} = '', c_{facet.Name} = coalesce(d.code, t.b_{facet.Name}), c_corrected = (SELECT code FROM mem.d_{view.Name}_corrected WHERE v = '{Yes}')
            FROM {fixes} f JOIN mem.articles a USING (article_id) LEFT JOIN {DictionaryOf(view, facet)} d ON f.{facet.Sql} = d.v
            WHERE t.a = a.n AND t.{key} = f.{key} AND {where}
            """;
    }

    /// <summary>Takes the correction of one row back: <c>$a</c> is the article, <c>$k</c> the sentence's number or the entity's start.</summary>
    public static string Uncorrect(TableView view)
    {
        var facet = Corrected(view)!;
        return $"""
            UPDATE mem.{view.Name} SET deleted = false, c_{facet.Name} = b_{facet.Name}, c_corrected = (SELECT code FROM mem.d_{view.Name}_corrected WHERE v = 'no')
            WHERE a = (SELECT n FROM mem.articles WHERE article_id = $a) AND {(view.Name == "sentences" ? "sentence_id" : "start")} = $k
            """;
    }

    /// <summary>What a column is sorted by.</summary>
    public static string SortOf(TableView view, string column) =>
        OwnFacets(view).Find(f => f.Sql == column) is { } facet ? $"c_{facet.Name}" : column == view.Search[0] ? "low" : OutputStore.Named(column);

    /// <summary>Searched columns that are no facets; the others are searched in their dictionaries.</summary>
    private static IEnumerable<string> SearchedHere(TableView view) => view.Search.Where(column => !OwnFacets(view).Exists(f => f.Sql == column));

    private static List<Facet> OwnFacets(TableView view) => [.. view.Facets.Where(facet => !facet.OfArticle)];

    private static bool IsColumn(string sql) => sql.All(c => char.IsAsciiLetter(c) || c == '_');

    /// <summary>The facet whose values people correct.</summary>
    private static Facet? Corrected(TableView view) => view.Name switch
    {
        "sentences" => view.Facets.First(f => f.Name == "role"),
        "entities" => view.Facets.First(f => f.Name == "type"),
        _ => null,
    };

    private static string TypeOf(int count) => count switch { <= 255 => "UTINYINT", <= 65_535 => "USMALLINT", _ => "INTEGER" };

    private static string Dictionary(string name, string values) =>
        $"CREATE TABLE {name} AS SELECT v, (row_number() OVER (ORDER BY v) - 1)::INTEGER AS code FROM ({values})";
}
