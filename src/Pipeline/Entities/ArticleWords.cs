using System.Collections.Frozen;
using Pipeline.Cleaning;
using Pipeline.Segmenting;

namespace Pipeline.Entities;

/// <summary>What is known about the tokens of one article before any tag: traits, list classes, runs of capitalised words, and what else the article says of the same word. Reused from article to article; belongs to one thread.</summary>
internal sealed class ArticleWords
{
    private readonly NameLists lists = NameLists.Shared;
    private ulong[] evidenceKeys = new ulong[256];
    private int[] evidenceOf = [];

    public WordTraits[] Traits { get; private set; } = [];

    /// <summary>List classes of the token as the begin, inside, last, or only word of an entry.</summary>
    public uint[] Begins { get; private set; } = [];

    public uint[] Insides { get; private set; } = [];

    public uint[] Lasts { get; private set; } = [];

    public uint[] Units { get; private set; } = [];

    /// <summary>First token and end of the run of capitalised words that the token stands in; equal where in none.</summary>
    public int[] RunFirst { get; private set; } = [];

    public int[] RunEnd { get; private set; } = [];

    /// <summary>What the nearest small noun before and behind the run of a token says its name is (list classes); at the run's first token.</summary>
    public uint[] CueBefore { get; private set; } = [];

    public uint[] CueBehind { get; private set; } = [];

    public ushort[] Clusters { get; private set; } = [];

    /// <summary>Evidence of the article about the token's word, by <see cref="EvidenceOf"/>.</summary>
    public WordEvidence[] Evidence { get; private set; } = new WordEvidence[256];

    public SentenceKind[] Kinds { get; private set; } = [];

    /// <summary>Whether the token can stand in a name; all others are outside without asking the model.</summary>
    public bool[] Open { get; private set; } = [];

    public int Count { get; private set; }

    /// <summary>Slot of the token's word in <see cref="Evidence"/>, or -1.</summary>
    public int EvidenceOf(int token) => evidenceOf[token];

    public int EvidenceSlots { get; private set; }

    public void Prepare(string text, ReadOnlySpan<Token> tokens, ReadOnlySpan<TokenRange> sentences, WordClusters clusters)
    {
        Count = tokens.Length;
        EnsureSize(tokens.Length, sentences.Length);
        Array.Clear(Begins, 0, Count);
        Array.Clear(Insides, 0, Count);
        Array.Clear(Lasts, 0, Count);
        Array.Clear(Units, 0, Count);
        for (var i = 0; i < tokens.Length; i++)
        {
            WordTraits.Fill(tokens[i].In(text), out Traits[i]);
            Clusters[i] = clusters.Find(Traits[i].Lower);
        }

        for (var s = 0; s < sentences.Length; s++)
        {
            Kinds[s] = KindOf(sentences[s]);
            Look(sentences[s]);
            FindRuns(sentences[s]);
            FindOpen(sentences[s], Kinds[s]);
        }

        Gather(sentences);
    }

    private SentenceKind KindOf(TokenRange sentence)
    {
        int words = 0, capitalised = 0, allCaps = 0, numbers = 0;
        for (var i = sentence.First; i < sentence.End; i++)
        {
            switch (Traits[i].Kind)
            {
                case WordKind.Mark: break;
                case WordKind.Number: numbers++; break;
                case WordKind.Lower: words++; break;
                case WordKind.AllCaps: words++; capitalised++; allCaps++; break;
                default: words++; if (Traits[i].HasUpper) capitalised++; break;
            }
        }

        if (words == 0) return SentenceKind.Other;
        if (allCaps >= 3 && allCaps * 10 >= words * 7) return SentenceKind.Shouted;
        if (numbers >= words && numbers > 1) return SentenceKind.Table;
        if (words <= 3) return capitalised == words ? SentenceKind.Short : SentenceKind.Other;
        if (capitalised * 10 >= words * 6) return SentenceKind.TitleCase;
        return capitalised == 0 ? SentenceKind.Lower : SentenceKind.Plain;
    }

