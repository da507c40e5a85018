using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Pipeline.Classifying;

/// <summary>
/// What the linear model and the nets know of each feature, behind one index: a feature is made once and looked up once
/// for both. Rows are read, many at a time, before any is added, and added in the order of their features, so that every
/// machine gives the same bits. Immutable.
/// </summary>
internal sealed class FeatureRows
{
    private const int Capacity = 512;

    private readonly FeatureIndex index;
    private readonly int labels;
    private readonly int width;

    /// <summary>For each feature its weights, then the number of its vector or -1, filled up to whole vectors of four.</summary>
    private readonly ReadOnlyMemory<float> heads;

    /// <summary>For each feature that the nets know the vectors of all members, in steps.</summary>
    private readonly ReadOnlyMemory<sbyte> vectors;
    private readonly float[] steps;

    /// <param name="labels">How many labels.</param>
    /// <param name="keys">The linear model's features, ascending, distinct, not 0.</param>
    /// <param name="weights">For each of them one weight a label.</param>
    /// <param name="nets">The nets, if there are any.</param>
    public FeatureRows(int labels, ReadOnlySpan<uint> keys, ReadOnlySpan<float> weights, ContextNet? nets)
    {
        this.labels = labels;
        Stride = (labels + 4) & ~3;
        width = (nets?.Members.Length ?? 0) * NetLayers.Width;
        ReadOnlySpan<uint> netKeys = nets is null ? [] : nets.Keys;
        steps = nets?.Steps ?? [];
        vectors = nets?.Vectors ?? default;
        var all = new uint[keys.Length + netKeys.Length];
        var rows = new float[all.Length * Stride];
        var (count, k, n) = (0, 0, 0);
        for (; k < keys.Length || n < netKeys.Length; count++)
        {
            var key = Math.Min(k < keys.Length ? keys[k] : uint.MaxValue, n < netKeys.Length ? netKeys[n] : uint.MaxValue);
            all[count] = key;
            var row = rows.AsSpan(count * Stride, Stride);
            row[labels] = n < netKeys.Length && netKeys[n] == key ? n++ : -1;
            if (k < keys.Length && keys[k] == key)
                weights.Slice(k++ * labels, labels).CopyTo(row);
        }

        index = new FeatureIndex(all.AsSpan(0, count));
        heads = CacheLines.Copy<float>(rows.AsSpan(0, count * Stride));
    }

    /// <summary>Length of a sentence's row of scores: the labels, and some more that mean nothing.</summary>
    public int Stride { get; }

    /// <summary>The weights of a feature, one a label; empty where it is not known.</summary>
    public ReadOnlySpan<float> WeightsOf(uint key)
    {
        var number = index.Find(key);
        return number < 0 ? default : heads.Span.Slice(number * Stride, labels);
    }

    /// <summary>Adds the rows of all features of each sentence of an article.</summary>
    /// <param name="scan">The article.</param>
    /// <param name="families">The families that the linear model sees.</param>
    /// <param name="scores">One row of <see cref="Stride"/> a sentence.</param>
    /// <param name="sums">One row of the members' vectors a sentence; empty without nets.</param>
    public void Add(ArticleScan scan, FeatureFamilies families, Span<float> scores, Span<float> sums)
    {
        if (width == 0 || (families & ContextNet.Families) == ContextNet.Families)
        {
            AddOnce(scan, families, scores, sums);
            return;
        }

        // A model trained without some family that the nets see.
        AddOnce(scan, families, scores, []);
        AddOnce(scan, ContextNet.Families, [], sums);
    }

    private void AddOnce(ArticleScan scan, FeatureFamilies families, Span<float> scores, Span<float> sums)
    {
        Span<uint> keys = stackalloc uint[Capacity];
        Span<float> values = stackalloc float[Capacity];
        Span<int> rows = stackalloc int[Capacity];
        Span<float> factors = stackalloc float[Capacity];
        var features = new SentenceFeatures(scan, new FeatureSettings(families));
        for (var s = 0; s < scan.SentenceCount; s++)
        {
            var sink = new Sink(
                this, keys, values, rows, factors,
                scores.IsEmpty ? [] : scores.Slice(s * Stride, Stride),
                sums.IsEmpty ? [] : sums.Slice(s * width, width));
            features.Emit(s, ref sink);
            sink.Flush();
        }
    }

