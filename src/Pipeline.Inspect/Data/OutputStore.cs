using System.Globalization;
using DuckDB.NET.Data;
using Pipeline.Writing;

namespace Pipeline.Inspect.Data;

/// <summary>
/// An output folder, asked by SQL straight over its CSV or Parquet files. Views <c>articles</c>, <c>sentences</c>, <c>entities</c>,
/// <c>dates</c> and <c>errors</c> have the corrections laid over them; the files themselves are only read. Safe to share
/// between threads.
/// </summary>
internal sealed class OutputStore : IDisposable
{
    /// <summary>What people filter and sort by is kept in memory (<see cref="MemoryTables"/>) of tables up to this size, all together.</summary>
    private const long MemoryLimit = 1_500_000_000;

    private const int ShortLine = 4_000_000;
    private const int LongestLine = 48_000_000;

    private readonly DuckDBConnection root;
    private readonly Lock rootLock = new();
    private readonly Lock laying = new();
    private readonly Dictionary<string, string> files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TaskCompletionSource> reading = new(StringComparer.Ordinal);
    private readonly HashSet<string> inMemory = new(StringComparer.Ordinal);
    private readonly HashSet<string> stale = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Version, object Answer)> remembered = new(StringComparer.Ordinal);
    private IReadOnlyDictionary<string, long>? runCounts;
    private long version;
    private int longestLine = ShortLine;

    private OutputStore(string folder, DuckDBConnection root)
    {
        Folder = folder;
        this.root = root;
    }

    /// <summary>The output folder.</summary>
    public string Folder { get; }

    /// <summary>The role labels, in the order of their keys: the guide's three first, then as the file has them.</summary>
    public IReadOnlyList<string> Labels { get; private set; } = [];

    /// <summary>The role labels in the order of the file's columns.</summary>
    private List<string> FileLabels { get; set; } = [];

    /// <summary>Whether roles come with reasons.</summary>
    public bool HasReasons { get; private set; }

    /// <summary>Whether a table is asked in memory; until then each question reads the file anew.</summary>
    public bool IsInMemory(string table)
    {
        lock (reading)
            return inMemory.Contains(table);
    }

    /// <summary>Whether a table is on its way into memory, so that a question is better asked a moment later.</summary>
    public bool IsReading(string table)
    {
        lock (reading)
            return reading.TryGetValue(table, out var task) && !task.Task.IsCompleted;
    }

    /// <summary>Completes when no table of these is on its way into memory, whether it got there or not.</summary>
    public Task WhenReadAsync(params ReadOnlySpan<string> tables)
    {
        lock (reading)
        {
            var tasks = new List<Task>();
            foreach (var table in tables)
            {
                if (reading.TryGetValue(table, out var task))
                    tasks.Add(task.Task);
            }

            return Task.WhenAll(tasks);
        }
    }

    /// <summary>Opens a complete output.</summary>
    /// <exception cref="UserFileException">There is no output of 'pipeline extract' in the folder.</exception>
    public static OutputStore Open(string folder)
    {
        folder = Path.GetFullPath(folder);
        var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        var store = new OutputStore(folder, connection);
        try
        {
            store.FindFiles();
            store.Lock();
            store.CreateViews();
            return store;
        }
        catch (DuckDBException e)
        {
            store.Dispose();
            throw new UserFileException(folder, 0, $"the tables cannot be read ({FirstLine(e.Message)}); were they changed by hand? Run 'pipeline extract' again", e);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Says that <see cref="ReadIntoMemory"/> will come.</summary>
    public void ExpectMemory()
    {
        if (SizeOfFiles > MemoryLimit)
            return;
        lock (reading)
        {
            foreach (var table in files.Keys)
                reading[table] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Reads what people filter and sort by into memory, if it is not too much. Questions may be asked meanwhile.</summary>
    public void ReadIntoMemory(CancellationToken stop)
    {
        try
        {
            if (SizeOfFiles > MemoryLimit)
                return;
            using var connection = Connect();
            Run(connection, "SET disabled_optimizers = 'join_order,build_side_probe_side'");
            RunAll(connection, MemoryTables.Articles(ValuesOf), stop);
            Switch(connection, "articles", ["CREATE OR REPLACE VIEW articles AS SELECT * FROM mem.articles"]);
            try
            {
                ReadRows(["sentences", "entities", "dates"], stop);
            }
            finally
            {
                Run(connection, "SET disabled_optimizers = ''");
            }

            RunAll(connection, [$"CREATE TABLE mem.article_rows AS SELECT * FROM {TableView.Named("articles")!.From}"], stop);
            Switch(connection, "article_rows", []);
            ReadOrders(connection, stop);
        }
        finally
        {
            List<TaskCompletionSource> waited;
            lock (reading)
                waited = [.. reading.Values];
            foreach (var task in waited)
                task.TrySetResult();
        }
    }

    /// <summary>As <see cref="ReadIntoMemory"/>; where memory is too short, the tables stay on disk.</summary>
    public void TryReadIntoMemory(CancellationToken stop)
    {
        try
        {
            ReadIntoMemory(stop);
        }
        catch (DuckDBException)
        {
        }
    }

    private long SizeOfFiles => files.Values.Sum(file => new FileInfo(file).Length * Growth(file));

    /// <summary>How much larger a table is as CSV.</summary>
    private static int Growth(string file) => Path.GetExtension(file) switch { ".gz" or ".zst" => 4, ".parquet" => 8, _ => 1 };

    private void ReadRows(IEnumerable<string> names, CancellationToken stop)
    {
        using var connection = Connect();
        var tables = OutputTables.For(FileLabels, withTokens: false, withWhy: HasReasons);
        // One after the other, each compressed before the next: uncompressed they would not fit together.
        foreach (var view in names.Select(name => TableView.Named(name)!))
        {
            RunAll(connection, MemoryTables.Rows(view, tables.First(table => table.Name == view.Name), Labels, ValuesOf, ColumnsAndTypes), stop);
            Switch(connection, view.Name, [.. MemoryTables.Corrections(view), MemoryTables.View(view)]);
            Compress(connection);
        }
    }

    /// <summary>Rows are compressed by a checkpoint; while somebody writes it has to wait for the next.</summary>
    private static void Compress(DuckDBConnection connection)
    {
        try
        {
            Run(connection, "CHECKPOINT mem");
        }
        catch (DuckDBException)
        {
        }
    }

    /// <summary>Rows sorted by text come from an order that is made once; where memory is too short for that, each question sorts.</summary>
    private void ReadOrders(DuckDBConnection connection, CancellationToken stop)
    {
        foreach (var view in TableView.All.Where(view => view.Coded && view.Sorts.Contains("text")))
        {
            try
            {
                RunAll(connection, [MemoryTables.Order(view)], stop);
                lock (reading)
                    inMemory.Add(MemoryTables.OrderOf(view));
            }
            catch (DuckDBException e) when (e.Message.Contains("Out of Memory", StringComparison.OrdinalIgnoreCase))
            {
            }
        }
    }

    /// <summary>An answer that holds until a correction or another table in memory changes it; asked once.</summary>
    public T Remember<T>(string key, Func<T> ask)
        where T : class
    {
        Lazy<T> answer;
        lock (reading)
        {
            if (remembered.TryGetValue(key, out var known) && known.Version == version)
            {
                answer = (Lazy<T>)known.Answer;
            }
            else
            {
                answer = new Lazy<T>(ask);
                remembered[key] = (version, answer);
            }
        }

        return answer.Value;
    }

    private void Forget()
    {
        lock (reading)
            version++;
    }

    /// <summary>Whether counts are known before anything is read.</summary>
    public bool HasWrittenCounts => RunCounts.Count > 0;

    private IReadOnlyDictionary<string, long> RunCounts => runCounts ??= WrittenCounts.Read(Folder);

    /// <summary>How many rows a table has; before it is in memory, as the run has written down.</summary>
    public long Count(TableView view)
    {
        if (!IsInMemory(view.Name))
        {
            if (RunCounts.TryGetValue(view.Name, out var written))
                return written - (view.Name == "entities" ? Query("SELECT count(*) AS k FROM entity_fix WHERE type = ''")[0].Whole("k") : 0);
        }

        return view.Coded && IsInMemory(view.Name) ? CodedQuery.All(this, view).Page.Total : Query($"SELECT count(*) AS k FROM {view.Count}")[0].Whole("k");
    }

    private List<(string Name, string Type)> ColumnsAndTypes(string sql) => Query("DESCRIBE " + sql).ConvertAll(row => (row.Text("column_name"), row.Text("column_type")));

    private List<string> ValuesOf(string dictionary) => [.. Query($"SELECT v FROM {dictionary} ORDER BY code").Select(row => row.Text("v"))];

    /// <summary>The rows of an article among those of a table: a condition on <c>$a</c>, and its value.</summary>
    public (string Sql, Dictionary<string, object> Values) OfArticle(string id)
    {
        if (ArticleKey == "a" && Query("SELECT n FROM mem.articles WHERE article_id = $a", new Dictionary<string, object> { ["a"] = id }) is [var article])
            return ("a = $a", new() { ["a"] = article.Whole("n") });
        return ("article_id = $a", new() { ["a"] = id });
    }

    /// <summary>The column by which rows of several tables belong to the same article: in memory a number.</summary>
    public string ArticleKey => IsInMemory("sentences") && IsInMemory("entities") && IsInMemory("dates") ? "a" : "article_id";

    /// <summary>What the rows of a table are taken from.</summary>
    public string From(TableView view)
    {
        if (view.Name != "articles" || !IsInMemory("article_rows"))
            return view.From;
        lock (laying)
        {
            // What stands beside an article depends on its sentences and entities.
            using var connection = Connect();
            foreach (var article in stale)
            {
                Run(connection, "DELETE FROM mem.article_rows WHERE article_id = $a", ("a", article));
                Run(connection, $"INSERT INTO mem.article_rows SELECT * FROM {view.From} WHERE article_id = $a", ("a", article));
            }

            stale.Clear();
        }

        return "mem.article_rows";
    }

    /// <summary>Asks.</summary>
    /// <param name="sql">One statement; values come as <c>$name</c>.</param>
    /// <param name="values">The values.</param>
    public List<Row> Query(string sql, IReadOnlyDictionary<string, object>? values = null)
    {
        try
        {
            return [.. Stream(sql, values)];
        }
        catch (DuckDBException e) when (IsLongLine(e) && longestLine < LongestLine)
        {
            Widen();
            return [.. Stream(sql, values)];
        }
    }

    /// <summary>Asks, and gives the answer row by row.</summary>
    public IEnumerable<Row> Stream(string sql, IReadOnlyDictionary<string, object>? values = null)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values ?? new Dictionary<string, object>())
            command.Parameters.Add(new DuckDBParameter(name, value));
        command.UseStreamingMode = true;
        using var reader = command.ExecuteReader();
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < reader.FieldCount; i++)
            names[reader.GetName(i)] = i;
        while (reader.Read())
        {
            var cells = new object?[reader.FieldCount];
            for (var i = 0; i < cells.Length; i++)
                cells[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
            yield return new Row(names, cells);
        }
    }

    /// <summary>Lays corrections over the tables.</summary>
    public void Lay(IEnumerable<(string Article, int Sentence, string Role)> roles, IEnumerable<(string Article, int Start, string? Type)> entities)
    {
        lock (laying)
        {
            using var connection = Connect();
            using var transaction = connection.BeginTransaction();
            foreach (var (article, sentence, role) in roles)
                Run(connection, "INSERT INTO role_fix VALUES ($a, $k, $v)", ("a", article), ("k", sentence), ("v", role));
            foreach (var (article, start, type) in entities)
                Run(connection, "INSERT INTO entity_fix VALUES ($a, $k, $v)", ("a", article), ("k", start), ("v", type ?? ""));
            transaction.Commit();
            Forget();
        }
    }

    /// <summary>Sets or takes back one sentence's role.</summary>
    public void LayRole(string article, int sentence, string? role) => Lay("sentences", "role_fix", "sentence_id", article, sentence, role);

    /// <summary>Sets, deletes (<paramref name="type"/> empty) or takes back (null) one entity's type.</summary>
    public void LayEntity(string article, int start, string? type) => Lay("entities", "entity_fix", "start", article, start, type);

    private void Lay(string table, string fixes, string key, string article, int at, string? value)
    {
        lock (laying)
        {
            using var connection = Connect();
            Run(connection, $"DELETE FROM {fixes} WHERE article_id = $a AND {key} = $k", ("a", article), ("k", at));
            if (value is not null)
                Run(connection, $"INSERT INTO {fixes} VALUES ($a, $k, $v)", ("a", article), ("k", at), ("v", value));
            stale.Add(article);
            if (IsInMemory(table))
            {
                var view = TableView.Named(table)!;
                var statements = value is null ? [MemoryTables.Uncorrect(view)] : MemoryTables.Corrections(view, $"a.article_id = $a AND f.{key} = $k");
                foreach (var sql in statements)
                    Run(connection, sql, ("a", article), ("k", at));
            }

            Forget();
        }
    }

    private void Switch(DuckDBConnection connection, string table, IEnumerable<string> statements)
    {
        lock (laying)
        {
            foreach (var sql in statements)
                Run(connection, sql);
            lock (reading)
            {
                inMemory.Add(table);
                version++;
                // Rows of articles are complete only once all else is.
                if (table == "article_rows")
                    table = "articles";
                else if (table == "articles")
                    return;
                if (reading.TryGetValue(table, out var task))
                    task.TrySetResult();
            }
        }
    }

    public void Dispose() => root.Dispose();

    private static void Run(DuckDBConnection connection, string sql, params (string Name, object Value)[] values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
            command.Parameters.Add(new DuckDBParameter(name, value));
        command.ExecuteNonQuery();
    }

    private void RunAll(DuckDBConnection connection, IEnumerable<string> statements, CancellationToken stop)
    {
        foreach (var sql in statements)
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                Run(connection, sql);
            }
            catch (DuckDBException e) when (IsLongLine(e) && longestLine < LongestLine)
            {
                Widen();
                Run(connection, sql);
            }
        }
    }

    private static bool IsLongLine(DuckDBException e) => e.Message.Contains("max_line_size", StringComparison.OrdinalIgnoreCase);

    /// <summary>From now on longer lines are read; each question then takes more memory.</summary>
    private void Widen()
    {
        longestLine = LongestLine;
        using var connection = Connect();
        CreateRaw(connection);
    }

    internal static string Quoted(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";

    internal static string Named(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    private static string FirstLine(string text) => text.Split('\n')[0].TrimEnd('.');

    private DuckDBConnection Connect()
    {
        lock (rootLock)
        {
            var connection = root.Duplicate();
            connection.Open();
            return connection;
        }
    }

    private void FindFiles()
    {
        if (!Directory.Exists(Folder))
            throw new UserFileException(Folder, 0, "there is no such folder; give the output folder of 'pipeline extract'");
        foreach (var table in (string[])["articles", "sentences", "entities", "dates", "errors"])
        {
            var found = ((string[])[".csv", ".csv.gz", ".csv.zst", ".parquet"]).Select(ending => Path.Combine(Folder, table + ending)).FirstOrDefault(File.Exists);
            files[table] = found ?? (Directory.Exists(Path.Combine(Folder, ".partial"))
                ? throw new UserFileException(Folder, 0, "the run was interrupted; finish it with 'pipeline extract … --resume'")
                : throw new UserFileException(Path.Combine(Folder, table + ".csv"), 0, "is missing; give the output folder of 'pipeline extract' (CSV or Parquet)"));
        }
    }

    /// <summary>From here on the database reads nothing outside the folder and fetches nothing.</summary>
    private void Lock()
    {
        Run(root, "SET autoinstall_known_extensions = false; SET autoload_known_extensions = false;");
        Run(root, "SET memory_limit = '800MB'; SET temp_directory = ''; SET preserve_insertion_order = true;");
        Run(root, "ATTACH ':memory:' AS mem (COMPRESS)");
        Run(root, $"SET allowed_directories = [{Quoted(Folder + Path.DirectorySeparatorChar)}];");
        Run(root, "SET enable_external_access = false;");
    }

    private void CreateViews()
    {
        var header = ColumnsOf("sentences");
        HasReasons = header.Contains("why");
        var labels = header.Where(name => name.StartsWith("p_", StringComparison.Ordinal)).Select(name => name[2..]).ToList();
        string[] known = ["context", "motivation", "implication"];
        FileLabels = labels;
        Labels = [.. known.Where(labels.Contains), .. labels.Except(known)];
        CreateRaw(root);

        const string Group = "CASE WHEN contains(source, '#') THEN regexp_extract(source, '^[^#]*') WHEN contains(source, '/') THEN regexp_extract(source, '^(.*)/', 1) ELSE '(top folder)' END";
        Run(root, $"CREATE VIEW file_articles AS SELECT *, {Group} AS source_group, coalesce(strftime(date, '%Y'), '') AS year FROM raw_articles");
        Run(root, "CREATE VIEW file_errors AS SELECT * FROM raw_errors");
        Run(root, "CREATE VIEW base_articles AS SELECT * EXCLUDE (text) FROM file_articles");
        foreach (var table in (string[])["sentences", "entities", "dates"])
            Run(root, $"CREATE VIEW file_{table} AS SELECT t.*, a.title, a.date, a.source_group, a.year FROM raw_{table} t LEFT JOIN base_articles a USING (article_id)");
        foreach (var table in (string[])["errors", "sentences", "entities", "dates"])
            Run(root, $"CREATE VIEW base_{table} AS SELECT * FROM file_{table}");
        Run(root, "CREATE TABLE role_fix (article_id VARCHAR, sentence_id BIGINT, role VARCHAR)");
        Run(root, "CREATE TABLE entity_fix (article_id VARCHAR, start BIGINT, type VARCHAR)");
        Run(root, """
            CREATE VIEW sentences AS SELECT b.* EXCLUDE (role), coalesce(f.role, b.role) AS role, b.role AS role_before, f.role IS NOT NULL AS corrected
            FROM base_sentences b LEFT JOIN role_fix f USING (article_id, sentence_id)
            """);
        Run(root, """
            CREATE VIEW entities AS SELECT b.* EXCLUDE (type), coalesce(f.type, b.type) AS type, b.type AS type_before, f.type IS NOT NULL AS corrected
            FROM base_entities b LEFT JOIN entity_fix f USING (article_id, start) WHERE f.type IS NULL OR f.type <> ''
            """);
        Run(root, "CREATE VIEW dates AS SELECT * FROM base_dates");
        Run(root, "CREATE VIEW errors AS SELECT * FROM base_errors");
        Run(root, "CREATE VIEW articles AS SELECT * FROM base_articles");
        foreach (var table in files.Keys)
            Query($"SELECT 1 FROM raw_{table} LIMIT 1");
    }

    private void CreateRaw(DuckDBConnection connection)
    {
        foreach (var table in OutputTables.For(FileLabels, withTokens: false, withWhy: HasReasons))
            Run(connection, $"CREATE OR REPLACE VIEW raw_{table.Name} AS {SourceOf(table)}");
    }

    private List<string> ColumnsOf(string table)
    {
        var source = files[table].EndsWith(".parquet", StringComparison.Ordinal)
            ? $"read_parquet({Quoted(files[table])})"
            : $"read_csv({Quoted(files[table])}, header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"', {LineLimit(files[table])})";
        return [.. Query($"DESCRIBE SELECT * FROM {source}").Select(row => row.Text("column_name"))];
    }

    /// <summary>The longest line that is read; a buffer is sixteen times as large unless told otherwise, and each thread has its own.</summary>
    private string LineLimit(string file)
    {
        var length = Path.GetExtension(file) is ".gz" or ".zst" ? longestLine : new FileInfo(file).Length + 1;
        var longest = Math.Clamp(length, 2_000_000, longestLine).ToString(CultureInfo.InvariantCulture);
        return $"max_line_size = {longest}, buffer_size = {longest}";
    }

    /// <summary>The rows of one file with numbers <c>n</c>, empty cells as empty texts, and cells as they were before the guard.</summary>
    private string SourceOf(Table table)
    {
        var file = files[table.Name];
        if (file.EndsWith(".parquet", StringComparison.Ordinal))
        {
            var cells = table.Columns.Select(c => c.Type == ColumnType.Text ? $"coalesce({Named(c.Name)}, '') AS {Named(c.Name)}" : Named(c.Name));
            return $"SELECT row_number() OVER () AS n, {string.Join(", ", cells)} FROM read_parquet({Quoted(file)})";
        }

        static string TypeOf(Column column) => column.Type switch
        {
            ColumnType.Text => "VARCHAR",
            ColumnType.Integer => "BIGINT",
            ColumnType.Number => "DOUBLE",
            ColumnType.Date => "DATE",
            _ => throw new ArgumentOutOfRangeException(nameof(column)),
        };
        var columns = string.Join(", ", table.Columns.Select(c => $"{Quoted(c.Name)}: {Quoted(TypeOf(c))}"));
        var selected = table.Columns.Select(c => c.Type == ColumnType.Text ? $"{Unguarded(Named(c.Name))} AS {Named(c.Name)}" : Named(c.Name));
        return $"SELECT row_number() OVER () AS n, {string.Join(", ", selected)} FROM read_csv({Quoted(file)}, header = true, auto_detect = false, "
            + $"delim = ',', quote = '\"', escape = '\"', nullstr = '', {LineLimit(file)}, columns = {{{columns}}})";
    }

    private static string Unguarded(string cell) =>
        $"CASE WHEN {cell} IS NULL THEN '' WHEN starts_with({cell}, '''') AND regexp_matches({cell}, '^''+[=+@\\t\\r-]') THEN substr({cell}, 2) ELSE {cell} END";
}
