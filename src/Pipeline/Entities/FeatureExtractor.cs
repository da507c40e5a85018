using System.Numerics;
using System.Runtime.CompilerServices;

namespace Pipeline.Entities;

/// <summary>
/// The features of a token: 32-bit keys mixed from a template's number and hashes of what stands around it. After
/// Ratinov and Roth (2009), "Design Challenges and Misconceptions in Named Entity Recognition", and Finkel, Grenager
/// and Manning (2005); nothing is allocated.
/// </summary>
internal static class FeatureExtractor
{
    /// <summary>More keys than a token ever gets.</summary>
    public const int MaxKeys = 256;

    private const ulong Edge = 0xB5AD4ECEDA1CE2A9;

    /// <summary>Writes the keys of a token and returns how many.</summary>
    public static int Extract(ArticleWords words, TokenRange sentence, SentenceKind kind, int i, Span<uint> keys)
    {
        var sink = new KeySink(keys);
        ref readonly var w = ref words.Traits[i];
        var w0 = w.Lower;
        var m1 = WordAt(words, sentence, i - 1);
        var p1 = WordAt(words, sentence, i + 1);
        var m2 = WordAt(words, sentence, i - 2);
        var p2 = WordAt(words, sentence, i + 2);
        var k0 = (ulong)w.Kind;
        var km1 = KindAt(words, sentence, i - 1);
        var kp1 = KindAt(words, sentence, i + 1);
        var km2 = KindAt(words, sentence, i - 2);
        var kp2 = KindAt(words, sentence, i + 2);

        sink.Add(0, 0);
        sink.Add(1, w0);
        sink.Add(2, m1);
        sink.Add(3, p1);
        sink.Add(4, m2);
        sink.Add(5, p2);
        sink.Add(6, Pair(m1, w0));
        sink.Add(7, Pair(w0, p1));
        sink.Add(8, Pair(m1, p1));
        sink.Add(9, km1 | k0 << 4 | kp1 << 8);
        sink.Add(10, km2 | km1 << 4 | k0 << 8 | kp1 << 12 | kp2 << 16);
        sink.Add(11, k0 | (ulong)kind << 8 | (i == sentence.First ? 1UL << 16 : 0));
        Lists(ref sink, words, sentence, i);
        Clusters(ref sink, words, sentence, i);
        if (!w.HasUpper)
        {
            sink.Add(12, Pair(m2, m1));
            sink.Add(13, Pair(p1, p2));
            return sink.Count;
        }

        sink.Add(14, w.Exact);
        sink.Add(15, w.Shape);
        sink.Add(16, w.LongShape);
        var sm1 = i > sentence.First ? words.Traits[i - 1].Shape : 1;
        var sp1 = i + 1 < sentence.End ? words.Traits[i + 1].Shape : 1;
        sink.Add(17, Pair(sm1, w.Shape));
        sink.Add(18, Pair(w.Shape, sp1));
        sink.Add(19, Pair(Pair(sm1, w.Shape), sp1));
        sink.Add(20, w.Prefix2);
        sink.Add(21, w.Prefix3);
        sink.Add(22, w.Prefix4);
        sink.Add(23, w.Suffix1);
        sink.Add(24, w.Suffix2);
        sink.Add(25, w.Suffix3);
        sink.Add(26, w.Suffix4);
        sink.Add(27, Pair(k0, m1));
        sink.Add(28, Pair(k0, p1));
        sink.Add(29, Pair(Pair(m2, m1), k0));
        sink.Add(30, Pair(Pair(p1, p2), k0));
        sink.Add(31, Pair(w.Suffix3, p1));
        sink.Add(32, Pair(w.Suffix3, m1));
        Run(ref sink, words, sentence, kind, i);
        Evidence(ref sink, words, sentence, kind, i);
        return sink.Count;
    }

