using CsvHelper;
using Pipeline.Writing;

namespace Pipeline.Tests.Cli;

/// <summary>Reads back what a run wrote.</summary>
internal static class Tables
{
    /// <summary>The rows of a table, by column name, with the guard against formulas undone.</summary>
    public static List<Dictionary<string, string>> Read(string folder, string table)
    {
        using var reader = CsvReader.FromFile(Path.Combine(folder, table + ".csv"), new CsvReaderOptions { Separator = ',', SkipEmptyLines = false });
        var rows = new List<Dictionary<string, string>>();
        while (reader.Read())
        {
            var row = new Dictionary<string, string>();
            for (var i = 0; i < reader.FieldCount; i++)
                row[reader.Headers[i]] = FormulaGuard.Undo(reader.GetString(i));
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>The bytes of all tables and the data package, by file name; the report of the run holds times and is left out.</summary>
    public static SortedDictionary<string, byte[]> Bytes(string folder) => new(
        Directory.GetFiles(folder).Where(file => Path.GetFileName(file) is not ("run.json" or "shard.csv"))
            .ToDictionary(file => Path.GetFileName(file)!, File.ReadAllBytes),
        StringComparer.Ordinal);

    public static void MustBeEqual(string expected, string actual)
    {
        var (left, right) = (Bytes(expected), Bytes(actual));
        Assert.Equal(left.Keys, right.Keys);
        foreach (var (name, bytes) in left)
            Assert.True(bytes.AsSpan().SequenceEqual(right[name]), $"{name} differs");
    }
}
