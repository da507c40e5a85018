namespace Pipeline.Segmenting;

/// <summary>
/// How a word is written in the middle of sentences: it tells "Following the talks" from "Jones". Keyed by hash, so a
/// rare word may borrow another's value. Immutable.
/// </summary>
internal sealed class WordCasing
{
    /// <summary>Number of values, a power of two.</summary>
    public const int Size = 1 << 16;

    private readonly byte[] values;

    /// <summary>Takes one value a hash: 0 unseen, 1 small, 2 both, 3 capital.</summary>
    public WordCasing(byte[] values) => this.values = values;

    /// <summary>The value of a word.</summary>
    public uint this[uint hash] => values[(hash ^ (hash >> 16)) & (Size - 1)];

    /// <summary>Values packed four to a byte.</summary>
    public byte[] Pack()
    {
        var packed = new byte[Size / 4];
        for (var i = 0; i < Size; i++)
            packed[i / 4] |= (byte)(values[i] << (i % 4 * 2));
        return packed;
    }

    /// <summary>Reverses <see cref="Pack"/>.</summary>
    public static WordCasing Unpack(ReadOnlySpan<byte> packed)
    {
        var values = new byte[Size];
        for (var i = 0; i < Size; i++)
            values[i] = (byte)((packed[i / 4] >> (i % 4 * 2)) & 3);
        return new WordCasing(values);
    }

    /// <summary>Counts how words are written.</summary>
    internal sealed class Counter
    {
        private readonly int[] small = new int[Size];
        private readonly int[] capital = new int[Size];

        /// <summary>Counts a word that does not start a sentence.</summary>
        public void Add(uint hash, bool isCapital) => (isCapital ? capital : small)[(hash ^ (hash >> 16)) & (Size - 1)]++;

        /// <summary>The values so far.</summary>
        public WordCasing Finish()
        {
            var values = new byte[Size];
            for (var i = 0; i < Size; i++)
            {
                if (small[i] + capital[i] > 0)
                    values[i] = (byte)(capital[i] == 0 || small[i] > capital[i] * 4 ? 1 : small[i] == 0 || capital[i] > small[i] * 4 ? 3 : 2);
            }

            return new WordCasing(values);
        }
    }
}
