namespace Pipeline.Dates;

/// <summary>The modifiers of the annotation guide, by index.</summary>
internal static class DateMods
{
    private static readonly string[] Names =
        ["", "START", "MID", "END", "APPROX", "MORE_THAN", "LESS_THAN", "BEFORE", "AFTER", "EQUAL_OR_MORE", "EQUAL_OR_LESS"];

    /// <summary>Index of <c>AFTER</c>.</summary>
    public static int After { get; } = IndexOf("AFTER");

    public static int IndexOf(string name)
    {
        var index = Array.IndexOf(Names, name);
        return index >= 0 ? index : throw new FormatException($"no modifier '{name}'");
    }

    public static string? NameOf(int index) => index > 0 && index < Names.Length ? Names[index] : null;
}
