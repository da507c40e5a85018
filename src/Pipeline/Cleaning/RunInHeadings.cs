using System.Buffers;

namespace Pipeline.Cleaning;

/// <summary>
/// Finds headings that run into their paragraph ("Energy Security: Ankara imports …"). One written like a title
/// stands for itself; one written like a sentence needs a second of its kind in the article.
/// </summary>
internal static class RunInHeadings
{
    private const int Longest = 110;
    private const int MostWords = 14;

    private static readonly SearchValues<char> NotInHeading = SearchValues.Create(".!?;:\"“”«»…");

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> SmallWords =
        new HashSet<string>(DataFile.Lines("title-small-words.txt"), StringComparer.OrdinalIgnoreCase)
            .GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Verbs =
        new HashSet<string>(DataFile.Lines("heading-stop-words.txt"), StringComparer.OrdinalIgnoreCase)
            .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>What a heading in the form of a question or a clause begins with; its verb is no sign of a sentence.</summary>
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> QuestionWords =
        new HashSet<string>(["What", "Why", "Who", "How", "Where", "When", "Which", "Does", "Is", "Are", "Can", "Could", "Will"], StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();

    private enum Shape : byte
    {
        None,
        Sentence,
        Title,
    }

    /// <summary>Whether a word is an article, a preposition or another of those that titles write small.</summary>
    public static bool IsSmall(ReadOnlySpan<char> word) => SmallWords.Contains(word);

    /// <summary>For each line, the position behind its run-in heading, or 0.</summary>
    public static int[] Find(LineBuffer buffer)
    {
        var ends = new int[buffer.Lines.Count];
        var shapes = new Shape[ends.Length];
        var sentences = 0;
        for (var i = 0; i < ends.Length; i++)
        {
            var line = buffer.Lines[i];
            if (line.Role != LineRole.Body)
                continue;
            var end = Read(buffer, line, out var shape);
            if (shape == Shape.None || IsRepeated(buffer, ends, i, line, end))
                continue;
            (ends[i], shapes[i]) = (end, shape);
            sentences++;
        }

        for (var i = 0; i < ends.Length; i++)
        {
            if (shapes[i] == Shape.Sentence && sentences < 2)
                ends[i] = 0;
        }

        return ends;
    }

    /// <summary>A label that comes back names a speaker.</summary>
    private static bool IsRepeated(LineBuffer buffer, int[] ends, int index, PageLine line, int end)
    {
        var label = buffer.Slice(line.Start, end);
        for (var i = Math.Max(0, index - 12); i < index; i++)
        {
            if (ends[i] > 0 && buffer.Slice(buffer.Lines[i].Start, ends[i]).SequenceEqual(label))
            {
                ends[i] = 0;
                return true;
            }
        }

        return false;
    }

    private static int Read(LineBuffer buffer, PageLine line, out Shape shape)
    {
        shape = Shape.None;
        var text = buffer[line];
        var head = text.Length > Longest ? text[..Longest] : text;
        var stop = head.IndexOfAny(NotInHeading);
        var marked = line.MarkedRunInEnd - line.Start;
        if (stop < 3 || stop + 2 >= text.Length)
            return 0;
        var isColon = text[stop] == ':' && text[stop + 1] == ' ';
        if (!isColon && !(marked > 0 && text[stop] == '.' && marked == stop + 1 && text[stop + 1] == ' '))
            return 0;
        var rest = text[(stop + 2)..];
        if (isColon && ReadsOn(rest, out var second))
        {
            // "Kazakhstan: Rent and Standing: …" is one heading.
            stop += 2 + second;
            rest = text[(stop + 2)..];
        }

        var isQuotation = rest[0] is '"' or '“' or '‘' or '«';
        if (!(char.IsUpper(rest[0]) || char.IsDigit(rest[0]) || isQuotation) || IsSpoken(rest) || rest.Count(' ') < 3
            || !Characters.IsTerminal(Characters.LastMark(rest)) || NoisePhrases.Default.Find(text[..(stop + 1)]).Start > 0)
            return 0;

        shape = ShapeOf(text[..stop], line);
        if (isQuotation && shape == Shape.Title)
            shape = Shape.Sentence;
        if (shape == Shape.Sentence && marked >= stop && marked <= stop + 2)
            shape = Shape.Title;
        if (!isColon && shape == Shape.Title)
            shape = Shape.Sentence;
        return line.Start + stop + 1;
    }

    /// <summary>Whether what follows a colon is itself a heading written like a title.</summary>
    private static bool ReadsOn(ReadOnlySpan<char> rest, out int end)
    {
        end = (rest.Length > 60 ? rest[..60] : rest).IndexOfAny(NotInHeading);
        return end >= 3 && end + 2 < rest.Length && rest[end] == ':' && rest[end + 1] == ' '
            && ShapeOf(rest[..end], default) == Shape.Title;
    }

    private static Shape ShapeOf(ReadOnlySpan<char> heading, PageLine line)
    {
        int words = 0, large = 0, small = 0, plain = 0;
        var hasVerb = false;
        var isClause = QuestionWords.Contains(heading[..Math.Max(0, heading.IndexOf(' '))]);
        if (!char.IsUpper(heading[0]) && !line.IsListItem)
            return Shape.None;
        foreach (var range in heading.Split(' '))
        {
            var word = heading[range].Trim("'’\"()[],");
            if (word.Length == 0)
                continue;
            words++;
            if (char.IsUpper(word[0]) || char.IsDigit(word[0]))
                large++;
            else if (SmallWords.Contains(word))
                small++;
            else
                plain++;
            isClause |= word is "that" or "who" or "which";
            hasVerb |= !isClause && Verbs.Contains(word);
        }

        if (words > MostWords)
            return Shape.None;
        if (words >= 2 && plain == 0 && large >= 2)
            return Shape.Title;
        if (words >= 4 && large >= 3 && plain * 4 <= large && !hasVerb)
            return Shape.Title;
        var hasComma = heading.Contains(',');
        return words is >= 1 and <= 9 && !hasVerb && !hasComma ? Shape.Sentence : Shape.None;
    }

    /// <summary>What follows a speaker's name, not a heading.</summary>
    private static bool IsSpoken(ReadOnlySpan<char> rest) =>
        rest.StartsWith("I ", StringComparison.Ordinal) || rest.StartsWith("We ", StringComparison.Ordinal)
        || rest.StartsWith("I'", StringComparison.Ordinal) || rest.StartsWith("I’", StringComparison.Ordinal)
        || rest.StartsWith("We'", StringComparison.Ordinal) || rest.StartsWith("We’", StringComparison.Ordinal)
        || rest.StartsWith("My ", StringComparison.Ordinal) || rest.StartsWith("Yes", StringComparison.Ordinal)
        || rest.StartsWith("No,", StringComparison.Ordinal);
}
