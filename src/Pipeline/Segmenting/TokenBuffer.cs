using System.Buffers;

namespace Pipeline.Segmenting;

/// <summary>The tokens of an article while it is cut: one rented array, returned when they are copied out.</summary>
internal struct TokenBuffer(int textLength) : IDisposable
{
    // English has about five characters a token; a wrong guess only costs one more rent.
    private Token[] tokens = ArrayPool<Token>.Shared.Rent(textLength / 4 + 16);

    public int Count { get; private set; }

    public readonly Token this[int index] => tokens[index];

    public readonly ReadOnlySpan<Token> Written => tokens.AsSpan(0, Count);

    public void Add(int start, int end)
    {
        if (Count == tokens.Length)
            Grow();
        tokens[Count++] = new Token(start, end);
    }

    public readonly void Dispose() => GiveBack(tokens);

    /// <summary>The pool would hold on to the tokens of a book.</summary>
    private static void GiveBack(Token[] tokens)
    {
        if (tokens.Length <= 1 << 18)
            ArrayPool<Token>.Shared.Return(tokens);
    }

    private void Grow()
    {
        var larger = ArrayPool<Token>.Shared.Rent(tokens.Length * 2);
        tokens.AsSpan(0, Count).CopyTo(larger);
        GiveBack(tokens);
        tokens = larger;
    }
}
