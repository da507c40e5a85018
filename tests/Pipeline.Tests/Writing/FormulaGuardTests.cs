using CsCheck;
using CsvHelper;
using Pipeline.Writing;

namespace Pipeline.Tests.Writing;

public class FormulaGuardTests
{
    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("'=1", "''=1")]
    [InlineData("''-1", "'''-1")]
    [InlineData("'Tis the season", "'Tis the season")]
    [InlineData("1=1", "1=1")]
    [InlineData("a-b", "a-b")]
    [InlineData("", "")]
    [InlineData("'", "'")]
    [InlineData("’=1", "’=1")]
    public void Makes_harmless_just_what_a_spreadsheet_would_run(string text, string cell)
    {
        Assert.Equal(cell, CellOf(text));
        Assert.Equal(text, FormulaGuard.Undo(cell));
    }

    [Fact]
    public void Gives_every_text_back() =>
        Gen.String[Gen.Char["'=+-@\t\rab,\"\né"], 0, 8].Sample(text => FormulaGuard.Undo(CellOf(text)) == text);

    [Fact]
    public void Leaves_no_cell_that_begins_like_a_formula() =>
        Gen.String[Gen.Char["'=+-@\t\rab,\"\né"], 1, 8].Sample(text => !"=+-@\t\r".Contains((CellOf(text) + "x")[0]));

    /// <summary>What a CSV reader sees in the cell.</summary>
    private static string CellOf(string text)
    {
        using var table = new CsvTable();
        table.Text("x");
        table.Text(text);
        table.EndRow();
        using var reader = CsvReader.Create(table.Take(), new CsvReaderOptions { HasHeader = false, Separator = ',', SkipEmptyLines = false });
        Assert.True(reader.Read());
        return reader.GetString(1);
    }
}
