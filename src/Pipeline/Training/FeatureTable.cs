using System.Numerics;
using Pipeline.Classifying;
using Pipeline.Segmenting;

namespace Pipeline.Training;

/// <summary>
/// The features of all training sentences as a sparse matrix. Features that too few articles share are left out: they
/// could only be learnt by heart.
/// </summary>
internal sealed class FeatureTable
{
    // A feature of every eighth article keeps its values.
    private const double CommonEnough = 8;

    /// <summary>The features' hashes, ascending; the index is the column.</summary>
    public required uint[] Keys { get; init; }

    /// <summary>
    /// What the values of each column were multiplied by: a power of the inverse document frequency (Spärck Jones 1972),
    /// so that the penalty holds back frequent features more than rare ones. Weights times this fit the plain values.
    /// </summary>
    public required float[] Scale { get; init; }

    /// <summary>The family of each column.</summary>
    public required FeatureFamilies[] Families { get; init; }

    /// <summary>How many articles have each column.</summary>
    public required int[] Articles { get; init; }

    /// <summary>The columns of each sentence, ascending.</summary>
    public required List<int[]> Columns { get; init; }

    /// <summary>The values that belong to <see cref="Columns"/>.</summary>
    public required List<float[]> Values { get; init; }

    /// <summary>Makes the table.</summary>
    /// <param name="articles">The articles with their numbers; versions of one article share its number.</param>
    /// <param name="settings">Which features to make.</param>
    /// <param name="fewestArticles">In how many articles a feature must occur.</param>
    /// <param name="rarityPower">The power of <see cref="Scale"/>; 0 leaves the values alone.</param>
    public static FeatureTable Build(
        IReadOnlyList<(int Number, SegmentedArticle Article)> articles, FeatureSettings settings, int fewestArticles, double rarityPower)
    {
        var scan = new ArticleScan();
        var counter = new KeyCounter();
        foreach (var (number, article) in articles)
        {
            scan.Load(article, CueLexicon.Default);
            var features = new SentenceFeatures(scan, settings);
            var sink = new CountingSink(counter, number + 1);
            for (var s = 0; s < scan.SentenceCount; s++)
                features.Emit(s, ref sink);
        }

        var (keys, facts) = counter.Shared(fewestArticles);
        Array.Sort(keys, facts);
        var shares = Array.ConvertAll(facts, f => f.Articles);
        var total = articles.Select(a => a.Number).Distinct().Count();
        var scale = Array.ConvertAll(shares, share => (float)Math.Pow(
            Math.Log(1 + ((double)total / share)) / Math.Log(1 + CommonEnough), rarityPower));
        var lookup = new KeyIndex(keys);
        var columns = new List<int[]>();
        var values = new List<float[]>();
        var row = new RowBuilder(lookup, scale);
        foreach (var (_, article) in articles)
        {
            scan.Load(article, CueLexicon.Default);
            var features = new SentenceFeatures(scan, settings);
            var sink = new RowSink(row);
            for (var s = 0; s < scan.SentenceCount; s++)
            {
                row.Clear();
                features.Emit(s, ref sink);
                var (c, v) = row.Take();
                columns.Add(c);
                values.Add(v);
            }
        }

        return new FeatureTable
        {
            Keys = keys,
            Scale = scale,
            Families = Array.ConvertAll(facts, f => f.Family),
            Articles = shares,
            Columns = columns,
            Values = values,
        };
    }

    /// <summary>Turns weights for the table's values into weights for the values as a sentence gives them.</summary>
    /// <param name="weights">By column and label.</param>
    public float[] ForPlainValues(float[] weights)
    {
        var labels = weights.Length / Math.Max(Keys.Length, 1);
        var plain = new float[weights.Length];
        for (var i = 0; i < plain.Length; i++)
            plain[i] = weights[i] * Scale[i / labels];
        return plain;
    }

    private readonly struct CountingSink(KeyCounter counter, int article) : IFeatureSink
    {
        public void Add(FeatureFamilies family, uint key, float value, FeatureSource source) => counter.Add(key, article, family);
    }

    private readonly struct RowSink(RowBuilder row) : IFeatureSink
    {
        public void Add(FeatureFamilies family, uint key, float value, FeatureSource source) => row.Add(key, value);
    }

