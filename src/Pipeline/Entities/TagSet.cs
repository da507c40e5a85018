namespace Pipeline.Entities;

/// <summary>
/// The tags of the recogniser: begin, inside, last, unit (BILOU) of the eight types, and outside. A tag's number is
/// position * 8 + type, so that one vector of eight lanes holds one position of all types.
/// </summary>
internal static class TagSet
{
    public const int Types = 8;
    public const int Begin = 0;
    public const int Inside = 8;
    public const int Last = 16;
    public const int Unit = 24;
    public const int Outside = 32;

    /// <summary>Tags that have weights; outside is the reference and scores zero.</summary>
    public const int Scored = 32;

    private static readonly string[] Names = ["PERSON", "ORG", "GPE", "LOC", "NORP", "EVENT", "LAW", "MISC"];

    /// <summary>The type's name in the output.</summary>
    public static string NameOf(EntityType type) => Names[(int)type];

    public static bool TryParse(ReadOnlySpan<char> name, out EntityType type)
    {
        for (var i = 0; i < Names.Length; i++)
        {
            if (!name.Equals(Names[i], StringComparison.OrdinalIgnoreCase)) continue;
            type = (EntityType)i;
            return true;
        }

        type = default;
        return false;
    }

    /// <summary>The tag of token <paramref name="at"/> of a mention that has <paramref name="length"/> tokens.</summary>
    public static int TagOf(int type, int at, int length) =>
        type + (length == 1 ? Unit : at == 0 ? Begin : at == length - 1 ? Last : Inside);
}
