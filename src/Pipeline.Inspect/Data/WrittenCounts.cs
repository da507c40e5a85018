using System.Text.Json;

namespace Pipeline.Inspect.Data;

/// <summary>How many rows the run has written into each table, from its <c>run.json</c>; empty where that cannot be read.</summary>
internal static class WrittenCounts
{
    private const int LargestFile = 1_000_000;

    public static IReadOnlyDictionary<string, long> Read(string folder)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        try
        {
            var file = new FileInfo(Path.Combine(folder, "run.json"));
            if (!file.Exists || file.Length > LargestFile || file.LinkTarget is not null)
                return counts;
            using var run = JsonDocument.Parse(File.ReadAllBytes(file.FullName));
            foreach (var table in TableView.All)
            {
                if (run.RootElement.TryGetProperty("counts", out var all) && all.TryGetProperty(table.Name, out var count) && count.ValueKind == JsonValueKind.Number && count.TryGetInt64(out var rows) && rows >= 0)
                    counts[table.Name] = rows;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            counts.Clear();
        }

        return counts;
    }
}
