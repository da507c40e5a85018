namespace Pipeline.Cleaning;

/// <summary>The tab-separated data files embedded beside this code.</summary>
internal static class DataFile
{
    /// <summary>The fields of each row; comment lines and the header row are left out.</summary>
    public static IEnumerable<string[]> Rows(string name, string? folder = null)
    {
        var isHeader = true;
        foreach (var line in Lines(name, folder))
        {
            if (line.StartsWith('#') || line.Length == 0)
                continue;
            if (!isHeader)
                yield return line.Split('\t');
            isHeader = false;
        }
    }

    /// <summary>All lines of a file of this stage, or of the one whose folder is named.</summary>
    public static IEnumerable<string> Lines(string name, string? folder = null)
    {
        var type = typeof(DataFile);
        using var stream = type.Assembly.GetManifestResourceStream($"{folder ?? type.Namespace}.{name}")
            ?? throw new InvalidOperationException($"The data file {name} is not embedded.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            yield return line;
    }
}
