namespace Pipeline.Cleaning;

/// <summary>What is measured on one line, in one pass over its characters.</summary>
internal struct LineStats
{
    public int Length, Words, Capitalised, LowerStarts, AllCaps, Digits, Letters, Separators, Commas, SentenceEnds, Links;
    public bool StartsLower, StartsDigit, HasQuote, HasCopyright, HasAt, IsByline, IsDateLine, EndsBody, IsCutOff;
    public char Last;
    public int Hash;
    public NoiseEvidence Cues;

    /// <summary>Running text: long enough and closed like a sentence, or plainly several sentences.</summary>
    public readonly bool IsProse =>
        Words >= 8 && LowerStarts * 2 >= Words && (Characters.IsTerminal(Last) || Length >= 200 || Last is ':' or ';' or ',');

    public static LineStats Measure(ReadOnlySpan<char> line, NoisePhrases phrases)
    {
        var s = new LineStats { Length = line.Length, Last = Characters.LastMark(line), Cues = phrases.Find(line) };
        var hash = 17;
        int letters = 0, lowerStarts = 0, words = 0;
        for (var i = 0; i < line.Length;)
        {
            while (i < line.Length && line[i] == ' ')
                i++;
            var start = i;
            var ideographs = 0;
            bool lower = false, upper = false, any = false, at = false, dot = false;
            for (; i < line.Length && line[i] != ' '; i++)
            {
                var c = line[i];
                if (char.IsAsciiLetterLower(c))
                {
                    // Most characters of a text pass here.
                    var run = i;
                    do
                        hash = unchecked((hash * 31) + line[i]);
                    while (++i < line.Length && char.IsAsciiLetterLower(line[i]));
                    letters += i - run;
                    i--;
                    lower = true;
                    lowerStarts += any ? 0 : 1;
                    any = true;
                    continue;
                }

                hash = unchecked((hash * 31) + c);
                if (c > 127 && char.IsLower(c))
                {
                    lower = true;
                    lowerStarts += any ? 0 : 1;
                    any = true;
                    letters++;
                }
                else if (char.IsAsciiLetterUpper(c) || (c > 127 && char.IsLetter(c)))
                {
                    upper |= char.IsUpper(c);
                    lower |= !char.IsUpper(c);
                    if (!any && char.IsUpper(c))
                        s.Capitalised++;
                    else if (!any)
                        lowerStarts++;
                    any = true;
                    letters++;
                    if (c is >= '\u3040' and <= '\u9FFF' or >= '\uAC00' and <= '\uD7AF')
                        ideographs++;
                }
                else if (char.IsAsciiDigit(c))
                {
                    any = true;
                    s.Digits++;
                }
                else
                {
                    switch (c)
                    {
                        case ',':
                            s.Commas++;
                            break;
                        case '|' or '•' or '·' or '»' or '›' or '/' or '→' or '►':
                            s.Separators++;
                            break;
                        case '"' or '“' or '”' or '«':
                            s.HasQuote = true;
                            break;
                        case '©':
                            s.HasCopyright = true;
                            break;
                        case '@':
                            s.HasAt |= i == 0 || line[i - 1] != '(';
                            at = true;
                            break;
                        case '#':
                            at = true;
                            break;
                        case '.' or '!' or '?' or '。' or '！' or '？':
                            dot = true;
                            break;
                    }
                }
            }

            if (i == start)
                break;
            if (any)
                words++;

            // Chinese and Japanese put no spaces between words, which are about two characters long.
            if (ideographs > 2)
            {
                words += (ideographs / 2) - 1;
                lowerStarts += (ideographs / 2) - 1;
            }

            if (upper && !lower && i - start > 1)
                s.AllCaps++;
            if (at || (line[start] is 'h' or 'H' or 'w' or 'W'
                && (line[start..i].StartsWith("http", StringComparison.OrdinalIgnoreCase) || line[start..i].StartsWith("www.", StringComparison.OrdinalIgnoreCase))))
                s.Links++;
            if (dot && Characters.IsTerminal(Characters.LastMark(line[start..i])) && i - start > 2)
                s.SentenceEnds++;
        }

        (s.Hash, s.Letters, s.LowerStarts, s.Words) = (hash, letters, lowerStarts, words);
        s.IsByline = LineShapes.IsByline(line);
        s.IsDateLine = s.Digits > 0 && LineShapes.IsDateLine(line);
        s.EndsBody = line.Length <= 60 && phrases.EndsBody(line);
        s.IsCutOff = line.EndsWith("...", StringComparison.Ordinal) || line.EndsWith("…", StringComparison.Ordinal)
            || line.EndsWith("…]", StringComparison.Ordinal) || line.EndsWith("...]", StringComparison.Ordinal);
        if (line.Length > 0)
        {
            s.StartsLower = char.IsLower(line[0]);
            s.StartsDigit = char.IsAsciiDigit(line[0]);
        }

        return s;
    }
}

