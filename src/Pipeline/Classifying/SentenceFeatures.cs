using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Pipeline.Segmenting;

namespace Pipeline.Classifying;

/// <summary>Which features are made, and how much each family weighs. Part of the model file.</summary>
internal readonly record struct FeatureSettings(FeatureFamilies Families)
{
    public static FeatureSettings Default { get; } = new(FeatureFamilies.All);

    /// <summary>Each family by the name that users know it by.</summary>
    public static IReadOnlyDictionary<string, FeatureFamilies> Names { get; } = Enum.GetValues<FeatureFamilies>()
        .Where(f => f is not (FeatureFamilies.None or FeatureFamilies.All)).ToDictionary(f => f.ToString().ToLowerInvariant());
}

/// <summary>
/// The features of a sentence within its article, hashed and handed to a sink one by one; nothing is allocated.
/// Names and numbers are generalised wherever more than one word is joined, and families are scaled to equal length, so
/// that what a model learns carries over to other subjects.
/// </summary>
internal readonly ref struct SentenceFeatures(ArticleScan scan, FeatureSettings settings)
{
    // Kinds of features; part of the hash, so a number is never reused.
    private const uint Word = 1, Pair = 2, Triple = 3, Prefix = 4, Suffix = 5, Cue = 7, CueOpening = 8, CueTwice = 9,
        CueSequence = 10, CueQuoted = 11, FormLength = 12, FormQuote = 13, FormMark = 14, FormTense = 15, FormDensity = 16,
        FormPredicate = 17, OpenOne = 18, OpenTwo = 19, OpenThree = 20, Place = 21, PlaceEnd = 22, PlaceTenth = 23,
        PlaceParagraph = 24, PlaceInParagraph = 25, PlaceInSection = 26, PlaceCount = 27, HeadingInner = 28, HeadingOuter = 29,
        HeadingCue = 30, HeadingShared = 31, HeadingNone = 32, HeadingPair = 33, TitleShared = 34,
        NextCue = 37, LastCue = 38, NextOpening = 39, LastOpening = 40, NextForm = 41, LastForm = 42, NextTwo = 43,
        LastTwo = 44, Cohesion = 45, CueLate = 46, HeadingOuterCue = 48;

    private readonly ReadOnlySpan<Token> tokens = scan.TokenMemory.Span;

    private const uint NameWord = 0x51ED270B, NumberWord = 0x2545F491;

    private static readonly uint[] Copulas = Hashes(
        "is are was were be been being has have had do does did will would can could may might must shall should 'll 'd 's ca wo");

    private static readonly uint[] Stops = Hashes(
        "the a an of to in on for and or but with by at from as that this it its is are was were be been has have had will would "
        + "not he she they his her their we our i you who which what when where how than then so if into over about after before "
        + "more most other also could may might can should must do does did there these those such no all any some one two new s");

    /// <summary>Hands over the features of one sentence.</summary>
    public void Emit<TSink>(int sentence, ref TSink sink)
        where TSink : struct, IFeatureSink, allows ref struct
    {
        ref readonly var facts = ref scan.Sentences[sentence];
        var families = settings.Families;
        if ((families & (FeatureFamilies.Words | FeatureFamilies.Characters)) != 0)
            EmitWords(facts, families, ref sink);
        if ((families & FeatureFamilies.Phrases) != 0)
            EmitPhrases(facts, ref sink);
        if ((families & FeatureFamilies.Cues) != 0)
            EmitCues(facts, ref sink);
        if ((families & FeatureFamilies.Form) != 0)
            EmitForm(facts, ref sink);
        if ((families & FeatureFamilies.Opening) != 0)
            EmitOpening(facts, ref sink);
        if ((families & FeatureFamilies.Position) != 0)
            EmitPosition(sentence, facts, ref sink);
        if ((families & FeatureFamilies.Heading) != 0)
            EmitHeading(facts, ref sink);
        if ((families & FeatureFamilies.Title) != 0)
            EmitTitle(sentence, facts, ref sink);
        if ((families & FeatureFamilies.Neighbours) != 0)
            EmitNeighbours(sentence, facts, ref sink);
    }

    private static uint[] Hashes(string words) => [.. words.Split(' ').Select(w => FeatureHash.Word(w))];

    /// <summary>Whether a word says nothing of the subject.</summary>
    public static bool IsStop(uint word) => Stops.AsSpan().Contains(word);

    private static float Unit(int count) => 1f / MathF.Sqrt(Math.Max(count, 4));

    private void EmitWords<TSink>(in SentenceFacts facts, FeatureFamilies families, ref TSink sink)
        where TSink : struct, IFeatureSink, allows ref struct
    {
        var value = 2.2f * Unit(facts.End - facts.First);
        var grams = 0.8f * Unit(facts.End - facts.First);
        for (var t = facts.First; t < facts.End; t++)
        {
            var source = new FeatureSource(FeatureSourceKind.Tokens, t);
            if ((families & FeatureFamilies.Words) != 0)
                sink.Add(FeatureFamilies.Words, FeatureHash.Key(Word, scan.Words[t]), value, source);
            if ((families & FeatureFamilies.Characters) == 0 || scan.Shapes[t] > TokenShape.AllCapitals)
                continue;
            EmitCharacters(tokens[t].In(scan.Text), grams, source, ref sink);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EmitCharacters<TSink>(ReadOnlySpan<char> word, float value, FeatureSource source, ref TSink sink)
        where TSink : struct, IFeatureSink, allows ref struct
    {
        if (word.Length < 5)
            return;
        // n-grams of four letters, then the beginning and the ends of the word.
        var a = FeatureHash.Fold(word[0]);
        var b = FeatureHash.Fold(word[1]);
        var c = FeatureHash.Fold(word[2]);
        var start = FeatureHash.Push(FeatureHash.Push(FeatureHash.Push(FeatureHash.Seed, a), b), c);
        var d = FeatureHash.Fold(word[3]);
        start = FeatureHash.Push(start, d);
        sink.Add(FeatureFamilies.Characters, FeatureHash.Key(Prefix, start), value, source);
        if (word.Length > 6)
            sink.Add(FeatureFamilies.Characters, FeatureHash.Key(Prefix, FeatureHash.Push(FeatureHash.Push(start, FeatureHash.Fold(word[4])), FeatureHash.Fold(word[5]))), value, source);
        var y = FeatureHash.Push(FeatureHash.Push(FeatureHash.Seed, FeatureHash.Fold(word[^1])), FeatureHash.Fold(word[^2]));
        sink.Add(FeatureFamilies.Characters, FeatureHash.Key(Suffix, y), value, source);
        y = FeatureHash.Push(y, FeatureHash.Fold(word[^3]));
        sink.Add(FeatureFamilies.Characters, FeatureHash.Key(Suffix, y), value, source);
        if (word.Length > 6)
            sink.Add(FeatureFamilies.Characters, FeatureHash.Key(Suffix, FeatureHash.Push(y, FeatureHash.Fold(word[^4]))), value, source);
    }

    /// <summary>The word for joining: names and numbers as such.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint General(int token, int first) => scan.Shapes[token] switch
    {
        TokenShape.Number => NumberWord,
        TokenShape.Capital when token > first => NameWord,
        TokenShape.AllCapitals => NameWord,
        _ => scan.Words[token],
    };

    private void EmitPhrases<TSink>(in SentenceFacts facts, ref TSink sink)
        where TSink : struct, IFeatureSink, allows ref struct
    {
        var value = 1.2f * Unit(facts.End - facts.First);
        uint before = 0, last = 1;
        var lastToken = facts.First;
        for (var t = facts.First; t < facts.End; t++)
        {
            var word = General(t, facts.First);
            // A run of names or numbers counts as one.
            if (word == last && (word == NameWord || word == NumberWord))
                continue;
            sink.Add(FeatureFamilies.Phrases, FeatureHash.Key(Pair, FeatureHash.Join(last, word)), value,
                new FeatureSource(FeatureSourceKind.Tokens, lastToken, t + 1 - lastToken));
            if (t > facts.First)
            {
                sink.Add(FeatureFamilies.Phrases, FeatureHash.Key(Triple, FeatureHash.Join(FeatureHash.Join(before, last), word)), 0.6f * value,
                    new FeatureSource(FeatureSourceKind.Tokens, lastToken, t + 1 - lastToken));
            }

            before = last;
            last = word;
            lastToken = t;
        }
    }

    private void EmitCues<TSink>(in SentenceFacts facts, ref TSink sink)
        where TSink : struct, IFeatureSink, allows ref struct
    {
        ulong twice = 0, once = 0, opening = 0, late = 0, last = 0;
        var openingEnd = Math.Min(facts.First + 5, facts.End);
        var lateStart = facts.First + ((facts.End - facts.First) / 2);
        for (var t = facts.First; t < facts.End; t++)
        {
            var cues = scan.Cues[t];
            if (cues == 0)
                continue;
            twice |= once & cues;
            once |= cues;
            if (t < openingEnd)
                opening |= cues;
            if (t >= lateStart)
                late |= cues;
            for (var l = last; l != 0; l &= l - 1)
            {
                var from = (uint)BitOperations.TrailingZeroCount(l);
                for (var c = cues; c != 0; c &= c - 1)
                {
                    var to = BitOperations.TrailingZeroCount(c);
                    sink.Add(FeatureFamilies.Cues, FeatureHash.Key(CueSequence, (from << 6) | (uint)to), 0.25f,
                        new FeatureSource(FeatureSourceKind.Cue, to));
                }
            }

            last = cues;
        }

        EmitClasses(CueOpening, opening, 0.5f, FeatureSourceKind.Cue, FeatureFamilies.Cues, ref sink);
        EmitClasses(Cue, once, 0.6f, FeatureSourceKind.Cue, FeatureFamilies.Cues, ref sink);
        EmitClasses(CueTwice, twice, 0.4f, FeatureSourceKind.Cue, FeatureFamilies.Cues, ref sink);
        EmitClasses(CueLate, late, 0.3f, FeatureSourceKind.Cue, FeatureFamilies.Cues, ref sink);
        if (facts.OpensInQuote)
            EmitClasses(CueQuoted, once, 0.3f, FeatureSourceKind.Cue, FeatureFamilies.Cues, ref sink);
    }

    private static void EmitClasses<TSink>(
        uint kind, ulong classes, float value, FeatureSourceKind source, FeatureFamilies family, ref TSink sink)
        where TSink : struct, IFeatureSink, allows ref struct
    {
        for (; classes != 0; classes &= classes - 1)
        {
            var number = BitOperations.TrailingZeroCount(classes);
            sink.Add(family, FeatureHash.Key(kind, (uint)number), value, new FeatureSource(source, number));
        }
    }

    private static uint Bucket(int count) => count < 4 ? (uint)count : (uint)(BitOperations.Log2((uint)count) * 2) + (uint)((count >> (BitOperations.Log2((uint)count) - 1)) & 1);

    private void EmitForm<TSink>(in SentenceFacts facts, ref TSink sink)
        where TSink : struct, IFeatureSink, allows ref struct
    {
        const FeatureFamilies Family = FeatureFamilies.Form;
        var source = new FeatureSource(FeatureSourceKind.Shape);
        int names = 0, numbers = 0, past = 0, progressive = 0, infinitives = 0, quotes = 0, years = 0;
        var predicate = -1;
        var to = FeatureHash.Word("to");
        for (var t = facts.First; t < facts.End; t++)
        {
            switch (scan.Shapes[t])
            {
                case TokenShape.Capital or TokenShape.AllCapitals:
                    if (t > facts.First)
                        names++;
                    continue;
                case TokenShape.Number:
                    numbers++;
                    if (tokens[t].Span.Length == 4)
                        years++;
                    continue;
                case TokenShape.OpenQuote or TokenShape.CloseQuote or TokenShape.PlainQuote:
                    quotes++;
                    continue;
                case TokenShape.Mark:
                    var mark = scan.Text[tokens[t].Start];
                    if (mark is '?' or '!' or ':' or ';' or '—' or '–' or '(' or '%' or '$' or '€')
                        sink.Add(Family, FeatureHash.Key(FormMark, mark), 0.4f, source);
                    continue;
            }

            var word = tokens[t].In(scan.Text);
            if (word.Length > 4 && word[^1] == 'd' && word[^2] == 'e')
                past++;
            else if (word.Length > 4 && word[^1] == 'g' && word[^2] == 'n' && word[^3] == 'i')
                progressive++;
            if (scan.Words[t] == to)
                infinitives++;
            if (predicate < 0 && word.Length <= 6 && Copulas.AsSpan().Contains(scan.Words[t]))
                predicate = t;
        }

        var length = facts.End - facts.First;
        sink.Add(Family, FeatureHash.Key(FormLength, Bucket(length)), 0.5f, source);
        sink.Add(Family, FeatureHash.Key(FormQuote, (facts.OpensInQuote ? 1u : 0) | (facts.ClosesInQuote ? 2u : 0) | (quotes > 0 ? 4u : 0)), 0.6f, source);
        sink.Add(Family, FeatureHash.Key(FormTense, Bucket(past)), 0.4f, source);
        sink.Add(Family, FeatureHash.Key(FormTense, 64 + Bucket(progressive)), 0.4f, source);
        sink.Add(Family, FeatureHash.Key(FormTense, 128 + Bucket(infinitives)), 0.4f, source);
        sink.Add(Family, FeatureHash.Key(FormDensity, Bucket(numbers)), 0.4f, source);
        sink.Add(Family, FeatureHash.Key(FormDensity, 64 + Bucket(years)), 0.4f, source);
        sink.Add(Family, FeatureHash.Key(FormDensity, 128 + (uint)(8 * names / Math.Max(length, 1))), 0.4f, source);
        if (predicate < 0)
        {
            sink.Add(Family, FeatureHash.Key(FormPredicate, past > 0 ? 1u : 0), 0.6f, source);
        }
        else
        {
            sink.Add(Family, FeatureHash.Key(FormPredicate, scan.Words[predicate]), 0.6f,
                new FeatureSource(FeatureSourceKind.Tokens, predicate));
        }
    }

    private void EmitOpening<TSink>(in SentenceFacts facts, ref TSink sink)
        where TSink : struct, IFeatureSink, allows ref struct
    {
        const FeatureFamilies Family = FeatureFamilies.Opening;
        var first = facts.First;
        while (first < facts.End - 1 && scan.Shapes[first] >= TokenShape.Mark)
            first++;
        if (first >= facts.End)
            return;
        var one = scan.Shapes[first] == TokenShape.Number ? NumberWord : scan.Words[first];
        sink.Add(Family, FeatureHash.Key(OpenOne, one), 0.7f, new FeatureSource(FeatureSourceKind.Tokens, first));
        if (first + 1 >= facts.End)
            return;
        var two = FeatureHash.Join(one, General(first + 1, first));
        sink.Add(Family, FeatureHash.Key(OpenTwo, two), 0.7f, new FeatureSource(FeatureSourceKind.Tokens, first, 2));
        if (first + 2 < facts.End)
        {
            sink.Add(Family, FeatureHash.Key(OpenThree, FeatureHash.Join(two, General(first + 2, first))), 0.5f,
                new FeatureSource(FeatureSourceKind.Tokens, first, 3));
        }
    }

    private void EmitPosition<TSink>(int sentence, in SentenceFacts facts, ref TSink sink)
        where TSink : struct, IFeatureSink, allows ref struct
    {
        const FeatureFamilies Family = FeatureFamilies.Position;
        var source = new FeatureSource(FeatureSourceKind.Place);
        var count = scan.SentenceCount;
        var fromEnd = count - 1 - sentence;
        sink.Add(Family, FeatureHash.Key(Place, Bucket(sentence)), 0.24f, source);
        sink.Add(Family, FeatureHash.Key(PlaceEnd, Bucket(fromEnd)), 0.24f, source);
        // Two neighbouring steps share a sentence, so that the effect of the place is smooth.
        var place = count > 1 ? sentence * 10f / (count - 1) : 0;
        var step = Math.Min((uint)place, 9);
        sink.Add(Family, FeatureHash.Key(PlaceTenth, step), 0.32f * (1 - (place - step)), source);
        sink.Add(Family, FeatureHash.Key(PlaceTenth, step + 1), 0.32f * (place - step), source);
        sink.Add(Family, FeatureHash.Key(PlaceCount, Bucket(count)), 0.12f, source);
        sink.Add(Family, FeatureHash.Key(PlaceCount, 256 + (Math.Min((uint)count, 15) << 4) + Math.Min((uint)sentence, 15)), count < 16 ? 0.2f : 0.08f, source);
        if (facts.ParagraphKnown)
        {
            var length = facts.ParagraphEnd - facts.ParagraphStart;
            var inside = sentence - facts.ParagraphStart;
            var which = inside == 0 ? (length == 1 ? 0u : 1u) : inside == length - 1 ? 2u : 3u;
            sink.Add(Family, FeatureHash.Key(PlaceInParagraph, which), 0.16f, source);
            sink.Add(Family, FeatureHash.Key(PlaceInParagraph, 16 + (Math.Min((uint)length, 7) << 3) + Math.Min((uint)inside, 7)), 0.12f, source);
            sink.Add(Family, FeatureHash.Key(PlaceParagraph, Math.Min((uint)facts.ParagraphNumber, 6)), 0.12f, source);
            sink.Add(Family, FeatureHash.Key(PlaceParagraph, 16 + Math.Min((uint)(facts.ParagraphCount - facts.ParagraphNumber), 6)), 0.12f, source);
        }

        if (facts.SectionStart > 0 || facts.SectionEnd < count)
        {
            sink.Add(Family, FeatureHash.Key(PlaceInSection, Math.Min((uint)(sentence - facts.SectionStart), 4)), 0.12f, source);
            sink.Add(Family, FeatureHash.Key(PlaceInSection, 16 + Math.Min((uint)(facts.SectionEnd - 1 - sentence), 4)), 0.12f, source);
        }
    }

    private void EmitHeading<TSink>(in SentenceFacts facts, ref TSink sink)
        where TSink : struct, IFeatureSink, allows ref struct
    {
        const FeatureFamilies Family = FeatureFamilies.Heading;
        var heading = scan.Headings[facts.Section];
        if (heading.End == heading.Start)
        {
            sink.Add(Family, FeatureHash.Key(HeadingNone, facts.SectionEnd == scan.SentenceCount ? 0u : 1u), 0.5f,
                new FeatureSource(FeatureSourceKind.HeadingWord));
            return;
        }

        var words = CollectionsMarshal.AsSpan(scan.HeadingWords);
        EmitHeadingWords(HeadingInner, words[heading.Inner..heading.End], heading.Inner, ref sink);
        if (heading.Inner > heading.Start)
            EmitHeadingWords(HeadingOuter, words[heading.Start..heading.Inner], heading.Start, ref sink);
        EmitClasses(HeadingCue, heading.InnerCues, 0.5f, FeatureSourceKind.HeadingCue, Family, ref sink);
        EmitClasses(HeadingOuterCue, heading.Cues, 0.5f, FeatureSourceKind.HeadingCue, Family, ref sink);
        var shared = Shared(facts, words[heading.Inner..heading.End]);
        sink.Add(Family, FeatureHash.Key(HeadingShared, Math.Min(shared, 4)), 0.3f, new FeatureSource(FeatureSourceKind.Shared));
    }

    private static void EmitHeadingWords<TSink>(uint kind, ReadOnlySpan<uint> words, int start, ref TSink sink)
        where TSink : struct, IFeatureSink, allows ref struct
    {
        var value = 1.2f * Unit(words.Length);
        for (var i = 0; i < words.Length; i++)
        {
            var source = new FeatureSource(FeatureSourceKind.HeadingWord, start + i);
            sink.Add(FeatureFamilies.Heading, FeatureHash.Key(kind, words[i]), value, source);
            if (i > 0)
                sink.Add(FeatureFamilies.Heading, FeatureHash.Key(HeadingPair, FeatureHash.Join(words[i - 1], words[i])), value, source);
        }
    }

    private uint Shared(in SentenceFacts facts, ReadOnlySpan<uint> words)
    {
        var shared = 0u;
        foreach (var word in words)
        {
            if (!IsStop(word) && scan.Words.AsSpan(facts.First, facts.End - facts.First).Contains(word))
                shared++;
        }

        return shared;
    }

    private void EmitTitle<TSink>(int sentence, in SentenceFacts facts, ref TSink sink)
        where TSink : struct, IFeatureSink, allows ref struct
    {
        if (scan.TitleWords.Count > 0)
        {
            var shared = Shared(facts, CollectionsMarshal.AsSpan(scan.TitleWords));
            sink.Add(FeatureFamilies.Title, FeatureHash.Key(TitleShared, Math.Min(shared, 4)), 0.4f, new FeatureSource(FeatureSourceKind.Shared));
        }

        if (sentence > 0)
        {
            var words = scan.Words.AsSpan(facts.First, facts.End - facts.First);
            var shared = 0u;
            foreach (var word in CollectionsMarshal.AsSpan(scan.LeadWords))
                shared += words.Contains(word) ? 1u : 0;
            sink.Add(FeatureFamilies.Title, FeatureHash.Key(Cohesion, Math.Min(shared, 5)), 0.3f, new FeatureSource(FeatureSourceKind.Shared));
        }
    }

    private void EmitNeighbours<TSink>(int sentence, in SentenceFacts facts, ref TSink sink)
        where TSink : struct, IFeatureSink, allows ref struct
    {
        if (sentence > 0)
        {
            var together = !facts.ParagraphKnown ? 2u : facts.ParagraphStart < sentence ? 1u : 0u;
            EmitNeighbour(scan.Sentences[sentence - 1], together, before: true, ref sink);
        }

        if (sentence + 1 < scan.SentenceCount)
        {
            var together = !facts.ParagraphKnown ? 2u : facts.ParagraphEnd > sentence + 1 ? 1u : 0u;
            EmitNeighbour(scan.Sentences[sentence + 1], together, before: false, ref sink);
        }
    }

    private void EmitNeighbour<TSink>(in SentenceFacts other, uint together, bool before, ref TSink sink)
        where TSink : struct, IFeatureSink, allows ref struct
    {
        const FeatureFamilies Family = FeatureFamilies.Neighbours;
        var source = before ? FeatureSourceKind.TokensBefore : FeatureSourceKind.TokensAfter;
        var cueSource = before ? FeatureSourceKind.CueBefore : FeatureSourceKind.CueAfter;
        EmitClasses(before ? LastCue : NextCue, other.Cues, 0.1f, cueSource, Family, ref sink);
        EmitClasses((before ? LastCue : NextCue) + (100 * (together + 1)), other.Cues, 0.08f, cueSource, Family, ref sink);
        if (other.End - other.First < 2)
            return;
        var one = General(other.First, other.First);
        sink.Add(Family, FeatureHash.Key(before ? LastOpening : NextOpening, one), 0.3f, new FeatureSource(source, other.First));
        sink.Add(Family, FeatureHash.Key(before ? LastTwo : NextTwo, FeatureHash.Join(one, General(other.First + 1, other.First))), 0.3f,
            new FeatureSource(source, other.First, 2));
        sink.Add(Family, FeatureHash.Key(before ? LastForm : NextForm, other.ClosesInQuote ? 1u : 0), 0.2f, new FeatureSource(FeatureSourceKind.Shape));
    }
}
