namespace Pipeline.Writing;

/// <summary>
/// Keeps spreadsheets from running cells, reversibly. CsvHelper's injection option puts an apostrophe in front of a text
/// that begins with one of <c>= @ + -</c>, tab or return. So that the way back is certain, a text that already begins
/// with apostrophes in front of such a character gets one more. The way back: a cell that begins with one or more
/// apostrophes and then one of these characters loses its first apostrophe.
/// </summary>
internal static class FormulaGuard
{
    private const string Dangerous = "=@+-\t\r";

    /// <summary>Whether the text needs an apostrophe that CsvHelper does not put there itself.</summary>
    public static bool NeedsExtraApostrophe(ReadOnlySpan<char> text) => !text.IsEmpty && text[0] == '\'' && IsGuarded(text);

    /// <summary>The text of a cell as it was before it was made harmless.</summary>
    public static string Undo(string cell) => IsGuarded(cell) ? cell[1..] : cell;

    private static bool IsGuarded(ReadOnlySpan<char> cell)
    {
        var rest = cell.TrimStart('\'');
        return rest.Length < cell.Length && !rest.IsEmpty && Dangerous.Contains(rest[0]);
    }
}
