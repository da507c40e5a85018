namespace Pipeline.Cleaning;

/// <summary>
/// Finds where a page of plain text stops being its article. From the page's end upwards, a line is boilerplate as long
/// as only boilerplate stands below it and what it says is no part of an article: a label over nothing, a biography of
/// somebody whom the body does not speak of, words of the site about itself or to its reader, another language.
/// The first line that is none of these ends the search, so that a paragraph of the body is never jumped over.
/// </summary>
internal ref struct PageTail
{
    private const int MostLines = 24;
    private const int LongestLabel = 80;
    private const int LongestBiography = 800;
    private const int LongestCall = 320;

    /// <summary>Below these log-odds of boilerplate the line model is sure enough of a paragraph to be believed.</summary>
    private const float SureOfBody = -5;
    private const float SureOfLabel = -3.9f;

    private enum Verdict
    {
        Body,
        Tail,

        /// <summary>Tail if a line above it shows that the article was over.</summary>
        Open,
    }

    private readonly PageContext _page;
    private readonly Span<PageLine> _lines;
    private readonly float[] _scores;
    private readonly bool _isEnglish;
    private int _noiseBelow;
    private int _open;

    private PageTail(PageContext page, Span<PageLine> lines, float[] scores)
    {
        _page = page;
        _lines = lines;
        _scores = scores;
        _isEnglish = page.FirstProse < lines.Length && page.Buffer[lines[page.FirstProse]].Contains(" the ", StringComparison.Ordinal);
    }

    /// <summary>Marks the tail's lines as noise; <paramref name="title"/> and what stands above it are left alone.</summary>
    public static void Drop(PageContext page, Span<PageLine> lines, float[] scores, int title)
    {
        if (page.FirstProse < lines.Length)
            new PageTail(page, lines, scores).Drop(Math.Max(title, page.FirstProse));
    }

    private void Drop(int above)
    {
        DropDiscussion();
        var looked = 0;
        for (var i = _lines.Length - 1; i > above && looked < MostLines; i--)
        {
            if (_lines[i].Role == LineRole.Noise)
            {
                if (_open > 0 && _page.IsDoubled(i))
                    Close(i);
                else if (_open == 0)
                    _noiseBelow++;
                else if (!PersonNames.IsName(Text(i)))
                    return;
                continue;
            }

            looked++;
            if (_lines[i].HeadingLevel > 0 || _lines[i].IsProtected)
                return;
            switch (Judge(i))
            {
                case Verdict.Tail:
                    Close(i);
                    break;
                case Verdict.Open:
                    _open++;
                    break;
                default:
                    return;
            }
        }
    }

    /// <summary>Behind a heading with a count in brackets ("Discussion (2)") in the page's second half stand its readers' words.</summary>
    private readonly void DropDiscussion()
    {
        var isBehind = false;
        for (var i = Math.Max(_page.RegionEnd - 1, _lines.Length / 2); i < _lines.Length; i++)
        {
            ref readonly var s = ref _page.Stats[i];
            isBehind |= s is { Length: < 40, Digits: > 0 and < 6, Words: <= 4 } && Text(i) is [.., >= '0' and <= '9', ')'] && Text(i).Contains(" (", StringComparison.Ordinal);
            if (isBehind && _lines[i].Role == LineRole.Body && _scores[i] > (s.IsProse ? 0 : -4) && !_lines[i].IsProtected)
                _lines[i].Role = LineRole.Noise;
        }
    }

    private void Close(int i)
    {
        for (var k = i; k <= i + _open; k++)
            _lines[k].Role = LineRole.Noise;
        _noiseBelow += _open + 1;
        _open = 0;
    }

    private readonly Verdict Judge(int i)
    {
        ref readonly var s = ref _page.Stats[i];
        var line = Text(i);
        if (IsLabel(i))
            return IsTailLabel(i) ? Verdict.Tail : Verdict.Body;
        if (s.Length > LongestBiography)
            return Verdict.Body;
        var words = TailWords.Read(line, Before(i));
        var isPerson = OpensWithPronoun(line);
        if (IsUnderName(i, line, words, isPerson) || IsAboutStranger(i, line, words))
            return Verdict.Tail;
        if (_scores[i] < SureOfBody || (words.HasSpeech && !words.HasYou))
            return Verdict.Body;
        if (IsCall(i, line, words) || IsForeign(i, line))
            return Verdict.Tail;
        var isEnclosed = _noiseBelow > 0 && _lines[i - 1].Role == LineRole.Noise && s.Length < 200;
        if (isEnclosed && (_scores[i] > (s.IsProse ? 1 : 0) || (words.Person + words.Site > 0 && _scores[i] > -2 && !s.IsProse)))
            return Verdict.Tail;
        return (isPerson && words.Person > 0) || words.Person > 1 ? Verdict.Open : Verdict.Body;
    }

    /// <summary>A short line that is no sentence and, with nothing below it, no heading.</summary>
    private readonly bool IsLabel(int i)
    {
        ref readonly var s = ref _page.Stats[i];
        return s.Length <= LongestLabel && s.Words <= 12 && !s.IsProse && !s.HasQuote && s.Last is not (':' or ',' or ';')
            && (!Characters.IsTerminal(s.Last) || (s.Last == '?' && _lines[i].IsListItem));
    }

    private readonly bool IsTailLabel(int i)
    {
        if (_open > 0)
            return PersonNames.IsName(Text(i)) && PersonNames.HasGivenName(Text(i)) && OpensWithPronoun(Text(i + 1)) && !IsSpokenOf(PersonNames.Longest(Text(i)), i);
        var (first, items) = (i, i + 1 < _lines.Length && _lines[i].IsListItem && _lines[i + 1].IsListItem ? 1 : 0);
        while (first > _page.FirstProse + 1 && _lines[first].Role != LineRole.Noise && IsLabel(first) && (_lines[first].IsListItem || !_lines[i].IsListItem))
            items += _lines[first--].IsListItem ? 1 : 0;
        if (_page.Stats[first].Last == ':' && _lines[first].Role != LineRole.Noise)
            return false;
        if (items > 0)
        {
            // What a list stands under says whether it is the article's.
            var label = TailWords.Read(Text(first), default);
            return items > 1 && (_lines[first].Role == LineRole.Noise || (IsLabel(first) && (label.Site > 0 || label.HasYou || label.HasList)));
        }

        return _noiseBelow > 0 ? _scores[i] > SureOfLabel || PersonNames.IsName(Text(i)) : _scores[i] > -1.5f;
    }

    /// <summary>A paragraph about the person whose name stands above it.</summary>
    private readonly bool IsUnderName(int i, ReadOnlySpan<char> line, in TailEvidence words, bool isPerson)
    {
        var above = i - 1;
        if (words.HasSpeech || above <= _page.FirstProse)
            return false;
        var name = Text(above);
        if (_page.IsDoubled(above) || (_page.IsAuthor(name) && _page.Stats[above].SentenceEnds == 0))
            return isPerson || words.Person > 0;
        if (!PersonNames.IsName(name) || _lines[above].HeadingLevel > 0)
            return false;
        var longest = PersonNames.Longest(name);
        var head = line.Length > 80 ? line[..80] : line;
        var isAbout = head.Contains(longest, StringComparison.OrdinalIgnoreCase)
            || (((isPerson && words.Person > 0) || words.Person > 2) && (PersonNames.HasGivenName(name) || IsCountOfWorks(i + 1)));
        return isAbout && !IsSpokenOf(longest, above) && !HasPortraits(above);
    }

    /// <summary>A paragraph that opens with the name of somebody whom the body does not speak of, and tells who that is.</summary>
    private readonly bool IsAboutStranger(int i, ReadOnlySpan<char> line, in TailEvidence words)
    {
        ref readonly var s = ref _page.Stats[i];
        if (line.Length > 400 || words.HasSpeech || s.HasQuote || _scores[i] < SureOfBody)
            return false;
        var head = line.TrimStart('(');
        if (head.StartsWith("The author ", StringComparison.Ordinal) || head.StartsWith("The writer ", StringComparison.Ordinal))
            return words.Person > 2 && !Before(i).Contains(head[..10], StringComparison.OrdinalIgnoreCase);
        var end = PersonNames.Opening(line);
        if (end == 0 || end + 2 >= line.Length || !(line[end] == ',' || (line[end] == ' ' && char.IsLower(line[end + 1]))))
            return false;
        if (PersonNames.IsName(Text(i - 1)) && HasPortraits(i - 1))
            return false;
        var name = line[..end];
        if (_page.IsAuthor(name))
            return true;
        return words.Person > (line.Length > 200 ? 1 : 0) && !IsSpokenOf(PersonNames.Longest(name), i);
    }

    /// <summary>A line in which the site speaks of itself or to its reader.</summary>
    private readonly bool IsCall(int i, ReadOnlySpan<char> line, in TailEvidence words)
    {
        ref readonly var s = ref _page.Stats[i];
        if (line.Length > LongestCall || s.HasQuote)
            return false;
        var before = Before(i);
        var address = (words.HasYou && !before.Contains(" you", StringComparison.OrdinalIgnoreCase) ? 1 : 0)
            + (words.HasWe && !before.Contains(" we ", StringComparison.OrdinalIgnoreCase) ? 1 : 0) + (s.HasAt ? 1 : 0);
        if (address == 2 && words.HasYou && words.Site == 0)
            return s.Last != '?' && _scores[i] > (_noiseBelow > 0 ? -2 : 0);
        var colon = line.Length < 160 ? line[..Math.Min(line.Length, 30)].IndexOf(':') : -1;
        var label = colon > 0 && TailWords.Read(line[..colon], before).Site > 0 ? 3 : 0;
        var isShort = line.Length <= LongestLabel && _scores[i] > -2;
        if (s.Last == '?' && line.Length > 60 && words.Site < 3)
            return false;
        var needed = 3 - (address > 0 || isShort ? 1 : 0) + (_noiseBelow == 0 && !isShort ? 1 : 0) + (line.Length > 200 || (address + label == 0 && line.Length > 100) ? 1 : 0);
        return words.Site > 0 && words.Site + address + label >= needed;
    }

    /// <summary>A sentence without any of the small words of the English that the body is written in.</summary>
    private readonly bool IsForeign(int i, ReadOnlySpan<char> line)
    {
        if (!_isEnglish || _page.Stats[i].Words < 5 || line.Length > LongestCall)
            return false;
        var isForeign = false;
        foreach (var range in line.Split(' '))
        {
            var word = line[range].Trim(".,;:!?\"“”()");
            if (word.Length == 0 || word is "in" or "In" or "an" or "An" or "so" or "So" or "was" or "Was" or "on" or "On" or "as" or "a" or "A" or "per" or "via")
                continue;
            if (word is "is" or "are" or "were" or "has" or "have" or "it" or "he" or "she" or "they" or "we" or "you" or "I" or "will" or "his" or "her"
                || RunInHeadings.IsSmall(word))
                return false;
            isForeign |= LanguageDetector.IsForeignToEnglish(word) || (word[0] > 127 && char.IsLetter(word[0]) && !char.IsUpper(word[0]));
        }

        return isForeign;
    }

    /// <summary>The page from its first running text to a line.</summary>
    private readonly ReadOnlySpan<char> Before(int i) => _page.Buffer.Slice(_lines[_page.FirstProse].Start, _lines[i].Start);

    private readonly bool IsSpokenOf(ReadOnlySpan<char> name, int before)
    {
        if (name.Length < 3)
            return true;
        for (var i = _page.FirstProse; i < before; i++)
        {
            if (_lines[i].Role == LineRole.Body && _page.Stats[i].IsProse && Text(i).Contains(name, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    /// <summary>How much somebody has written ("63 pieces", "Articles: 214"), not how often the page was read.</summary>
    private readonly bool IsCountOfWorks(int i)
    {
        if (i >= _lines.Length || _page.Stats[i] is not { Length: < 30, Digits: > 0 and < 6, Words: <= 3 })
            return false;
        foreach (var word in (ReadOnlySpan<string>)["articles", "posts", "pieces", "stories", "publications", "contributions", "texts", "columns", "entries"])
        {
            if (Text(i).Contains(word, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    /// <summary>Whether the body stands under names, as an article does that portrays several people.</summary>
    private readonly bool HasPortraits(int before)
    {
        for (var i = _page.FirstProse; i + 1 < before; i++)
        {
            if (_lines[i].Role == LineRole.Body && _page.Stats[i + 1].IsProse && PersonNames.IsName(Text(i)))
                return true;
        }

        return false;
    }

    private static bool OpensWithPronoun(ReadOnlySpan<char> line) =>
        line.Length > 3 && (line.StartsWith("I ", StringComparison.Ordinal) || line.StartsWith("I'", StringComparison.Ordinal)
        || line.StartsWith("I’", StringComparison.Ordinal) || line.StartsWith("My ", StringComparison.Ordinal)
        || line.StartsWith("He ", StringComparison.Ordinal) || line.StartsWith("She ", StringComparison.Ordinal));

    private readonly ReadOnlySpan<char> Text(int i) => _page.Buffer[_lines[i]];
}
