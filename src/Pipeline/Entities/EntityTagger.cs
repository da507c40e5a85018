using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Pipeline.Segmenting;

namespace Pipeline.Entities;

/// <summary>Finds names in the tokens of one article. Holds its working memory; belongs to one thread.</summary>
internal sealed class EntityTagger
{
    private readonly EntityModel model;
    private readonly ArticleWords words = new();
    private readonly Chain chain = new();
    private readonly BestPath bestPath;
    private int[] scores = new int[64 * TagSet.Scored];
    private float[] floats = new float[64 * TagSet.Scored];
    private byte[] tags = new byte[64];

    public EntityTagger(EntityModel model)
    {
        this.model = model;
        chain.SetTransitions(model.Transitions);
        bestPath = new BestPath(model.Transitions, model.Unit);
    }

    /// <summary>Adds the names of the article, in text order.</summary>
    public void Tag(string text, ReadOnlySpan<Token> tokens, ReadOnlySpan<TokenRange> sentences, List<TaggedName> names)
    {
        words.Prepare(text, tokens, sentences, model.Clusters);
        for (var s = 0; s < sentences.Length; s++)
        {
            var sentence = sentences[s];
            for (var i = sentence.First; i < sentence.End;)
            {
                if (!words.Open[i])
                {
                    i++;
                    continue;
                }

                var end = i + 1;
                while (end < sentence.End && words.Open[end]) end++;
                TagStretch(s, sentence, new TokenRange(i, end), names);
                i = end;
            }
        }
    }

    private void TagStretch(int s, TokenRange sentence, TokenRange stretch, List<TaggedName> names)
    {
        if (tags.Length < stretch.Length)
        {
            var size = stretch.Length * 2;
            scores = new int[size * TagSet.Scored];
            floats = new float[size * TagSet.Scored];
            tags = new byte[size];
        }

        Span<uint> keys = stackalloc uint[FeatureExtractor.MaxKeys];
        for (var i = stretch.First; i < stretch.End; i++)
        {
            var count = FeatureExtractor.Extract(words, sentence, words.Kinds[s], i, keys);
            Score(keys[..model.Index.FindAll(keys[..count])], scores.AsSpan((i - stretch.First) * TagSet.Scored, TagSet.Scored));
        }

        var length = stretch.Length;
        if (!bestPath.Find(scores, length, tags)) return;
        for (var k = 0; k < length * TagSet.Scored; k++) floats[k] = scores[k] * model.Unit;
        chain.Sum(floats, length);
        for (var i = 0; i < length;)
        {
            int tag = tags[i];
            if (tag == TagSet.Outside)
            {
                i++;
                continue;
            }

            var type = tag % TagSet.Types;
            var last = i;
            if (tag < TagSet.Unit)
            {
                while (tags[last] / TagSet.Types != TagSet.Last / TagSet.Types) last++;
            }

            names.Add(new TaggedName(
                s, new TokenRange(stretch.First + i, stretch.First + last + 1), type, chain.NameProbability(i, last, type)));
            i = last + 1;
        }
    }

    private void Score(ReadOnlySpan<uint> numbers, Span<int> target)
    {
        ref var rows = ref MemoryMarshal.GetReference(model.Rows);
        var sum0 = Vector256<short>.Zero;
        var sum1 = Vector256<short>.Zero;
        foreach (var number in numbers)
        {
            var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref rows, number * TagSet.Scored));
            sum0 += low;
            sum1 += high;
        }

        var (a, b) = Vector256.Widen(sum0);
        var (c, d) = Vector256.Widen(sum1);
        a.CopyTo(target);
        b.CopyTo(target[8..]);
        c.CopyTo(target[16..]);
        d.CopyTo(target[24..]);
    }
}