    private static void Run(ref KeySink sink, ArticleWords words, TokenRange sentence, SentenceKind kind, int i)
    {
        var first = words.RunFirst[i];
        var end = words.RunEnd[i];
        var length = (uint)Math.Min(end - first, 5);
        var place = (uint)Math.Min(i - first, 3) | (uint)Math.Min(end - 1 - i, 3) << 4;
        var before = WordAt(words, sentence, first - 1);
        var after = WordAt(words, sentence, end);
        var k0 = (ulong)words.Traits[i].Kind;
        sink.Add(40, length | place << 4);
        sink.Add(41, Pair(before, length));
        sink.Add(42, Pair(after, length));
        sink.Add(43, Pair(before, after));
        sink.Add(44, Pair(words.Traits[end - 1].Lower, place));
        sink.Add(45, Pair(words.Traits[first].Lower, place));
        sink.Add(46, Pair(before, place));
        sink.Add(47, Pair(after, place));
        if (end - first > 1)
        {
            sink.Add(48, Pair(words.Units[end - 1] | words.Lasts[end - 1], place));
            sink.Add(49, Pair(words.Units[first] | words.Begins[first], place));
            sink.Add(50, Pair(words.Traits[end - 1].Suffix3, place));
        }

        if (words.CueBefore[first] != 0) sink.Add(56, Pair(words.CueBefore[first], place));
        if (words.CueBehind[first] != 0) sink.Add(57, Pair(words.CueBehind[first], place));
        var position = (uint)Math.Min(i - sentence.First, 3) | (uint)Math.Min(sentence.End - 1 - i, 3) << 4;
        sink.Add(51, (ulong)kind | position << 4 | k0 << 12);
        if (kind is SentenceKind.Table or SentenceKind.Short or SentenceKind.TitleCase or SentenceKind.Shouted)
        {
            sink.Add(52, Pair((ulong)kind, words.Traits[sentence.First].Lower));
            sink.Add(53, Pair(Pair((ulong)kind, KindAt(words, sentence, i - 1)), KindAt(words, sentence, i + 1) | (uint)Math.Min(sentence.Length, 8) << 8));
        }

        if (end < sentence.End - 1 && (after == WordOf || after == WordAnd || after == WordComma || after == WordFor))
            sink.Add(54, Pair(after, Pair(words.Traits[end + 1].Lower, place)));
        if (first > sentence.First + 1 && (before == WordOf || before == WordAnd || before == WordComma || before == WordThe))
            sink.Add(55, Pair(before, Pair(words.Traits[first - 2].Lower, place)));
    }

    private static void Evidence(ref KeySink sink, ArticleWords words, TokenRange sentence, SentenceKind kind, int i)
    {
        ref readonly var evidence = ref words.Evidence[words.EvidenceOf(i)];
        var flags = (uint)evidence.Flags;
        var start = i == sentence.First ? 1UL : 0;
        var odd = kind is SentenceKind.Shouted or SentenceKind.TitleCase ? 2UL : 0;
        for (var rest = flags; rest != 0; rest &= rest - 1)
            sink.Add(60, (uint)BitOperations.TrailingZeroCount(rest) | start << 8 | odd << 8);
        sink.Add(61, flags & (uint)(EvidenceFlags.SeenLower | EvidenceFlags.InsideSentence | EvidenceFlags.Alone) | start << 16 | odd << 16);
        sink.Add(62, Pair(flags & (uint)(EvidenceFlags.AfterTitle | EvidenceFlags.AfterFirstName | EvidenceFlags.AfterRole | EvidenceFlags.AfterIn | EvidenceFlags.WithOrganisationHead | EvidenceFlags.WithPlaceHead | EvidenceFlags.WithFirstName), (ulong)words.Traits[i].Kind));
        if (evidence.RunLength > 1)
        {
            sink.Add(63, evidence.RunLast);
            sink.Add(64, evidence.RunFirst);
        }

        sink.Add(65, (uint)Math.Min((int)evidence.Count, 4) | (ulong)words.Traits[i].Kind << 4);
    }

