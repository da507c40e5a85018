namespace Pipeline.Inspect.Plain;

/// <summary>How a role is told from the others: a colour that colour-blind people can tell too, a letter, a key. Immutable.</summary>
/// <param name="Label">The role.</param>
/// <param name="Color">Its colour, hexadecimal (Okabe and Ito's set).</param>
/// <param name="Mark">One to three letters that stand in the text.</param>
/// <param name="Key">The digit that gives it, from 1; 0 where there is none.</param>
internal sealed record RoleLook(string Label, string Color, string Mark, int Key);

internal sealed class RolePalette
{
    private static readonly string[] Colors = ["#0072B2", "#D98200", "#009E73", "#B04A87", "#56B4E9", "#A38A00", "#D55E00", "#777777"];

    private readonly Dictionary<string, RoleLook> looks = new(StringComparer.Ordinal);

    public RolePalette(IReadOnlyList<string> labels)
    {
        var marks = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < labels.Count; i++)
        {
            var length = 1;
            while (length < Math.Min(3, labels[i].Length) && marks.Contains(labels[i][..length].ToUpperInvariant()))
                length++;
            var mark = labels[i].Length == 0 ? "?" : labels[i][..Math.Min(length, labels[i].Length)].ToUpperInvariant();
            marks.Add(mark);
            looks[labels[i]] = new RoleLook(labels[i], Colors[i % Colors.Length], mark, i < 9 ? i + 1 : 0);
        }

        All = [.. looks.Values];
    }

    public IReadOnlyList<RoleLook> All { get; }

    public RoleLook this[string label] => looks.TryGetValue(label, out var look) ? look : new RoleLook(label, "#777777", "?", 0);
}
