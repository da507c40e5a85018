namespace Pipeline.Segmenting;

/// <summary>
/// How a word is written in the middle of sentences: it tells "Following the talks" from "Jones". A hash table without
/// the words themselves: a slot holds six bits to know its word by and two bits of value. Immutable.
/// </summary>
internal sealed class WordCasing
{
    /// <summary>Number of slots, a power of two.</summary>
    public const int Size = 1 << 16;

    /// <summary>The value of a word that is written small; 0 is an unknown word, 2 one written both ways.</summary>
    public const uint Small = 1;

    private const uint Both = 2;
    private const uint Capital = 3;

    private readonly byte[] slots;

    /// <summary>Takes the slots.</summary>
    public WordCasing(byte[] slots) => this.slots = slots;

    /// <summary>The slots.</summary>
    public ReadOnlySpan<byte> Slots => slots;

    /// <summary>The value of a word.</summary>
    public uint this[uint hash]
    {
        get
        {
            var slot = slots[SlotOf(hash)];
            return slot >> 2 == MarkOf(hash) ? slot & 3u : 0;
        }
    }

    private static int SlotOf(uint hash) => (int)((hash ^ (hash >> 16)) & (Size - 1));

    private static uint MarkOf(uint hash) => (hash * 0x9E3779B1) >> 26;

    /// <summary>Counts how words are written.</summary>
    internal sealed class Counter
    {
        private readonly SortedDictionary<uint, (int Small, int Capital)> counts = [];

        /// <summary>Counts a word that does not start a sentence.</summary>
        public void Add(uint hash, bool isCapital)
        {
            var (small, capital) = counts.GetValueOrDefault(hash);
            counts[hash] = isCapital ? (small, capital + 1) : (small + 1, capital);
        }

        /// <summary>The slots so far; where two words meet, the more frequent one stays.</summary>
        public WordCasing Finish()
        {
            var slots = new byte[Size];
            var holders = new int[Size];
            foreach (var (hash, (small, capital)) in counts)
            {
                var slot = SlotOf(hash);
                if (small + capital <= holders[slot])
                    continue;
                holders[slot] = small + capital;
                var value = small > capital * 4 ? Small : capital > small * 4 ? Capital : Both;
                slots[slot] = (byte)((MarkOf(hash) << 2) | value);
            }

            return new WordCasing(slots);
        }
    }
}