    private void Look(TokenRange sentence)
    {
        for (var i = sentence.First; i < sentence.End; i++)
        {
            if (Traits[i].Kind == WordKind.Mark) continue;
            var sequence = NameLists.Extend(0, Traits[i].Lower);
            var value = lists.Find(sequence);
            if (value == 0) continue;
            Mark(i, i + 1, value & ~NameLists.GoesOn);
            for (var j = i + 1; (value & NameLists.GoesOn) != 0 && j < sentence.End; j++)
            {
                sequence = NameLists.Extend(sequence, Traits[j].Lower);
                value = lists.Find(sequence);
                if (value == 0) break;
                if (Traits[i].HasUpper || Traits[j].HasUpper) Mark(i, j + 1, value & ~NameLists.GoesOn);
            }
        }
    }

    // The longer entry of a class replaces the shorter one that starts at the same word.
    private void Mark(int first, int end, uint bits)
    {
        bits &= ~(Insides[first] | Lasts[first]);
        if (bits == 0) return;
        if (end - first == 1)
        {
            Units[first] |= bits;
            return;
        }

        Begins[first] |= bits;
        for (var i = first; i < end; i++)
        {
            Units[i] &= ~bits;
            if (i > first && i < end - 1) Insides[i] |= bits;
            if (i == end - 1) Lasts[i] |= bits;
            else Lasts[i] &= ~bits;
        }
    }

    private void FindRuns(TokenRange sentence)
    {
        for (var i = sentence.First; i < sentence.End;)
        {
            if (!Traits[i].HasUpper)
            {
                RunFirst[i] = RunEnd[i] = i;
                i++;
                continue;
            }

            var end = i + 1;
            while (end < sentence.End && Traits[end].HasUpper) end++;
            for (var k = i; k < end; k++)
            {
                RunFirst[k] = i;
                RunEnd[k] = end;
            }

            CueBefore[i] = CueBeforeRun(sentence, i);
            CueBehind[i] = CueBehindRun(sentence, end);

            i = end;
        }
    }

    // "the port of [X]", "a base at the old [X]": the nearest small noun, unless another name or a comma stands between.
    private uint CueBeforeRun(TokenRange sentence, int first)
    {
        for (var j = first - 1; j >= sentence.First && j >= first - 4; j--)
        {
            if (Traits[j].HasUpper || Traits[j].Kind == WordKind.Mark) break;
            if ((Units[j] & CueClasses) is var cue and not 0) return cue;
        }

        return 0;
    }

    private uint CueBehindRun(TokenRange sentence, int end)
    {
        for (var j = end; j < sentence.End && j < end + 2; j++)
        {
            if (Traits[j].HasUpper || Traits[j].Kind == WordKind.Mark) break;
            if ((Units[j] & CueClasses) is var cue and not 0) return cue;
        }

        return 0;
    }

    /// <summary>Classes of common nouns only, which are looked for beside a name.</summary>
    internal const uint CueNouns = 1u << (int)NameClass.PolityHead | 1u << (int)NameClass.SiteHead | 1u << (int)NameClass.BodyHead | 1u << (int)NameClass.ThingHead;

    private const uint CueClasses = CueNouns | 1u << (int)NameClass.Role | 1u << (int)NameClass.EventHead;

    private void FindOpen(TokenRange sentence, SentenceKind kind)
    {
        const uint lowerNames = 1u << (int)NameClass.Country | 1u << (int)NameClass.Demonym | 1u << (int)NameClass.City;
        var lowerText = false;
        var uppers = 0;
        for (var i = sentence.First; i < sentence.End; i++)
        {
            Open[i] = Traits[i].HasUpper;
            if (Open[i]) uppers++;
        }

        lowerText = uppers == 0;
        for (var i = sentence.First; i < sentence.End; i++)
        {
            if (Traits[i].HasUpper)
            {
                // "The" and "In" at the start of a sentence, with no name behind them.
                if (i == sentence.First && kind == SentenceKind.Plain && Smalls.Contains(Traits[i].Lower) && i + 1 < sentence.End && !Traits[i + 1].HasUpper && Traits[i + 1].Kind == WordKind.Lower)
                    Open[i] = false;
            }
            else if (((Units[i] | Begins[i] | Lasts[i] | Insides[i]) & lowerNames) != 0 || lowerText && Traits[i].Kind == WordKind.Lower && Traits[i].Length > 2)
            {
                Open[i] = true;
            }
            else
            {
                Open[i] = GoesWithNames(i, sentence);
            }
        }
    }

