namespace Pipeline.Cleaning;

/// <summary>Gives every line of a page its role: body, heading, title, or boilerplate.</summary>
internal sealed class LineJudge(LineModel model)
{
    private const int LongestTitle = 220;
    private const int LongestHeading = 110;
    private const int LinesBeforeTitle = 8;
    private const int LinesBeforeBody = 16;

    /// <summary>Above this log-odds a line is dropped; a lost paragraph is worse than a kept byline.</summary>
    private const float Certain = -0.3f;

    /// <summary>The same for a paragraph of running text without any cue.</summary>
    private const float CertainOfProse = 4;

    /// <summary>The same for a long line with a cue, such as an author's biography.</summary>
    private const float CertainOfLong = 0.8f;

    /// <summary>The same for a line of an HTML page, whose markup has already said what is boilerplate.</summary>
    private const float CertainOfMarkup = 5;

    /// <summary>Judges all lines; the index of the title line, or -1.</summary>
    public int Judge(PageContext page, string? statedTitle, bool fromMarkup, bool keepAll)
    {
        var lines = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(page.Buffer.Lines);
        var scores = model.Score(page);
        for (var i = 0; i < lines.Length; i++)
        {
            lines[i].Role = !lines[i].IsProtected && IsNoise(page, i, scores[i], fromMarkup) ? LineRole.Noise : LineRole.Body;
        }

        var title = FindTitle(page, lines, statedTitle);
        if (title >= 0)
            lines[title].Role = LineRole.Title;
        if (!fromMarkup && !keepAll)
        {
            BodySentences.Keep(page, lines, scores);
            PageTail.Drop(page, lines, scores, title);
        }

        RescueEmptyBody(page, lines);
        if (keepAll)
        {
            foreach (ref var line in lines)
                line.Role = line.Role == LineRole.Title ? LineRole.KeptTitle : LineRole.Body;
        }

        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Role == LineRole.Body && IsHeading(page, lines, i, title))
                lines[i].Role = LineRole.Heading;
        }

        return title;
    }

    private static bool IsNoise(PageContext page, int i, float score, bool fromMarkup)
    {
        ref readonly var s = ref page.Stats[i];
        if (fromMarkup)
            return score > CertainOfMarkup;
        var isLong = s.IsProse && s.Length >= 120;
        if ((s.Cues.Start == 3 && !isLong) || s.Cues.Whole == 3 || page.IsDoubled(i))
            return true;
        var isMarked = page.Buffer.Lines[i].HeadingLevel > 0 && !s.EndsBody;
        return score > (isMarked || IsPlainSentence(page, i) ? CertainOfProse : isLong ? CertainOfLong : Certain);
    }

    /// <summary>A paragraph without any cue, or a closed sentence among running text.</summary>
    private static bool IsPlainSentence(PageContext page, int i)
    {
        ref readonly var s = ref page.Stats[i];
        return s.Cues == default && (s.IsProse || (
            s.SentenceEnds > 0 && s.Words >= 4 && Characters.IsTerminal(s.Last) && i > page.FirstProse && i < page.LastProse
                && page.ProseShareNear(i) > 0.2f));
    }

    private static int FindTitle(PageContext page, Span<PageLine> lines, string? stated)
    {
        if (stated is not null)
        {
            for (var i = 0; i < Math.Min(lines.Length, LinesBeforeTitle); i++)
            {
                if (IsSameTitle(page.Buffer[lines[i]], stated))
                    return i;
            }

            return -1;
        }

        var (best, bestScore, seen) = (-1, 0, false);
        var last = Math.Min(lines.Length - 1, page.RegionStart + 2);
        for (var i = Math.Max(0, page.RegionStart - LinesBeforeBody); i <= last; i++)
        {
            if (lines[i].HeadingLevel == 1)
                return i;
            ref readonly var s = ref page.Stats[i];
            if (IsLabel(page, i))
                continue;

            // The first line that is neither label nor title begins the body, once the running text has begun.
            var isTitle = IsTitleLike(page, lines, i);
            if (i >= page.RegionStart && (best >= 0 || !isTitle))
                break;
            if (!isTitle)
                continue;
            var isFollowedByLabel = i + 1 < lines.Length && IsLabel(page, i + 1);
            var score = Math.Min(s.Words, 12) + (isFollowedByLabel ? 3 : 0) + (seen ? 0 : 3);
            seen = true;
            if (score > bestScore)
                (best, bestScore) = (i, score);
        }

        return best;
    }

    /// <summary>A byline, a date, a rubric, an item of a menu or another line with a cue, which may stand before a title.</summary>
    private static bool IsLabel(PageContext page, int i)
    {
        ref readonly var s = ref page.Stats[i];
        return s.Cues.Start == 3 || s.Cues.Whole > 0 || s.IsByline || s.IsDateLine || (s.Cues.Part > 1 && s.Length < 140)
            || (s.Separators > 0 && s.Length < 60 && s.LowerStarts <= 1) || (s.Words <= 3 && s.AllCaps == s.Words);
    }

    private static bool IsTitleLike(PageContext page, Span<PageLine> lines, int i)
    {
        ref readonly var s = ref page.Stats[i];
        var line = page.Buffer[lines[i]];
        if (s.Length > LongestTitle || s.Words is < 2 or > 30 || s.StartsLower || s.Last is ':' or ';' or ',')
            return false;
        if (s.Last is '.' && !EndsInAbbreviation(line))
            return false;
        if (lines[i].IsListItem || s.SentenceEnds >= 3)
            return false;

        // Something must follow that is running text; a text without any full stop has no sentence to part a title from.
        for (var next = i + 1; next < Math.Min(lines.Length, i + 12); next++)
        {
            if (page.Stats[next].IsProse || (page.Stats[next].SentenceEnds > 0 && page.Stats[next].Words >= 4))
                return true;
        }

        return false;
    }

    private static bool EndsInAbbreviation(ReadOnlySpan<char> line)
    {
        var text = line.TrimEnd("\"'”’ ");
        return text.Length >= 4 && text[^1] == '.' && char.IsUpper(text[^2]) && text[^3] is '.' or ' ';
    }

    /// <summary>The same letters and digits, or nearly all of them when the page adds the site's name.</summary>
    private static bool IsSameTitle(ReadOnlySpan<char> line, string title)
    {
        if (line.Length > title.Length * 2 + 40)
            return false;
        int a = 0, b = 0, same = 0;
        while (true)
        {
            while (a < line.Length && !char.IsLetterOrDigit(line[a]))
                a++;
            while (b < title.Length && !char.IsLetterOrDigit(title[b]))
                b++;
            if (a == line.Length || b == title.Length)
                break;
            if (char.ToUpperInvariant(line[a++]) != char.ToUpperInvariant(title[b++]))
                return false;
            same++;
        }

        var shorter = Math.Min(line.Length, title.Length);
        return same >= 3 && (a == line.Length && b == title.Length || same >= 20 && shorter * 2 >= Math.Max(line.Length, title.Length));
    }

    /// <summary>A page on which everything looks like boilerplate is a page that this judgement does not fit.</summary>
    private static void RescueEmptyBody(PageContext page, Span<PageLine> lines)
    {
        var kept = 0;
        foreach (ref var line in lines)
            kept += line.Role == LineRole.Body ? 1 : 0;
        if (kept > 0)
            return;
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Role == LineRole.Noise && page.Stats[i].Cues.Start < 3 && page.Stats[i].Cues.Whole == 0)
                lines[i].Role = LineRole.Body;
        }
    }

    private static bool IsHeading(PageContext page, Span<PageLine> lines, int i, int title)
    {
        var next = NextBody(lines, i);
        if (next < 0)
            return false;
        if (lines[i].HeadingLevel > 0)
            return page.Stats[i].Length <= 2 * LongestHeading;
        ref readonly var s = ref page.Stats[i];
        var line = page.Buffer[lines[i]];
        if (s.Length > LongestHeading || s.Words is 0 or > 14 || s.StartsLower || lines[i].IsListItem || lines[i].IsProtected || s.HasCopyright || s.Links > 0)
            return false;
        if (s.Last is ',' or ';' || s.Last is '.' or '!' or '…' && !EndsInAbbreviation(line) || char.IsAsciiDigit(s.Last) && s.Letters < 3)
            return false;
        if (s.SentenceEnds > 1 || line[0] is '"' or '“' or '(' or '[' or '-' or '–' or '—' or '«')
            return false;
        if (s.Last == ':' && s.Words > 4 && s.LowerStarts * 2 > s.Words)
            return false;

        // A heading stands over running text, or over one more heading that does.
        ref readonly var after = ref page.Stats[next];
        if (IsOver(after, s))
            return i > title || title < 0;
        var second = NextBody(lines, next);
        return second >= 0 && after.Length <= LongestHeading && after.Words <= 14
            && !Characters.IsTerminal(after.Last) && IsOver(page.Stats[second], s) && !lines[next].IsListItem;

        static bool IsOver(in LineStats text, in LineStats heading) =>
            text.Length > heading.Length && (text.IsProse || text.SentenceEnds > 0 && text.Words >= 4);
    }

    private static int NextBody(Span<PageLine> lines, int i)
    {
        for (i++; i < lines.Length; i++)
        {
            if (lines[i].Role is LineRole.Body or LineRole.Heading)
                return i;
        }

        return -1;
    }
}
