using System.Buffers;

namespace Pipeline.Segmenting;

/// <summary>
/// Tags tokens with their universal part of speech: a greedy averaged perceptron (Collins 2002) over hashed features.
/// Safe to share between threads; never throws on article content; linear in the number of tokens.
/// </summary>
public sealed class PosTagger
{
    private readonly PosModel model;

    internal PosTagger(PosModel model) => this.model = model;

    /// <summary>Reads a model file that <c>pipeline train pos</c> wrote.</summary>
    /// <exception cref="UserFileException">The file cannot be read, is no such model, or is damaged.</exception>
    public static PosTagger Load(string path) => new(PosModel.Load(path));

    /// <summary>One tag for each token of the article.</summary>
    public Upos[] Tag(SegmentedArticle article)
    {
        var longest = 0;
        foreach (var sentence in article.Sentences)
            longest = Math.Max(longest, sentence.TokenCount);
        var tags = new Upos[article.Tokens.Length];
        var words = ArrayPool<uint>.Shared.Rent(longest * 2);
        var shapes = ArrayPool<byte>.Shared.Rent(longest);
        var seen = new PosFeatures(words.AsSpan(0, longest), words.AsSpan(longest, longest), shapes);
        Span<uint> features = stackalloc uint[PosFeatures.Count];
        foreach (var sentence in article.Sentences)
        {
            var tokens = article.TokensOf(sentence);
            seen.Read(article.Text, tokens);
            var (tag1, tag2) = (PosModel.Columns, PosModel.Columns);
            for (var i = 0; i < tokens.Length; i++)
            {
                seen.Fill(i, tokens.Length, (uint)tag1, (uint)tag2, features);
                var column = model.Best(features);
                tags[sentence.FirstToken + i] = PosModel.TagOf(column, seen.IsWord(i));
                (tag1, tag2) = (column, tag1);
            }
        }

        ArrayPool<uint>.Shared.Return(words);
        ArrayPool<byte>.Shared.Return(shapes);
        return tags;
    }
}
