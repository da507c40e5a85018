namespace Pipeline.Cleaning;

/// <summary>
/// Takes back sentences that the line model dropped though the body goes on with them: one about a person whom the
/// body speaks of, one that stands right between two paragraphs, one that leans on the sentence before it.
/// </summary>
internal static class BodySentences
{
    /// <summary>Up to these log-odds of boilerplate a sentence is taken back for the person that it speaks of.</summary>
    private const float SureOfNoise = 5;

    /// <summary>The same for where it stands and how it begins.</summary>
    private const float SureOfPlace = 3;
    private const int FewestPortraits = 3;

    /// <summary>Each search reads the page once; a bound keeps the time linear.</summary>
    private const int MostSearches = 24;

    public static void Keep(PageContext page, Span<PageLine> lines, float[] scores)
    {
        KeepPortraits(page, lines);
        var searches = MostSearches;
        for (var i = Math.Max(1, page.FirstProse + 1); i < lines.Length; i++)
        {
            if (lines[i].Role == LineRole.Noise && lines[i - 1].Role == LineRole.Body && i < page.EndOfBody
                && IsSentence(page.Stats[i - 1])
                && (IsSentence(page.Stats[i]) ? scores[i] < SureOfNoise && GoesOn(page, lines, i, scores[i], ref searches) : scores[i] < 0.5f && IsHeading(page, lines, i)))
                lines[i].Role = LineRole.Body;
        }
    }

    /// <summary>Several persons under their names are the article's; one or two may be its authors.</summary>
    private static void KeepPortraits(PageContext page, Span<PageLine> lines)
    {
        Span<bool> isPortrait = lines.Length <= 512 ? stackalloc bool[lines.Length] : new bool[lines.Length];
        isPortrait.Clear();
        var found = 0;
        for (var i = page.FirstProse; i < lines.Length - 1 && i < page.EndOfBody; i++)
        {
            var name = page.Buffer[lines[i]];
            if (page.Stats[i + 1].IsProse && !page.IsDoubled(i) && PersonNames.IsName(name)
                && page.Buffer[lines[i + 1]].Contains(PersonNames.Longest(name), StringComparison.Ordinal))
            {
                isPortrait[i] = true;
                found++;
            }
        }

        for (var i = 0; found >= FewestPortraits && i < lines.Length - 1; i++)
        {
            if (isPortrait[i])
                lines[i].Role = lines[i + 1].Role = LineRole.Body;
        }
    }

    private static bool IsSentence(in LineStats s) => s.Cues.Start < 3 && s.Cues.Whole == 0 && s.SentenceEnds > 0 && s.Words >= 4
        && s is { IsByline: false, IsDateLine: false, HasCopyright: false, HasAt: false, Links: 0 } && Characters.IsTerminal(s.Last);

    /// <summary>A short line without a cue, written like a title, right over a paragraph of the body.</summary>
    private static bool IsHeading(PageContext page, Span<PageLine> lines, int i)
    {
        ref readonly var s = ref page.Stats[i];
        return s is { Words: >= 2 and <= 7, Length: < 60, Digits: 0, Separators: 0, Links: 0, HasCopyright: false, IsByline: false, IsDateLine: false, EndsBody: false }
            && s.Cues == default && !page.IsDoubled(i) && !Characters.IsTerminal(s.Last)
            && i + 1 < lines.Length && lines[i + 1].Role == LineRole.Body && page.Stats[i + 1] is { IsProse: true, Length: >= 100 } && page.Stats[i + 1].Cues == default;
    }

    private static bool GoesOn(PageContext page, Span<PageLine> lines, int i, float score, ref int searches)
    {
        var line = page.Buffer[lines[i]];
        if (page.Stats[i].Cues == default)
            return score < SureOfPlace && LeansBack(line);
        if (page.Stats[i].Cues.Start > 0 || TailWords.Read(line, default) is not { Site: 0, Person: > 0 })
            return false;
        if (score < SureOfPlace && i + 1 < lines.Length && lines[i + 1].Role == LineRole.Body && IsSentence(page.Stats[i + 1]))
            return true;
        var end = PersonNames.Opening(line);
        var subject = line[..(end > 0 ? end : Math.Max(0, line.IndexOf(' ')))];
        if (subject.Length < 4 || !char.IsUpper(subject[0]) || page.IsAuthor(subject) || searches-- <= 0)
            return false;
        var name = PersonNames.Longest(subject);
        for (var k = page.FirstProse; k < i; k++)
        {
            if (lines[k].Role == LineRole.Body && page.Stats[k].IsProse && page.Buffer[lines[k]].Contains(name, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    private static bool LeansBack(ReadOnlySpan<char> line)
    {
        var first = line[..Math.Max(0, line.IndexOf(' '))].TrimEnd(",");
        return first is "Then" or "But" or "And" or "So" or "He" or "She" or "It" or "They" or "That" or "Nor" or "Yet" or "Nobody" or "Nothing" or "Neither" or "Still"
            || line[0] is '“' or '"' or '«';
    }
}
