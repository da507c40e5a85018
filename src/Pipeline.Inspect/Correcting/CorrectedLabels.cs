using System.Globalization;
using Pipeline.Inspect.Data;
using Pipeline.Writing;

namespace Pipeline.Inspect.Correcting;

/// <summary>
/// The corrected articles as a labels CSV that <c>pipeline train roles</c> takes: whole articles in reading order, since
/// a role depends on its neighbours. Sentences that nobody corrected keep the role of the output.
/// </summary>
internal static class CorrectedLabels
{
    private static readonly string[] Columns = ["article_id", "sentence_id", "paragraph", "title", "section", "text", "role"];

    public static IEnumerable<byte[]> Write(OutputStore store, CorrectionDesk desk, CsvTable table)
    {
        foreach (var column in Columns)
            table.Text(column);
        table.EndRow();
        yield return table.Take();
        foreach (var article in desk.Live().Where(c => c.Kind == CorrectionKind.Role).Select(c => c.Article).Distinct(StringComparer.Ordinal))
        {
            foreach (var row in store.Query("SELECT * FROM sentences WHERE article_id = $a ORDER BY sentence_id", new Dictionary<string, object> { ["a"] = article }))
            {
                table.Text(article);
                table.Text(row.Text("sentence_id"));
                table.Text(row.Whole("paragraph") is > 0 and var paragraph ? paragraph.ToString(CultureInfo.InvariantCulture) : "");
                foreach (var column in (string[])["title", "section", "text", "role"])
                    table.Text(row.Text(column));
                table.EndRow();
            }

            yield return table.Take();
        }
    }
}