    /// <summary>Whether a token without an upper-case letter may be part of a name that stands next to it: "Bank of England", "Jae-myung", "Su-35", "G20 summit".</summary>
    private bool GoesWithNames(int i, TokenRange sentence)
    {
        var before = i > sentence.First && Traits[i - 1].HasUpper;
        var after = i + 1 < sentence.End && Traits[i + 1].HasUpper;
        var before2 = i > sentence.First + 1 && Traits[i - 2].HasUpper;
        var after2 = i + 2 < sentence.End && Traits[i + 2].HasUpper;
        if (!(before || after || before2 || after2)) return false;
        var lower = Traits[i].Lower;
        switch (Traits[i].Kind)
        {
            case WordKind.Mark:
                return Stops.Contains(lower) ? (before || before2) && (after || after2) : before || after;
            case WordKind.Lower:
                if (Smalls.Contains(Traits[i].Lower)) return (before || before2) && (after || after2 || lower == WordOf) || Particles.Contains(lower) && (after || after2);
                return before || i > sentence.First && Traits[i - 1].Lower == WordHyphen && before2;
            default:
                return before || after || before2 && (Traits[i - 1].Kind == WordKind.Mark || Traits[i - 1].Lower == WordOf);
        }
    }

    /// <summary>Marks that stand inside a name only between two of its words.</summary>
    private static readonly FrozenSet<ulong> Stops = SmallWords("stop");

    /// <summary>Small words that a name may begin with.</summary>
    private static readonly FrozenSet<ulong> Particles = SmallWords("particle");

    /// <summary>Words that stand in a name only between two of its words, if at all.</summary>
    private static readonly FrozenSet<ulong> Smalls = SmallWords("small");

    private static FrozenSet<ulong> SmallWords(string name) =>
        DataFile.Rows("small-words.tsv", "Pipeline.Entities").Where(row => row[0] == name)
            .SelectMany(row => row[1].Split(' ')).Select(w => WordTraits.LowerHash(w)).ToFrozenSet();

    private void Gather(ReadOnlySpan<TokenRange> sentences)
    {
        var names = 0;
        for (var i = 0; i < Count; i++)
        {
            if (Traits[i].HasUpper) names++;
        }

        var size = 64;
        while (size < names * 2 + 1) size *= 2;
        EvidenceSlots = size;
        if (evidenceKeys.Length < size)
        {
            evidenceKeys = new ulong[size];
            Evidence = new WordEvidence[size];
        }
        else
        {
            Array.Clear(evidenceKeys, 0, size);
            Array.Clear(Evidence, 0, size);
        }

        for (var i = 0; i < Count; i++) evidenceOf[i] = Traits[i].HasUpper ? SlotOf(Traits[i].Lower, true) : -1;
        for (var s = 0; s < sentences.Length; s++)
        {
            for (var i = sentences[s].First; i < sentences[s].End; i++) Note(i, sentences[s], Kinds[s]);
        }
    }

    private int SlotOf(ulong word, bool add)
    {
        var mask = EvidenceSlots - 1;
        var slot = (int)(word >> 32) & mask;
        while (evidenceKeys[slot] != 0)
        {
            if (evidenceKeys[slot] == word) return slot;
            slot = (slot + 1) & mask;
        }

        if (!add) return -1;
        evidenceKeys[slot] = word;
        return slot;
    }

