namespace Pipeline.Cleaning;

/// <summary>Names of persons by their shape alone.</summary>
internal static class PersonNames
{
    private const int LongestName = 48;
    private const int MostWords = 5;

    /// <summary>Where a name that opens a line ends: two to five words, each with a capital, particles aside; 0 where none does.</summary>
    public static int Opening(ReadOnlySpan<char> line)
    {
        int end = 0, large = 0, words = 0;
        for (var at = 0; at < line.Length && at < LongestName;)
        {
            var stop = line[at..].IndexOf(' ');
            var word = stop < 0 ? line[at..] : line.Slice(at, stop);
            var name = word.TrimEnd(",;:");
            if (IsPart(name))
            {
                large++;
                end = at + name.Length;
            }
            else if (large == 0 || !IsParticle(name))
            {
                break;
            }

            words++;
            if (name.Length < word.Length || stop < 0 || words > MostWords)
                break;
            at += stop + 1;
        }

        return large >= 2 && words <= MostWords && end <= LongestName && !RunInHeadings.IsSmall(line[..line.IndexOf(' ')]) ? end : 0;
    }

    /// <summary>Whether a line is a name and nothing else.</summary>
    public static bool IsName(ReadOnlySpan<char> line) => line.Length <= LongestName && Opening(line) is > 0 and var end && end == line.Length;

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Given =
        new HashSet<string>(
            DataFile.Lines("FirstName.txt", "Pipeline.Entities.Lists").Where(line => !line.StartsWith('#')).SelectMany(line => line.Split(',')),
            StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether a line in the shape of a name has a known given name; a heading ("Final Thoughts") has none.</summary>
    public static bool HasGivenName(ReadOnlySpan<char> line)
    {
        foreach (var range in line.Split(' '))
        {
            if (Given.Contains(line[range]))
                return true;
        }

        return false;
    }

    /// <summary>The longest word of a name, by which texts speak of a person.</summary>
    public static ReadOnlySpan<char> Longest(ReadOnlySpan<char> name)
    {
        ReadOnlySpan<char> longest = default;
        foreach (var range in name.Split(' '))
        {
            // The last of equals: family names stand last more often than not.
            if (name[range].Length >= longest.Length)
                longest = name[range];
        }

        return longest;
    }

    private static bool IsPart(ReadOnlySpan<char> word)
    {
        if (word.Length == 0 || !char.IsUpper(word[0]) || word is "Next" or "Last" or "Early" or "Late" || IsDay(word))
            return false;
        foreach (var c in word)
        {
            if (!char.IsLetter(c) && c is not ('-' or '\'' or '’' or '.') && char.GetUnicodeCategory(c) != System.Globalization.UnicodeCategory.NonSpacingMark)
                return false;
        }

        // An initial, "Dr." or "St." may end in a full stop, the end of a sentence may not.
        return word[^1] != '.' || word.Length <= 4;
    }

    private static bool IsDay(ReadOnlySpan<char> word) =>
        word is "Monday" or "Tuesday" or "Wednesday" or "Thursday" or "Friday" or "Saturday" or "Sunday";

    private static bool IsParticle(ReadOnlySpan<char> word) =>
        word is "de" or "la" or "van" or "von" or "der" or "den" or "bin" or "al" or "el" or "da" or "di" or "du" or "le" or "y" or "dos" or "ibn";
}
