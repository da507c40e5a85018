using System.Buffers.Binary;

namespace Pipeline.Cleaning;

/// <summary>
/// Finds, for each article of a stream, the earlier one that it is a copy of: the same text, however long ago, or one
/// among the last 65,536 originals that shares about three fifths of its runs of three words (a wire report with small
/// edits). Candidates come from bands of the MinHash (locality-sensitive hashing: Leskovec, Rajaraman and Ullman, ch. 3),
/// so that no article is compared with all. Memory: 16 to 43 bytes an article for its hash, and at most 21 MB for the
/// window. Not thread-safe: articles are asked for in input order by one caller; only signatures may be computed in
/// parallel. The same input order gives the same answers.
/// </summary>
public sealed class NearDuplicates
{
    private const int RowsPerBand = 4;
    private const int Bands = ArticleSignature.Bins / RowsPerBand;
    private const int Window = 1 << 16;

    /// <summary>A share of equal bins from which two texts are copies.</summary>
    private const double Threshold = 0.6;

    /// <summary>Earlier articles that one band may name; bounds the time on streams of articles that share a band.</summary>
    private const int MostCandidates = 32;

    private readonly HashMap64 exact = new(withValues: true);

    // The window: originals by number, each in the slot of its number modulo the length.
    private ulong[] articles = new ulong[256];
    private ushort[] minima = new ushort[256 * ArticleSignature.Bins];

    /// <summary>By hash of a band: the number of the last original that has it, plus one.</summary>
    private int[] last = new int[256 * Bands];

    /// <summary>By slot and band: the original before with the same hash of the band, plus one.</summary>
    private int[] before = new int[256 * Bands];

    /// <summary>Number of originals so far.</summary>
    private int count;

    /// <summary>The earlier article that this text is a copy of, or <see langword="null"/>; remembers the article.</summary>
    /// <param name="article">The article, as the number that its id is written from.</param>
    /// <param name="signature">The signature of its body.</param>
    public ulong? Find(ulong article, ArticleSignature signature)
    {
        ArgumentNullException.ThrowIfNull(signature);
        if (signature.Hash.AsSpan().SequenceEqual(EmptyHash))
            return null;
        var digest = BinaryPrimitives.ReadUInt64LittleEndian(signature.Hash);
        if (exact.TryGetValue(digest, out var original))
            return original;
        if (FindNear(signature) is { } near)
        {
            exact.Add(digest, near);
            return near;
        }

        exact.Add(digest, article);
        Remember(article, signature);
        return null;
    }

    private static readonly byte[] EmptyHash = ArticleSignature.Of("").Hash;

    /// <summary>The earliest candidate that is alike enough.</summary>
    private ulong? FindNear(ArticleSignature signature)
    {
        if (signature.Minima is null)
            return null;
        var found = int.MaxValue;
        for (var band = 0; band < Bands; band++)
        {
            var number = last[SlotOf(signature.Minima, band)] - 1;
            for (var looked = 0; number >= 0 && number >= count - articles.Length && looked < MostCandidates; looked++)
            {
                if (number < found && signature.SimilarityTo(MinimaOf(number)) >= Threshold)
                    found = number;
                number = before[((number & (articles.Length - 1)) * Bands) + band] - 1;
            }
        }

        return found == int.MaxValue ? null : articles[found & (articles.Length - 1)];
    }

    private void Remember(ulong article, ArticleSignature signature)
    {
        if (signature.Minima is null)
            return;
        if (count == articles.Length && count < Window)
            Grow();
        var slot = count & (articles.Length - 1);
        articles[slot] = article;
        signature.Minima.CopyTo(MinimaOf(count));
        Link(count++);
    }

    private void Link(int number)
    {
        for (var band = 0; band < Bands; band++)
        {
            ref var newest = ref last[SlotOf(MinimaOf(number), band)];
            before[((number & (articles.Length - 1)) * Bands) + band] = newest;
            newest = number + 1;
        }
    }

    private void Grow()
    {
        Array.Resize(ref articles, articles.Length * 2);
        Array.Resize(ref minima, minima.Length * 2);
        last = new int[last.Length * 2];
        before = new int[before.Length * 2];
        for (var number = 0; number < count; number++)
            Link(number);
    }

    private Span<ushort> MinimaOf(int number) =>
        minima.AsSpan((number & (articles.Length - 1)) * ArticleSignature.Bins, ArticleSignature.Bins);

    private int SlotOf(ReadOnlySpan<ushort> signature, int band)
    {
        var key = (ulong)band;
        foreach (var minimum in signature.Slice(band * RowsPerBand, RowsPerBand))
            key = (key * 0x9E3779B97F4A7C15UL) + minimum + 1;
        return (int)((key * 0x9E3779B97F4A7C15UL) >> 40) & (last.Length - 1);
    }
}
