using System.Buffers.Binary;

namespace Pipeline.Cleaning;

/// <summary>
/// Finds, for each article of a stream, the earlier one that it is a copy of: the same text, however long ago, or one
/// among the last 65,536 originals that shares about three fifths of its runs of three words (a wire report with small
/// edits). Candidates come from bands of the MinHash (locality-sensitive hashing: Leskovec, Rajaraman and Ullman, ch. 3),
/// so that no article is compared with all. Memory: at most a megabyte for the hashes of equal texts, of which
/// more lie in a scratch file, and 18 MB for the window. Not thread-safe: articles are asked for in input order by one caller; only signatures may be computed in
/// parallel. The same input order gives the same answers.
/// </summary>
public sealed class NearDuplicates : IDisposable
{
    private const int RowsPerBand = 4;
    private const int Bands = ArticleSignature.Bins / RowsPerBand;
    private const int Window = 1 << 16;

    /// <summary>A share of equal bins from which two texts are copies.</summary>
    private const double Threshold = 0.6;

    /// <summary>Earlier articles that one band may name; bounds the time on streams of articles that share a band.</summary>
    private const int MostCandidates = 32;

    private const int FirstSize = 256;

    private readonly HashStore exact;

    // The window: originals by number, each in the slot of its number modulo the size. The arrays are longer than that
    // in steps of four: what of them is not used yet costs no memory, what is copied while they grow does.
    private ulong[] articles = new ulong[FirstSize];
    private ushort[] minima = new ushort[FirstSize * ArticleSignature.Bins];

    /// <summary>By hash of a band: the number of the last original that has it, plus one.</summary>
    private int[] last = new int[FirstSize * Bands];

    /// <summary>By slot and band: the original before with the same hash of the band, plus one.</summary>
    private int[] before = new int[FirstSize * Bands];

    /// <summary>Slots in use or soon to be, a power of two.</summary>
    private int size = FirstSize;

    /// <summary>Number of originals so far.</summary>
    private int count;

    /// <summary>Begins with no article.</summary>
    /// <param name="scratch">A folder for a scratch file, which many articles need; the system's own if left out.</param>
    public NearDuplicates(string? scratch = null) => exact = new HashStore(wide: true, scratch);

    /// <summary>Removes the scratch file.</summary>
    public void Dispose() => exact.Dispose();

    /// <summary>The earlier article that this text is a copy of, or <see langword="null"/>; remembers the article.</summary>
    /// <param name="article">The article, as the number that its id is written from.</param>
    /// <param name="signature">The signature of its body.</param>
    public ulong? Find(ulong article, ArticleSignature signature)
    {
        ArgumentNullException.ThrowIfNull(signature);
        if (signature.Hash.AsSpan().SequenceEqual(EmptyHash))
            return null;
        var digest = BinaryPrimitives.ReadUInt64LittleEndian(signature.Hash);
        var more = BinaryPrimitives.ReadUInt64LittleEndian(signature.Hash.AsSpan(sizeof(ulong)));
        if (exact.TryGetValue(digest, more, out var original))
            return original;
        if (FindNear(signature) is { } near)
        {
            exact.Add(digest, more, near);
            return near;
        }

        exact.Add(digest, more, article);
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
            for (var looked = 0; number >= 0 && number >= count - size && looked < MostCandidates; looked++)
            {
                if (number < found && signature.SimilarityTo(MinimaOf(number)) >= Threshold)
                    found = number;
                number = before[((number & (size - 1)) * Bands) + band] - 1;
            }
        }

        return found == int.MaxValue ? null : articles[found & (size - 1)];
    }

    private void Remember(ulong article, ArticleSignature signature)
    {
        if (signature.Minima is null)
            return;
        if (count == size && count < Window)
            Grow();
        var slot = count & (size - 1);
        articles[slot] = article;
        signature.Minima.CopyTo(MinimaOf(count));
        Link(count++);
    }

    private void Link(int number)
    {
        for (var band = 0; band < Bands; band++)
        {
            ref var newest = ref last[SlotOf(MinimaOf(number), band)];
            before[((number & (size - 1)) * Bands) + band] = newest;
            newest = number + 1;
        }
    }

    private void Grow()
    {
        const int Step = 4;
        size *= 2;
        if (size > articles.Length)
        {
            var room = Math.Min(articles.Length * Step, Window);
            Array.Resize(ref articles, room);
            Array.Resize(ref minima, room * ArticleSignature.Bins);
            last = new int[room * Bands];
            before = new int[room * Bands];
        }
        else
        {
            last.AsSpan(0, size * Bands).Clear();
            before.AsSpan(0, size * Bands).Clear();
        }

        for (var number = 0; number < count; number++)
            Link(number);
    }

    private Span<ushort> MinimaOf(int number) =>
        minima.AsSpan((number & (size - 1)) * ArticleSignature.Bins, ArticleSignature.Bins);

    private int SlotOf(ReadOnlySpan<ushort> signature, int band)
    {
        var key = (ulong)band;
        foreach (var minimum in signature.Slice(band * RowsPerBand, RowsPerBand))
            key = (key * 0x9E3779B97F4A7C15UL) + minimum + 1;
        return (int)((key * 0x9E3779B97F4A7C15UL) >> 40) & ((size * Bands) - 1);
    }
}