    /// <summary>Gathers the features that may be known. Those that the nets see have the sign of their value set.</summary>
    private ref struct Sink(
        FeatureRows owner, Span<uint> keys, Span<float> values, Span<int> rows, Span<float> factors, Span<float> scores, Span<float> sum) : IFeatureSink
    {
        private readonly FeatureIndex index = owner.index;
        private readonly Span<uint> keys = keys;
        private readonly Span<float> values = values;
        private readonly Span<int> rows = rows;
        private readonly Span<float> factors = factors;
        private readonly Span<float> scores = scores;
        private readonly Span<float> sum = sum;
        private int count;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(FeatureFamilies family, uint key, float value, FeatureSource source)
        {
            Unsafe.Add(ref MemoryMarshal.GetReference(keys), count) = key;
            Unsafe.Add(ref MemoryMarshal.GetReference(values), count) = (family & ContextNet.Families) != 0 ? -value : value;
            count += index.MayHave(key);
            if (count == Capacity)
                Flush();
        }

        public void Flush()
        {
            var known = index.FindAll(keys[..count], values[..count]);
            var seen = owner.Part(keys[..known], values, rows, factors);
            if (!sum.IsEmpty)
                owner.Touch(rows[..seen]);
            if (!scores.IsEmpty)
                owner.AddHeads(keys[..known], values, scores);
            if (!sum.IsEmpty)
                owner.AddVectors(rows[..seen], factors, sum);
            count = 0;
        }
    }

    /// <summary>Reads the heads of all features, and gathers the vectors of those that the nets see and know, with their values.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Part(ReadOnlySpan<uint> numbers, Span<float> values, Span<int> rows, Span<float> factors)
    {
        ref var head = ref Unsafe.Add(ref MemoryMarshal.GetReference(heads.Span), labels);
        ref var row = ref MemoryMarshal.GetReference(rows);
        ref var factor = ref MemoryMarshal.GetReference(factors);
        var stride = (nuint)Stride;
        var count = 0;
        for (var i = 0; i < numbers.Length; i++)
        {
            var vector = (int)Unsafe.Add(ref head, numbers[i] * stride);
            var bits = BitConverter.SingleToInt32Bits(values[i]);
            var value = BitConverter.Int32BitsToSingle(bits & int.MaxValue);
            values[i] = value;
            Unsafe.Add(ref row, count) = vector;
            Unsafe.Add(ref factor, count) = value;
            count += (bits & ~vector) >>> 31;
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddHeads(ReadOnlySpan<uint> numbers, ReadOnlySpan<float> values, Span<float> scores)
    {
        ref var head = ref MemoryMarshal.GetReference(heads.Span);
        ref var value = ref MemoryMarshal.GetReference(values);
        var stride = (nuint)Stride;
        for (nuint part = 0; part < stride; part += 4)
        {
            ref var to = ref Unsafe.Add(ref MemoryMarshal.GetReference(scores), part);
            var total = Vector128.LoadUnsafe(ref to);
            for (var i = 0; i < numbers.Length; i++)
                total += Vector128.Create(Unsafe.Add(ref value, i)) * Vector128.LoadUnsafe(ref head, (numbers[i] * stride) + part);
            total.StoreUnsafe(ref to);
        }
    }

    /// <summary>Reads from all rows before one is needed.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Touch(ReadOnlySpan<int> rows)
    {
        ref var first = ref MemoryMarshal.GetReference(vectors.Span);
        var any = 0;
        foreach (var row in rows)
            any += Unsafe.Add(ref first, (nuint)row * (nuint)width);
        return any;
    }

    private void AddVectors(ReadOnlySpan<int> rows, ReadOnlySpan<float> factors, Span<float> sum)
    {
        ref var first = ref MemoryMarshal.GetReference(vectors.Span);
        ref var to = ref MemoryMarshal.GetReference(sum);
        nuint part = 0;
        for (; part + 32 <= (nuint)width; part += 32)
        {
            var (a, b) = (Vector256.LoadUnsafe(ref to, part), Vector256.LoadUnsafe(ref to, part + 8));
            var (c, d) = (Vector256.LoadUnsafe(ref to, part + 16), Vector256.LoadUnsafe(ref to, part + 24));
            for (var i = 0; i < rows.Length; i++)
            {
                var (factor, step) = (Vector256.Create(factors[i]), Vector256.Create(steps[rows[i]]));
                var at = ((nuint)rows[i] * (nuint)width) + part;
                a += factor * (Eight(ref first, at) * step);
                b += factor * (Eight(ref first, at + 8) * step);
                c += factor * (Eight(ref first, at + 16) * step);
                d += factor * (Eight(ref first, at + 24) * step);
            }

            a.StoreUnsafe(ref to, part);
            b.StoreUnsafe(ref to, part + 8);
            c.StoreUnsafe(ref to, part + 16);
            d.StoreUnsafe(ref to, part + 24);
        }

        for (; part < (nuint)width; part += 8)
        {
            var a = Vector256.LoadUnsafe(ref to, part);
            for (var i = 0; i < rows.Length; i++)
                a += Vector256.Create(factors[i]) * (Eight(ref first, ((nuint)rows[i] * (nuint)width) + part) * Vector256.Create(steps[rows[i]]));
            a.StoreUnsafe(ref to, part);
        }
    }

    /// <summary>Eight numbers of a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Eight(ref sbyte first, nuint at)
    {
        var bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(ref Unsafe.As<sbyte, byte>(ref Unsafe.Add(ref first, at)))).AsSByte();
        return Vector256.ConvertToSingle(
            Avx2.IsSupported ? Avx2.ConvertToVector256Int32(bytes) : Vector256.WidenLower(Vector128.WidenLower(bytes).ToVector256Unsafe()));
    }
}