    private void Note(int i, TokenRange sentence, SentenceKind kind)
    {
        if (!Traits[i].HasUpper)
        {
            if (Traits[i].Kind != WordKind.Lower || kind == SentenceKind.Lower) return;
            var lower = SlotOf(Traits[i].Lower, false);
            if (lower >= 0) Evidence[lower].Flags |= EvidenceFlags.SeenLower;
            return;
        }

        ref var evidence = ref Evidence[evidenceOf[i]];
        if (evidence.Count < ushort.MaxValue) evidence.Count++;
        if (kind is SentenceKind.Shouted or SentenceKind.TitleCase or SentenceKind.Table) return;
        var flags = EvidenceFlags.None;
        if (i > sentence.First && Traits[i - 1].Kind != WordKind.Mark) flags |= EvidenceFlags.InsideSentence;
        if (i > sentence.First)
        {
            var before = Units[i - 1];
            if (Has(before, NameClass.Title)) flags |= EvidenceFlags.AfterTitle;
            if (Has(before, NameClass.FirstName) && Traits[i - 1].HasUpper) flags |= EvidenceFlags.AfterFirstName;
            if (Has(before, NameClass.Role)) flags |= EvidenceFlags.AfterRole;
            if (Traits[i - 1].Lower == WordIn || Traits[i - 1].Lower == WordAt) flags |= EvidenceFlags.AfterIn;
            if (Traits[i - 1].Lower == WordThe) flags |= EvidenceFlags.AfterThe;
        }

        var cue = CueBefore[RunFirst[i]] | CueBehind[RunFirst[i]];
        if (Has(cue, NameClass.PolityHead)) flags |= EvidenceFlags.CuePolity;
        if (Has(cue, NameClass.SiteHead)) flags |= EvidenceFlags.CueSite;
        if (Has(cue, NameClass.BodyHead)) flags |= EvidenceFlags.CueBody;
        if (Has(cue, NameClass.ThingHead)) flags |= EvidenceFlags.CueThing;
        var length = RunEnd[i] - RunFirst[i];
        if (length == 1) flags |= EvidenceFlags.Alone;
        else
        {
            var lastOfRun = RunEnd[i] - 1;
            if (length >= evidence.RunLength && !(length == evidence.RunLength && evidence.RunLast != 0))
            {
                evidence.RunLength = (byte)Math.Min(length, 255);
                evidence.RunLast = i == lastOfRun ? 1 : Traits[lastOfRun].Lower;
                evidence.RunFirst = i == RunFirst[i] ? 1 : Traits[RunFirst[i]].Lower;
            }

            for (var k = RunFirst[i]; k < RunEnd[i]; k++)
            {
                var classes = Units[k];
                if (Has(classes, NameClass.OrganisationHead) || Has(classes, NameClass.CompanySuffix)) flags |= EvidenceFlags.WithOrganisationHead;
                if (Has(classes, NameClass.PlaceHead)) flags |= EvidenceFlags.WithPlaceHead;
                if (k != i && Has(classes, NameClass.FirstName)) flags |= EvidenceFlags.WithFirstName;
            }
        }

        evidence.Flags |= flags;
    }

    private static readonly ulong WordIn = WordTraits.LowerHash("in");
    private static readonly ulong WordAt = WordTraits.LowerHash("at");
    private static readonly ulong WordOf = WordTraits.LowerHash("of");
    private static readonly ulong WordHyphen = WordTraits.LowerHash("-");
    private static readonly ulong WordThe = WordTraits.LowerHash("the");

    private static bool Has(uint bits, NameClass name) => (bits >> (int)name & 1) != 0;

    private void EnsureSize(int tokens, int sentences)
    {
        if (Kinds.Length < sentences) Kinds = new SentenceKind[Math.Max(sentences, 64) * 2];
        if (Traits.Length >= tokens) return;
        var size = Math.Max(tokens, 1024) + tokens / 2;
        Traits = new WordTraits[size];
        Begins = new uint[size];
        Insides = new uint[size];
        Lasts = new uint[size];
        Units = new uint[size];
        RunFirst = new int[size];
        RunEnd = new int[size];
        CueBefore = new uint[size];
        CueBehind = new uint[size];
        Clusters = new ushort[size];
        Open = new bool[size];
        evidenceOf = new int[size];
    }
}

/// <summary>How a sentence uses capital letters.</summary>
internal enum SentenceKind : byte
{
    Plain,
    TitleCase,
    Shouted,
    Lower,
    Table,
    Short,
    Other,
}

/// <summary>Where the article uses a word.</summary>
[Flags]
internal enum EvidenceFlags : ushort
{
    None = 0,
    SeenLower = 1,
    InsideSentence = 2,
    AfterTitle = 4,
    AfterFirstName = 8,
    AfterRole = 16,
    AfterIn = 32,
    AfterThe = 64,
    Alone = 128,
    WithOrganisationHead = 256,
    WithPlaceHead = 512,
    WithFirstName = 1024,
    CuePolity = 2048,
    CueSite = 4096,
    CueBody = 8192,
    CueThing = 16384,
}

/// <summary>What an article says of one word that it capitalises somewhere.</summary>
internal struct WordEvidence
{
    public ulong RunFirst;
    public ulong RunLast;
    public EvidenceFlags Flags;
    public ushort Count;
    public byte RunLength;
}
