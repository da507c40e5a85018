using System.Runtime.CompilerServices;
using Pipeline.Segmenting;

namespace Pipeline.Classifying;

/// <summary>What a token looks like.</summary>
internal enum TokenShape : byte
{
    Lower,
    Capital,
    AllCapitals,
    Number,
    Mark,
    OpenQuote,
    CloseQuote,
    PlainQuote,
}

/// <summary>Facts about a sentence that its neighbours need as well.</summary>
internal struct SentenceFacts
{
    public int First;
    public int End;
    public int Section;
    public int ParagraphStart;
    public int ParagraphEnd;
    public int ParagraphNumber;
    public int ParagraphCount;
    public int SectionStart;
    public int SectionEnd;
    public bool ParagraphKnown;
    public bool OpensInQuote;
    public bool ClosesInQuote;
    public ulong Cues;
}

/// <summary>
/// One article, each token looked at once: hash, shape, cue classes. The buffers are reused from article to article,
/// so an instance belongs to one thread.
/// </summary>
internal sealed class ArticleScan
{
    public uint[] Words = new uint[4096];
    public ulong[] Cues = new ulong[4096];
    public TokenShape[] Shapes = new TokenShape[4096];
    public SentenceFacts[] Sentences = new SentenceFacts[256];
    public int SentenceCount;
    public string Text = "";
    public ReadOnlyMemory<Token> TokenMemory;

    /// <summary>Headings and title, tokenized: the words of heading i are from <c>HeadingEnds[i-1]</c> to <c>HeadingEnds[i]</c>.</summary>
    public readonly List<uint> HeadingWords = [];
    public readonly List<Heading> Headings = [];
    public readonly List<uint> TitleWords = [];

    /// <summary>Of the first words of the article those that say what it is about.</summary>
    public readonly List<uint> LeadWords = [];
    private ulong[] headingCues = new ulong[64];

    /// <summary>The range of a section's words, where its innermost heading begins, and its cue classes.</summary>
    internal readonly record struct Heading(int Start, int Inner, int End, ulong Cues, ulong InnerCues);

    /// <summary>Looks at an article.</summary>
    public void Load(SegmentedArticle article, CueLexicon lexicon)
    {
        var tokens = article.Tokens.Span;
        Grow(tokens.Length, article.Sentences.Count);
        Text = article.Text;
        TokenMemory = article.Tokens;
        LookAtTokens(tokens);
        SentenceCount = article.Sentences.Count;
        HeadingWords.Clear();
        Headings.Clear();
        TitleWords.Clear();
        if (article.Article.Title is { } title)
            Cut(title, TitleWords);

        LayOut(article.Sentences, lexicon);
        lexicon.Mark(Words.AsSpan(0, tokens.Length), Cues.AsSpan(0, tokens.Length));
        var outside = ~lexicon.HeadingOnly;
        for (var s = 0; s < SentenceCount; s++)
        {
            ref var facts = ref Sentences[s];
            var all = 0UL;
            for (var t = facts.First; t < facts.End; t++)
                all |= Cues[t] &= outside;
            facts.Cues = all;
        }

        FindLead();
        FollowQuotations();
    }

    private void FindLead()
    {
        const int Most = 40;
        LeadWords.Clear();
        if (SentenceCount == 0)
            return;
        for (var t = Sentences[0].First; t < Math.Min(Sentences[0].End, Sentences[0].First + Most); t++)
        {
            if (!SentenceFeatures.IsStop(Words[t]))
                LeadWords.Add(Words[t]);
        }
    }

    /// <summary>How many tokens of the second sentence, of five letters or more, occur in the first.</summary>
    public int SharedWords(in SentenceFacts first, in SentenceFacts second)
    {
        var tokens = TokenMemory.Span;
        var words = Words.AsSpan(first.First, first.End - first.First);
        var shared = 0;
        for (var t = second.First; t < second.End; t++)
        {
            if (Shapes[t] <= TokenShape.AllCapitals && tokens[t].End - tokens[t].Start > 4 && words.Contains(Words[t]))
                shared++;
        }

        return shared;
    }

    private void Grow(int tokens, int sentences)
    {
        if (Words.Length < tokens)
        {
            var size = Math.Max(tokens, Words.Length * 2);
            Words = new uint[size];
            Cues = new ulong[size];
            Shapes = new TokenShape[size];
        }

        if (Sentences.Length < sentences)
            Sentences = new SentenceFacts[Math.Max(sentences, Sentences.Length * 2)];
    }

