using Pipeline.Segmenting;

namespace Pipeline.Classifying;

/// <summary>
/// A reader that turns each sentence of an article, read among its neighbours, into a row of numbers that a role model can judge by.
/// Implementations are safe to share between threads; the same article gives the same numbers on one machine with one runtime.
/// </summary>
public interface ISentenceEncoder
{
    /// <summary>How many numbers a sentence has.</summary>
    int Width { get; }

    /// <summary>SHA-256 of its file, hexadecimal: a role model works with the encoder that it was trained with and no other.</summary>
    string Sha256 { get; }

    /// <summary>Fingerprints of the articles that the encoder itself was trained on, ascending: on those its numbers flatter.</summary>
    ReadOnlySpan<ulong> SeenArticles { get; }

    /// <summary>Reads an article.</summary>
    /// <param name="article">The article.</param>
    /// <returns>One row of <see cref="Width"/> numbers a sentence, between -1 and 1.</returns>
    float[] Encode(SegmentedArticle article);
}
