using System.Buffers.Binary;

namespace Pipeline.Cleaning;

/// <summary>
/// Finds, for each article of a stream, the earlier one that it is a copy of: the same text, or one that shares about
/// three fifths of its runs of three words (a wire report with small edits). Candidates come from bands of the MinHash
/// (locality-sensitive hashing: Leskovec, Rajaraman and Ullman, ch. 3), so that no article is compared with all.
/// Holds at most about 700 bytes an article, whatever its length. Not thread-safe: articles are asked for in input
/// order by one caller; only signatures may be computed in parallel. The same input order gives the same answers.
/// </summary>
public sealed class NearDuplicates
{
    private const int RowsPerBand = 4;
    private const int Bands = ArticleSignature.Bins / RowsPerBand;

    /// <summary>A share of equal bins from which two texts are copies.</summary>
    private const double Threshold = 0.6;

    /// <summary>Earlier articles that one band's bucket remembers; bounds both time and memory on streams of near copies.</summary>
    private const int BucketSize = 4;

    private readonly record struct Digest(ulong A, ulong B, ulong C, ulong D);

    private struct Bucket
    {
        public int Count;
        public int First, Second, Third, Fourth;

        public readonly int this[int i] => i switch { 0 => First, 1 => Second, 2 => Third, _ => Fourth };

        public void Add(int article)
        {
            switch (Count++)
            {
                case 0: First = article; break;
                case 1: Second = article; break;
                case 2: Third = article; break;
                default: Fourth = article; break;
            }
        }
    }

    private readonly Dictionary<Digest, int> _exact = [];
    private readonly Dictionary<ulong, Bucket> _bands = [];
    private readonly List<(string Id, ArticleSignature Signature)> _originals = [];

    /// <summary>The id of the earlier article that this text is a copy of, or <see langword="null"/>; remembers the article.</summary>
    /// <param name="articleId">The article's id.</param>
    /// <param name="text">Its body.</param>
    public string? Find(string articleId, string text) => Find(articleId, ArticleSignature.Of(text));

    /// <summary>The same, for a signature computed beforehand.</summary>
    /// <param name="articleId">The article's id.</param>
    /// <param name="signature">The signature of its body.</param>
    public string? Find(string articleId, ArticleSignature signature)
    {
        ArgumentNullException.ThrowIfNull(signature);
        if (signature.Hash.AsSpan().SequenceEqual(EmptyHash))
            return null;
        var digest = DigestOf(signature.Hash);
        if (_exact.TryGetValue(digest, out var original))
            return _originals[original].Id;
        original = FindNear(signature);
        if (original >= 0)
        {
            _exact[digest] = original;
            return _originals[original].Id;
        }

        var index = _originals.Count;
        _originals.Add((articleId, signature));
        _exact[digest] = index;
        Remember(signature, index);
        return null;
    }

    private static readonly byte[] EmptyHash = ArticleSignature.Of("").Hash;

    /// <summary>The earliest original that is alike enough.</summary>
    private int FindNear(ArticleSignature signature)
    {
        if (signature.Minima is null)
            return -1;
        var found = -1;
        for (var band = 0; band < Bands; band++)
        {
            if (!_bands.TryGetValue(KeyOf(signature.Minima, band), out var bucket))
                continue;
            for (var i = 0; i < bucket.Count; i++)
            {
                if ((found < 0 || bucket[i] < found) && signature.SimilarityTo(_originals[bucket[i]].Signature) >= Threshold)
                    found = bucket[i];
            }
        }

        return found;
    }

    private void Remember(ArticleSignature signature, int index)
    {
        if (signature.Minima is null)
            return;
        for (var band = 0; band < Bands; band++)
        {
            ref var bucket = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(
                _bands, KeyOf(signature.Minima, band), out _);
            if (bucket.Count < BucketSize)
                bucket.Add(index);
        }
    }

    private static ulong KeyOf(ushort[] minima, int band)
    {
        var key = (ulong)band;
        for (var row = 0; row < RowsPerBand; row++)
            key = (key * 0x9E3779B97F4A7C15UL) + minima[(band * RowsPerBand) + row] + 1;
        return key;
    }

    private static Digest DigestOf(byte[] hash) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(hash),
        BinaryPrimitives.ReadUInt64LittleEndian(hash.AsSpan(8)),
        BinaryPrimitives.ReadUInt64LittleEndian(hash.AsSpan(16)),
        BinaryPrimitives.ReadUInt64LittleEndian(hash.AsSpan(24)));
}