    private void LookAtTokens(ReadOnlySpan<Token> tokens)
    {
        for (var i = 0; i < tokens.Length; i++)
        {
            var word = tokens[i].In(Text);
            var hash = FeatureHash.Seed;
            var shape = ShapeOf(word);
            if (shape == TokenShape.Number)
            {
                // Only how long a number is, and whether it could be a year.
                foreach (var c in word)
                    hash = FeatureHash.Push(hash, char.IsAsciiDigit(c) ? '0' : FeatureHash.Fold(c));
            }
            else
            {
                foreach (var c in word)
                    hash = FeatureHash.Push(hash, FeatureHash.Fold(c));
            }

            Words[i] = hash;
            Shapes[i] = shape;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TokenShape ShapeOf(ReadOnlySpan<char> word)
    {
        var c = word[0];
        if ((uint)(c - 'a') <= 'z' - 'a')
            return TokenShape.Lower;
        if ((uint)(c - 'A') <= 'Z' - 'A')
            return word.Length > 1 && (uint)(word[1] - 'A') <= 'Z' - 'A' ? TokenShape.AllCapitals : TokenShape.Capital;
        return ShapeOfRare(word);
    }

    private static TokenShape ShapeOfRare(ReadOnlySpan<char> word)
    {
        var c = word[0];
        switch (c)
        {
            case '“' or '«' or '„':
                return TokenShape.OpenQuote;
            case '”' or '»':
                return TokenShape.CloseQuote;
            case '"':
                return TokenShape.PlainQuote;
            case '`' when word.Length == 2:
                return TokenShape.OpenQuote;
            case '\'' when word.Length == 2 && word[1] == '\'':
                return TokenShape.CloseQuote;
        }

        if (word.IndexOfAnyInRange('0', '9') >= 0)
            return TokenShape.Number;
        if (char.IsUpper(c))
            return word.Length > 1 && char.IsUpper(word[1]) ? TokenShape.AllCapitals : TokenShape.Capital;
        return char.IsLetter(c) || (word.Length > 1 && char.IsLetter(word[1])) ? TokenShape.Lower : TokenShape.Mark;
    }

    private void LayOut(IReadOnlyList<Sentence> sentences, CueLexicon lexicon)
    {
        var section = (string?)null;
        var sectionStart = 0;
        var paragraphStart = 0;
        var paragraphNumber = 0;
        for (var s = 0; s < SentenceCount; s++)
        {
            var sentence = sentences[s];
            var newSection = section is null || !string.Equals(section, sentence.Section, StringComparison.Ordinal);
            if (newSection)
            {
                Close(sectionStart, s, inParagraph: false);
                sectionStart = s;
                section = sentence.Section;
                AddHeading(section, lexicon);
            }

            if (s == 0 || newSection || sentence.Paragraph != sentences[s - 1].Paragraph)
            {
                Close(paragraphStart, s, inParagraph: true);
                paragraphStart = s;
                paragraphNumber++;
            }

            Sentences[s] = new SentenceFacts
            {
                First = sentence.FirstToken,
                End = sentence.EndToken,
                Section = Headings.Count - 1,
                ParagraphStart = paragraphStart,
                ParagraphNumber = paragraphNumber,
                SectionStart = sectionStart,
                ParagraphKnown = sentence.Paragraph > 0,
            };
        }

        Close(sectionStart, SentenceCount, inParagraph: false);
        Close(paragraphStart, SentenceCount, inParagraph: true);
        for (var s = 0; s < SentenceCount; s++)
            Sentences[s].ParagraphCount = paragraphNumber;
    }

    private void Close(int start, int end, bool inParagraph)
    {
        for (var s = start; s < end; s++)
        {
            if (inParagraph)
                Sentences[s].ParagraphEnd = end;
            else
                Sentences[s].SectionEnd = end;
        }
    }

    private void AddHeading(string section, CueLexicon lexicon)
    {
        var start = HeadingWords.Count;
        var split = section.LastIndexOf(" > ", StringComparison.Ordinal);
        if (split >= 0)
            Cut(section.AsSpan(0, split), HeadingWords);
        var inner = HeadingWords.Count;
        Cut(section.AsSpan(split < 0 ? 0 : split + 3), HeadingWords);
        var count = HeadingWords.Count - start;
        if (headingCues.Length < count)
            headingCues = new ulong[count * 2];
        var words = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(HeadingWords).Slice(start, count);
        lexicon.Mark(words, headingCues.AsSpan(0, count));
        ulong all = 0, innermost = 0;
        for (var i = 0; i < count; i++)
        {
            all |= headingCues[i];
            if (start + i >= inner)
                innermost |= headingCues[i];
        }

        Headings.Add(new Heading(start, inner, HeadingWords.Count, all, innermost));
    }

    private static void Cut(ReadOnlySpan<char> text, List<uint> words)
    {
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var inside = i < text.Length && char.IsLetterOrDigit(text[i]);
            if (inside && start < 0)
            {
                start = i;
            }
            else if (!inside && start >= 0)
            {
                words.Add(FeatureHash.Word(text[start..i]));
                start = -1;
            }
        }
    }

    private void FollowQuotations()
    {
        var open = false;
        for (var s = 0; s < SentenceCount; s++)
        {
            ref var facts = ref Sentences[s];
            // A quotation that was never closed ends with its paragraph.
            if (s == facts.ParagraphStart && facts.ParagraphKnown)
                open = false;
            facts.OpensInQuote = open;
            for (var t = facts.First; t < facts.End; t++)
            {
                if (Shapes[t] == TokenShape.OpenQuote)
                    open = true;
                else if (Shapes[t] == TokenShape.CloseQuote)
                    open = false;
                else if (Shapes[t] == TokenShape.PlainQuote)
                    open = !open;
            }

            facts.ClosesInQuote = open;
        }
    }
}