    /// <summary>Counts in how many articles each key occurs; open addressing, since there may be tens of millions.</summary>
    private sealed class KeyCounter
    {
        private uint[] keys = new uint[1 << 16];
        private int[] last = new int[1 << 16];
        private ushort[] articles = new ushort[1 << 16];
        private ushort[] families = new ushort[1 << 16];
        private int used;

        public void Add(uint key, int article, FeatureFamilies family)
        {
            var slot = Find(keys, key);
            if (keys[slot] == 0)
            {
                if (used * 10L > keys.Length * 7L)
                {
                    Grow();
                    slot = Find(keys, key);
                }

                used++;
                keys[slot] = key;
                families[slot] = (ushort)family;
            }

            if (last[slot] == article)
                return;
            last[slot] = article;
            if (articles[slot] < ushort.MaxValue)
                articles[slot]++;
        }

        /// <summary>The keys that enough articles share, how many do, and their families.</summary>
        public (uint[] Keys, (int Articles, FeatureFamilies Family)[] Facts) Shared(int fewest)
        {
            var shared = new List<uint>();
            var facts = new List<(int, FeatureFamilies)>();
            for (var i = 0; i < keys.Length; i++)
            {
                if (keys[i] == 0 || articles[i] < fewest)
                    continue;
                shared.Add(keys[i]);
                facts.Add((articles[i], (FeatureFamilies)families[i]));
            }

            return ([.. shared], [.. facts]);
        }

        private static int Find(uint[] keys, uint key)
        {
            var slot = (int)key & (keys.Length - 1);
            while (keys[slot] != 0 && keys[slot] != key)
                slot = (slot + 1) & (keys.Length - 1);
            return slot;
        }

        private void Grow()
        {
            var (oldKeys, oldLast, oldArticles, oldFamilies) = (keys, last, articles, families);
            keys = new uint[oldKeys.Length * 2];
            last = new int[keys.Length];
            articles = new ushort[keys.Length];
            families = new ushort[keys.Length];
            for (var i = 0; i < oldKeys.Length; i++)
            {
                if (oldKeys[i] == 0)
                    continue;
                var slot = Find(keys, oldKeys[i]);
                keys[slot] = oldKeys[i];
                last[slot] = oldLast[i];
                articles[slot] = oldArticles[i];
                families[slot] = oldFamilies[i];
            }
        }
    }

    private sealed class KeyIndex
    {
        private readonly uint[] slots;
        private readonly int[] columns;

        public KeyIndex(uint[] keys)
        {
            slots = new uint[BitOperations.RoundUpToPowerOf2((uint)(keys.Length * 2) + 16)];
            columns = new int[slots.Length];
            for (var i = 0; i < keys.Length; i++)
            {
                var slot = (int)keys[i] & (slots.Length - 1);
                while (slots[slot] != 0)
                    slot = (slot + 1) & (slots.Length - 1);
                slots[slot] = keys[i];
                columns[slot] = i;
            }
        }

        public int ColumnOf(uint key)
        {
            var slot = (int)key & (slots.Length - 1);
            while (slots[slot] != 0)
            {
                if (slots[slot] == key)
                    return columns[slot];
                slot = (slot + 1) & (slots.Length - 1);
            }

            return -1;
        }
    }

    private sealed class RowBuilder(KeyIndex lookup, float[] scale)
    {
        private int[] columns = new int[1024];
        private float[] values = new float[1024];
        private int count;

        public void Clear() => count = 0;

        public void Add(uint key, float value)
        {
            var column = lookup.ColumnOf(key);
            if (column < 0)
                return;
            if (count == columns.Length)
            {
                Array.Resize(ref columns, count * 2);
                Array.Resize(ref values, count * 2);
            }

            columns[count] = column;
            values[count++] = value * scale[column];
        }

        public (int[] Columns, float[] Values) Take()
        {
            Array.Sort(columns, values, 0, count);
            var kept = 0;
            for (var i = 0; i < count; i++)
            {
                if (kept > 0 && columns[kept - 1] == columns[i])
                {
                    values[kept - 1] += values[i];
                }
                else
                {
                    columns[kept] = columns[i];
                    values[kept++] = values[i];
                }
            }

            return (columns[..kept], values[..kept]);
        }
    }
}