/// <summary>The numbers that the line model weighs. The names are those of <c>line-model.tsv</c>.</summary>
internal static class LineFeatures
{
    public static readonly string[] Names =
    [
        "bias", "chars_under_20", "chars_under_40", "chars_under_80", "chars_under_140", "chars_under_250", "chars_from_250",
        "words_under_4", "ends_terminal", "ends_colon", "ends_question", "ends_open",
        "starts_lower", "starts_digit", "lower_share", "caps_share", "all_caps", "digit_share",
        "separators", "commas", "sentences_2", "quote", "link", "copyright",
        "cue_start_certain", "cue_start", "cue_whole", "cue_part", "cue_part_short", "cue_long",
        "byline", "dateline", "names_author", "short_list",
        "before_prose", "after_prose", "prose_share_near", "prev_prose", "next_prose", "prev_short", "next_short",
        "outside_region", "outside_region_short", "from_top_3", "from_end_3", "repeated", "cue_tail", "bio_tail", "item",
        "cut_off", "ends_body", "behind_end", "behind_end_short", "page_short_share", "page_short_share_short", "long_page_short",
        "contact", "first_person_tail",
    ];

    /// <summary>Fills in the features of the line at an index.</summary>
    public static void Fill(PageContext page, int index, Span<float> f)
    {
        f.Clear();
        ref readonly var s = ref page.Stats[index];
        var line = page.Buffer[page.Buffer.Lines[index]];
        var n = page.Stats.Length;
        var i = 0;
        var isShort = s.Length < 140;
        void Set(Span<float> g, bool value) => g[i++] = value ? 1 : 0;

        Set(f, true);
        Set(f, s.Length < 20);
        Set(f, s.Length is >= 20 and < 40);
        Set(f, s.Length is >= 40 and < 80);
        Set(f, s.Length is >= 80 and < 140);
        Set(f, s.Length is >= 140 and < 250);
        Set(f, s.Length >= 250);
        Set(f, s.Words < 4);
        var terminal = Characters.IsTerminal(s.Last);
        Set(f, terminal);
        Set(f, s.Last == ':');
        Set(f, s.Last == '?');
        Set(f, !terminal && s.Last != ':');
        Set(f, s.StartsLower);
        Set(f, s.StartsDigit);
        var words = Math.Max(1, s.Words);
        f[i++] = (float)s.LowerStarts / words;
        f[i++] = (float)s.Capitalised / words;
        Set(f, s.AllCaps * 2 > words);
        f[i++] = (float)s.Digits / Math.Max(1, s.Letters + s.Digits);
        f[i++] = Math.Min(4, s.Separators) / 4f;
        f[i++] = Math.Min(4, s.Commas) / 4f;
        Set(f, s.SentenceEnds >= 2);
        Set(f, s.HasQuote);
        Set(f, s.Links > 0);
        Set(f, s.HasCopyright);
        var prose = s.IsProse && s.Length >= 140;
        Set(f, s.Cues.Start == 3 && !prose);
        Set(f, s.Cues.Start is 1 or 2 && !prose);
        Set(f, s.Cues.Whole > 0);
        Set(f, s.Cues.Part > 1);
        Set(f, s.Cues.Part > 0 && isShort);
        Set(f, s.Cues.Start == 3 && prose);
        Set(f, s.IsByline);
        Set(f, s.IsDateLine);
        Set(f, page.IsAuthor(line));
        Set(f, isShort && s.Capitalised >= 3 && s.LowerStarts <= 1 && s.Commas == 0 && !terminal);
        Set(f, index < page.FirstProse);
        Set(f, index > page.LastProse);
        f[i++] = page.ProseShareNear(index);
        Set(f, index > 0 && page.Stats[index - 1].IsProse);
        Set(f, index + 1 < n && page.Stats[index + 1].IsProse);
        Set(f, index > 0 && page.Stats[index - 1].Length < 40);
        Set(f, index + 1 < n && page.Stats[index + 1].Length < 40);
        var outside = index < page.RegionStart || index >= page.RegionEnd;
        Set(f, outside);
        Set(f, outside && isShort);
        Set(f, index < 3);
        Set(f, index >= n - 3);
        Set(f, page.IsRepeated(index));
        Set(f, outside && (s.Cues.Start > 0 || s.Cues.Part > 0 || s.Cues.Whole > 0));
        Set(f, s.Cues.Part > 1 && index >= n - 12 && index + 1 >= page.RegionEnd);
        Set(f, page.Buffer.Lines[index].IsListItem);
        Set(f, s.IsCutOff);
        Set(f, s.EndsBody);
        Set(f, index > page.EndOfBody);
        Set(f, index > page.EndOfBody && isShort);
        f[i++] = page.ShortShare;
        f[i++] = isShort ? page.ShortShare : 0;
        Set(f, s.Length < 80 && n > 60);
        Set(f, s.HasAt);
        Set(f, index > page.LastProse - 3 && index >= n - 8 && line.StartsWith("I ", StringComparison.Ordinal));
    }
}
