using Pipeline.Inspect.Data;
using Pipeline.Reading;
using Pipeline.Writing;

namespace Pipeline.Inspect.Tests;

/// <summary>One output, as CSV and as Parquet, asked from its files and from memory.</summary>
public sealed class OpenSample : IDisposable
{
    private readonly SampleOutput sample = new();
    private readonly SampleOutput columns = new(parquet: true);
    private readonly SampleOutput zipped = new(compression: Compression.Gzip);
    private readonly SampleOutput packed = new(compression: Compression.Zstd);

    public OpenSample()
    {
        File = OutputStore.Open(sample.Folder);
        Memory = OutputStore.Open(sample.Folder);
        Memory.ReadIntoMemory(CancellationToken.None);
        Parquet = OutputStore.Open(columns.Folder);
        ParquetMemory = OutputStore.Open(columns.Folder);
        ParquetMemory.ReadIntoMemory(CancellationToken.None);
        All = [File, Memory, Parquet, ParquetMemory, OutputStore.Open(zipped.Folder), OutputStore.Open(packed.Folder)];
    }

    internal OutputStore File { get; }

    internal OutputStore Memory { get; }

    internal OutputStore Parquet { get; }

    internal OutputStore ParquetMemory { get; }

    internal IReadOnlyList<OutputStore> All { get; }

    public void Dispose()
    {
        foreach (var store in All)
            store.Dispose();
        sample.Dispose();
        columns.Dispose();
        zipped.Dispose();
        packed.Dispose();
    }
}

public class RowQueryTests(OpenSample opened) : IClassFixture<OpenSample>
{
    [Theory]
    [InlineData("sentences", "", 7)]
    [InlineData("sentences", "?role=context", 3)]
    [InlineData("sentences", "?role=context&role=motivation", 5)]
    [InlineData("sentences", "?role=context&year=2024", 2)]
    [InlineData("sentences", "?role=nothing", 0)]
    [InlineData("sentences", "?q=PRICES", 1)]
    [InlineData("sentences", "?q=%27%20OR%201=1%20--", 0)]
    [InlineData("sentences", "?unknown=1&sort=%22;DROP&page=0", 7)]
    [InlineData("sentences", "?confidence=40%E2%80%9360%25", 3)]
    [InlineData("articles", "", 2)]
    [InlineData("articles", "?country=UKR", 1)]
    [InlineData("articles", "?country=USA", 0)]
    [InlineData("articles", "?role=context", 2)]
    [InlineData("articles", "?role=motivation", 0)]
    [InlineData("articles", "?source=feeds/evil.jsonl", 1)]
    [InlineData("entities", "?type=GPE", 2)]
    [InlineData("entities", "?name=Ukraine", 1)]
    [InlineData("dates", "?spans=2024", 2)]
    [InlineData("dates", "?spans=1999", 0)]
    [InlineData("errors", "?q=binary", 1)]
    public void Finds_the_rows_that_the_address_names(string table, string query, int expected)
    {
        var filter = RowFilter.Parse(TableView.Named(table)!, query);
        foreach (var store in opened.All)
        {
            var page = RowQuery.Page(store, filter);
            Assert.Equal(expected, page.Total);
            Assert.Equal(expected, page.Rows.Count);
            Assert.Equal(expected, RowQuery.All(store, filter).Count());
        }
    }

    [Theory]
    [InlineData("sentences", "")]
    [InlineData("sentences", "?sort=-confidence")]
    [InlineData("sentences", "?sort=text")]
    [InlineData("sentences", "?sort=-date&q=the")]
    [InlineData("sentences", "?role=context&role=motivation&confidence=40%E2%80%9360%25")]
    [InlineData("sentences", "?corrected=yes")]
    [InlineData("sentences", "?sort=-text")]
    [InlineData("sentences", "?sort=-text&role=context&confidence=40%E2%80%9360%25&q=a")]
    [InlineData("sentences", "?sort=-n")]
    [InlineData("sentences", "?q=the&role=context&year=2024&sort=date")]
    [InlineData("sentences", "?page=2")]
    [InlineData("entities", "?sort=canonical")]
    [InlineData("entities", "?q=ukraine&sort=-type")]
    [InlineData("entities", "?name=nobody")]
    [InlineData("entities", "?type=GPE&type=PERSON&q=y")]
    [InlineData("dates", "?sort=text")]
    [InlineData("dates", "?sort=-text&type=DATE")]
    [InlineData("dates", "?sort=-earliest")]
    [InlineData("dates", "?spans=2024&sort=value")]
    [InlineData("articles", "?sort=-entities")]
    [InlineData("articles", "?country=UKR")]
    public void Memory_Parquet_gzip_and_zstd_say_what_the_CSV_says(string table, string query)
    {
        var filter = RowFilter.Parse(TableView.Named(table)!, query);
        var expected = Said(opened.File);
        Assert.All(opened.All, store => Assert.Equal(expected, Said(store)));

        string Said(OutputStore store)
        {
            var rows = RowQuery.Page(store, filter).Rows.Select(row => string.Join('|', filter.View.Columns.Select(row.Text)));
            var facets = RowQuery.Facets(store, filter).SelectMany(facet => facet.Values.Where(v => v.Count > 0).Select(v => $"{facet.Facet.Name}={v.Value}: {v.Count}"));
            return string.Join('\n', rows.Concat(facets));
        }
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("?q=a%20b&role=context&sort=-confidence&page=3", "q=a%20b&role=context&sort=-confidence&page=3")]
    [InlineData("?sort=nonsense&page=-4&bogus=1", "")]
    public void An_address_says_what_it_filters(string query, string expected) =>
        Assert.Equal(expected, RowFilter.Parse(TableView.Named("sentences")!, query).ToQuery());