    private static void Lists(ref KeySink sink, ArticleWords words, TokenRange sentence, int i)
    {
        var upper = words.Traits[i].HasUpper ? 1UL : 0;
        for (var d = -1; d <= 1; d++)
        {
            var j = i + d;
            if (j < sentence.First || j >= sentence.End) continue;
            var template = 71 + d;
            Bits(ref sink, template, words.Begins[j], 0 | upper << 4);
            Bits(ref sink, template, words.Insides[j], 1 | upper << 4);
            Bits(ref sink, template, words.Lasts[j], 2 | upper << 4);
            Bits(ref sink, template, words.Units[j], 3 | upper << 4 | (d != 0 && words.Traits[j].HasUpper ? 32u : 0));
        }

        var own = All(words, i);
        var before = i > sentence.First ? All(words, i - 1) : 0;
        var after = i + 1 < sentence.End ? All(words, i + 1) : 0;
        if (own != 0) sink.Add(75, Pair(own, upper));
        if ((own | before) != 0) sink.Add(76, Pair(Pair(own, before), upper));
        if ((own | after) != 0) sink.Add(77, Pair(Pair(own, after), upper));
        if (before != 0) sink.Add(78, Pair(before, (ulong)words.Traits[i].Kind));
        if (after != 0) sink.Add(79, Pair(after, (ulong)words.Traits[i].Kind));
        var before2 = i > sentence.First + 1 ? All(words, i - 2) : 0;
        var after2 = i + 2 < sentence.End ? All(words, i + 2) : 0;
        Bits(ref sink, 80, before2, upper);
        Bits(ref sink, 81, after2, upper);
    }

    private static uint All(ArticleWords words, int i) => (words.Begins[i] | words.Insides[i] | words.Lasts[i] | words.Units[i]) & ~ArticleWords.CueNouns;

    private static void Bits(ref KeySink sink, int template, uint bits, ulong extra)
    {
        for (; bits != 0; bits &= bits - 1) sink.Add(template, (ulong)(uint)BitOperations.TrailingZeroCount(bits) << 8 | extra);
    }

    private static void Clusters(ref KeySink sink, ArticleWords words, TokenRange sentence, int i)
    {
        for (var d = -2; d <= 2; d++)
        {
            var j = i + d;
            if (j < sentence.First || j >= sentence.End) continue;
            var path = words.Clusters[j];
            if (path == 0) continue;
            var length = 31 - BitOperations.LeadingZeroCount((uint)path);
            var template = 92 + d * 4;
            sink.Add(template, path);
            if (d is < -1 or > 1) continue;
            if (length > 4) sink.Add(template + 1, (uint)path >> (length - 4));
            if (length > 6) sink.Add(template + 2, (uint)path >> (length - 6));
            if (length > 8) sink.Add(template + 3, (uint)path >> (length - 8));
        }
    }

    private static ulong WordAt(ArticleWords words, TokenRange sentence, int i) =>
        i < sentence.First ? Edge : i >= sentence.End ? Edge + 1 : words.Traits[i].Lower;

    private static ulong KindAt(ArticleWords words, TokenRange sentence, int i) =>
        i < sentence.First ? 14 : i >= sentence.End ? 15 : (ulong)words.Traits[i].Kind;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Pair(ulong a, ulong b) => BitOperations.RotateLeft(a * 0x9E3779B97F4A7C15, 23) ^ (b * 0xD6E8FEB86659FD93);

    private static readonly ulong WordOf = WordTraits.LowerHash("of");
    private static readonly ulong WordAnd = WordTraits.LowerHash("and");
    private static readonly ulong WordFor = WordTraits.LowerHash("for");
    private static readonly ulong WordThe = WordTraits.LowerHash("the");
    private static readonly ulong WordComma = WordTraits.LowerHash(",");

    private ref struct KeySink(Span<uint> keys)
    {
        private readonly Span<uint> keys = keys;

        public int Count;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(int template, ulong value)
        {
            if ((uint)Count >= (uint)keys.Length) return;
            var h = (value ^ (ulong)template * 0xC2B2AE3D27D4EB4F) * 0x9E3779B97F4A7C15;
            h = (h ^ (h >> 32)) * 0xD6E8FEB86659FD93;
            var key = (uint)(h >> 32);
            keys[Count++] = key == 0 ? 1 : key;
        }
    }
}
