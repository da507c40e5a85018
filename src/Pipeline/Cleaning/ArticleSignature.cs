using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Cleaning;

/// <summary>
/// What is kept of a text to know its copies again: a SHA-256 of its UTF-8 bytes, and a MinHash of its runs of three
/// words (one permutation, 64 bins: Li, Owen and Zhang 2012; empty bins filled by rotation: Shrivastava and Li 2014).
/// Letter case, marks and white space do not count for the MinHash. Immutable; may be computed on any thread.
/// </summary>
public sealed class ArticleSignature
{
    internal const int Bins = 64;

    /// <summary>Texts with fewer words are compared by their hash alone.</summary>
    private const int FewestWords = 12;

    private const int ShingleLength = 3;

    private ArticleSignature(byte[] sha256, ushort[]? minima)
    {
        Hash = sha256;
        Minima = minima;
    }

    /// <summary>SHA-256 of the text's UTF-8 bytes, in lower-case hexadecimal digits.</summary>
    public string Sha256 => Convert.ToHexStringLower(Hash);

    internal byte[] Hash { get; }

    /// <summary>The smallest hash of each bin; <see langword="null"/> for a text too short to compare.</summary>
    internal ushort[]? Minima { get; }

    /// <summary>Computes the signature of a text.</summary>
    public static ArticleSignature Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new ArticleSignature(HashOf(text), Minimize(text));
    }

    /// <summary>The share of equal bins, an estimate of the share of runs that two texts have in common.</summary>
    internal double SimilarityTo(ReadOnlySpan<ushort> minima)
    {
        if (Minima is null)
            return 0;
        var equal = 0;
        for (var i = 0; i < minima.Length; i++)
            equal += Minima[i] == minima[i] ? 1 : 0;
        return (double)equal / Bins;
    }

    private static byte[] HashOf(string text)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        var hash = SHA256.HashData(bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, bytes)));
        // The pool would hold on to those of a book.
        if (bytes.Length <= 1 << 20)
            ArrayPool<byte>.Shared.Return(bytes);
        return hash;
    }

    private static ushort[]? Minimize(string text)
    {
        Span<ulong> minima = stackalloc ulong[Bins];
        minima.Fill(ulong.MaxValue);
        ulong first = 0, second = 0;
        var words = 0;
        for (var i = 0; i < text.Length;)
        {
            while (i < text.Length && !char.IsLetterOrDigit(text[i]))
                i++;
            if (i == text.Length)
                break;
            var word = 14695981039346656037UL;
            for (; i < text.Length && char.IsLetterOrDigit(text[i]); i++)
                word = (word ^ char.ToLowerInvariant(text[i])) * 1099511628211UL;
            if (++words >= ShingleLength)
            {
                var hash = Mix(Mix(first + 0x9E3779B97F4A7C15UL) ^ Mix(second * 3) ^ word);
                ref var minimum = ref minima[(int)(hash >> 58)];
                minimum = Math.Min(minimum, hash & 0x03FFFFFFFFFFFFFFUL);
            }

            (first, second) = (second, word);
        }

        return words < FewestWords ? null : Fill(minima);
    }

    private static ushort[] Fill(ReadOnlySpan<ulong> minima)
    {
        var result = new ushort[Bins];
        for (var i = 0; i < Bins; i++)
        {
            var distance = 0;
            while (minima[(i + distance) % Bins] == ulong.MaxValue)
                distance++;
            result[i] = (ushort)Mix(minima[(i + distance) % Bins] + ((ulong)distance * 0xD6E8FEB86659FD93UL));
        }

        return result;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