    [Fact]
    public void Choosing_a_value_twice_takes_it_back()
    {
        var filter = RowFilter.Parse(TableView.Named("sentences")!, "?role=context&page=2");
        Assert.Equal("role=context&role=motivation", filter.Toggle("role", "motivation").ToQuery());
        Assert.Equal("", filter.Toggle("role", "context").ToQuery());
    }

    [Fact]
    public void Facets_count_what_the_other_facets_leave()
    {
        var store = opened.File;
        var filter = RowFilter.Parse(TableView.Named("sentences")!, "?role=context&year=2024");
        var roles = RowQuery.Facets(store, filter)[0].Values;
        Assert.Equal([("context", 2L), ("implication", 1L), ("motivation", 1L)], roles.Select(v => (v.Value, v.Count)));
    }

    [Fact]
    public void A_facet_of_lists_counts_each_member()
    {
        var filter = RowFilter.Parse(TableView.Named("articles")!, "?q=harbour&country=UKR");
        var countries = RowQuery.Facets(opened.Memory, filter).Single(list => list.Facet.Name == "country").Values;
        Assert.Equal([("UKR", 1L)], countries.Select(v => (v.Value, v.Count)));
    }

    [Fact]
    public void Cells_are_as_they_were_before_the_guard_and_exports_are_guarded_again()
    {
        var store = opened.File;
        var filter = RowFilter.Parse(TableView.Named("sentences")!, "?q=1%2B1");
        Assert.StartsWith("=1+1", RowQuery.Page(store, filter).Rows[0].Text("text"), StringComparison.Ordinal);
        using var table = new CsvTable();
        var export = System.Text.Encoding.UTF8.GetString([.. Downloads.WriteRows(store, filter, table).SelectMany(part => part)]);
        Assert.Contains(",\"'=1+1 <script>", export, StringComparison.Ordinal);
        Assert.Equal(2, export.Count(c => c == '\n'));
    }

    [Fact]
    public void Reads_nothing_outside_the_folder()
    {
        var store = opened.File;
        var outside = Path.GetTempFileName();
        Assert.Throws<DuckDB.NET.Data.DuckDBException>(() => store.Query($"SELECT * FROM read_csv('{outside}')"));
        Assert.Throws<DuckDB.NET.Data.DuckDBException>(() => store.Query($"COPY (SELECT 1) TO '{outside}'"));
        Assert.Throws<DuckDB.NET.Data.DuckDBException>(() => store.Query("SET enable_external_access = true"));
        File.Delete(outside);
    }

    [Fact]
    public void A_folder_without_an_output_is_told_in_one_line()
    {
        var empty = Directory.CreateTempSubdirectory("pipeline-inspect-test-").FullName;
        var error = Assert.Throws<UserFileException>(() => OutputStore.Open(empty));
        Assert.Contains("articles.csv: is missing", error.Message, StringComparison.Ordinal);
        Directory.Delete(empty);
    }

    [Fact]
    public void Marks_stand_where_code_points_say_also_behind_characters_of_two_units()
    {
        var store = opened.File;
        foreach (var id in (string[])[SampleOutput.Quiet, SampleOutput.Hostile])
        {
            var reading = ArticleReading.Of(store, id)!;
            Assert.All(reading.Sentences, s => Assert.Equal(s.Row.Text("text"), reading.Text[s.Start..s.End]));
            Assert.All(reading.Sentences.SelectMany(s => s.Marks), m => Assert.Equal(m.Row.Text("text"), reading.Text[m.Start..m.End]));
            Assert.Equal(2, reading.Blocks.Count);
            Assert.Empty(reading.Blocks[0].Sentences);
        }

        Assert.Equal(4, ArticleReading.Of(store, SampleOutput.Quiet)!.Sentences.Sum(s => s.Marks.Count));
        Assert.Null(ArticleReading.Of(store, "../../etc/passwd"));
    }
}
