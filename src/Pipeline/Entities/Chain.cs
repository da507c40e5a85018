using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Pipeline.Entities;

/// <summary>
/// Weights between neighbouring tags. What comes before a name is either outside or the end of a name of some type;
/// so there are nine sources (the eight types and outside) and nine targets (a name of each type begins, outside).
/// </summary>
internal sealed class Transitions
{
    public const int Sources = 9;

    /// <summary>Source * 8 + type of the name that begins.</summary>
    public float[] Start { get; init; } = new float[Sources * TagSet.Types];

    /// <summary>Source to outside.</summary>
    public float[] ToOutside { get; init; } = new float[Sources];

    /// <summary>Begin-inside, begin-last, inside-inside, inside-last; each of eight types.</summary>
    public float[] Within { get; init; } = new float[4 * TagSet.Types];
}

/// <summary>
/// Sums over all tag sequences of a stretch of tokens (forward-backward), in vectors of eight types. Before and behind
/// the stretch stands outside. Only IEEE additions and multiplications in a fixed order: the same result everywhere.
/// </summary>
internal sealed class Chain
{
    private Vector256<float>[] potentials = new Vector256<float>[4 * 64];
    private float[] outside = new float[64];
    private Vector256<float>[] alpha = new Vector256<float>[4 * 64];
    private float[] alphaOutside = new float[64];
    private Vector256<float>[] beta = new Vector256<float>[4 * 64];
    private float[] betaOutside = new float[64];
    private float[] norm = new float[64];
    private const float Smallest = 1e-30f;
    private readonly Vector256<float>[] start = new Vector256<float>[Transitions.Sources];
    private readonly Vector256<float>[] startByTarget = new Vector256<float>[TagSet.Types];
    private readonly Vector256<float>[] within = new Vector256<float>[4];
    private Vector256<float> toOutside;
    private float outsideToOutside;

    /// <summary>Length of the stretch that was last summed.</summary>
    public int Length { get; private set; }

    public void SetTransitions(Transitions transitions)
    {
        Span<float> column = stackalloc float[TagSet.Types];
        for (var s = 0; s < Transitions.Sources; s++)
            start[s] = VectorMath.Exp(Vector256.Create<float>(transitions.Start.AsSpan(s * TagSet.Types, TagSet.Types)));
        for (var t = 0; t < TagSet.Types; t++)
        {
            for (var s = 0; s < TagSet.Types; s++) column[s] = start[s][t];
            startByTarget[t] = Vector256.Create<float>(column);
        }

        for (var k = 0; k < 4; k++)
            within[k] = VectorMath.Exp(Vector256.Create<float>(transitions.Within.AsSpan(k * TagSet.Types, TagSet.Types)));
        toOutside = VectorMath.Exp(Vector256.Create<float>(transitions.ToOutside.AsSpan(0, TagSet.Types)));
        outsideToOutside = VectorMath.Exp(Vector256.Create(transitions.ToOutside[TagSet.Types]))[0];
    }

    /// <summary>Sums over the stretch whose token scores stand one after the other, 32 each.</summary>
    /// <returns>The logarithm of the sum.</returns>
    public double Sum(ReadOnlySpan<float> scores, int length) => Sum(scores, [], length);

    /// <summary>As above, over the sequences only whose tags are in the tokens' sets (bit = tag).</summary>
    public double Sum(ReadOnlySpan<float> scores, ReadOnlySpan<ulong> allowed, int length)
    {
        Length = length;
        EnsureSize(length);
        var log = 0.0;
        for (var i = 0; i < length; i++)
        {
            log += FillPotentials(scores.Slice(i * TagSet.Scored, TagSet.Scored), i);
            if (allowed.Length > 0) Restrict(allowed[i], i);
        }

        log += Forward(length);
        Backward(length);
        return log;
    }

    /// <summary>Probability of each of the 32 tags at a token, four vectors.</summary>
    public void Marginals(int i, Span<Vector256<float>> probabilities)
    {
        for (var k = 0; k < 4; k++) probabilities[k] = alpha[i * 4 + k] * beta[i * 4 + k];
    }

    /// <summary>Adds the expected numbers of transitions, times a factor.</summary>
    public void AddExpectedTransitions(Transitions target, float factor)
    {
        var before = Vector256<float>.Zero;
        var beforeOutside = 1f;
        Span<Vector256<float>> starts = stackalloc Vector256<float>[Transitions.Sources];
        Span<Vector256<float>> inner = stackalloc Vector256<float>[4];
        starts.Clear();
        inner.Clear();
        var outs = Vector256<float>.Zero;
        var outsOutside = 0f;
        for (var i = 0; i < Length; i++)
        {
            var scale = factor / norm[i];
            var q = (potentials[i * 4] * beta[i * 4] + potentials[i * 4 + 3] * beta[i * 4 + 3]) * Vector256.Create(scale);
            var o = outside[i] * betaOutside[i] * scale;
            for (var s = 0; s < TagSet.Types; s++) starts[s] += q * Vector256.Create(before[s]);
            starts[TagSet.Types] += q * Vector256.Create(beforeOutside);
            outs += before * Vector256.Create(o);
            outsOutside += beforeOutside * o;
            if (i > 0)
            {
                var b = alpha[i * 4 - 4];
                var n = alpha[i * 4 - 3];
                var toInside = potentials[i * 4 + 1] * beta[i * 4 + 1] * Vector256.Create(scale);
                var toLast = potentials[i * 4 + 2] * beta[i * 4 + 2] * Vector256.Create(scale);
                inner[0] += b * toInside;
                inner[1] += b * toLast;
                inner[2] += n * toInside;
                inner[3] += n * toLast;
            }

            before = alpha[i * 4 + 2] + alpha[i * 4 + 3];
            beforeOutside = alphaOutside[i];
        }

        var last = factor / norm[Length];
        outs += before * Vector256.Create(last);
        outsOutside += beforeOutside * last;
        for (var s = 0; s < Transitions.Sources; s++) AddTo(target.Start, s, starts[s] * start[s]);
        for (var k = 0; k < 4; k++) AddTo(target.Within, k, inner[k] * within[k]);
        AddTo(target.ToOutside, 0, outs * toOutside);
        target.ToOutside[TagSet.Types] += outsOutside * outsideToOutside;
    }

    /// <summary>Probability that exactly the tokens from <paramref name="first"/> to <paramref name="last"/> (inclusive) are one name of a type.</summary>
    public double NameProbability(int first, int last, int type)
    {
        if (first == last) return alpha[first * 4 + 3][type] * beta[first * 4 + 3][type];
        double p = alpha[first * 4][type];
        for (var i = first + 1; i <= last; i++)
        {
            var from = i == first + 1 ? 0 : 2;
            var to = i == last ? 1 : 0;
            p *= within[from + to][type] * potentials[i * 4 + 1 + to][type] / norm[i];
        }

        return p * beta[last * 4 + 2][type];
    }

    private double FillPotentials(ReadOnlySpan<float> scores, int i)
    {
        var b = Vector256.Create(scores[..8]);
        var n = Vector256.Create(scores[8..16]);
        var l = Vector256.Create(scores[16..24]);
        var u = Vector256.Create(scores[24..32]);
        var highest = Vector256.Max(Vector256.Max(b, n), Vector256.Max(l, u));
        var top = 0f;
        for (var t = 0; t < TagSet.Types; t++) top = Math.Max(top, highest[t]);
        var shift = Vector256.Create(top);
        potentials[i * 4] = VectorMath.Exp(b - shift);
        potentials[i * 4 + 1] = VectorMath.Exp(n - shift);
        potentials[i * 4 + 2] = VectorMath.Exp(l - shift);
        potentials[i * 4 + 3] = VectorMath.Exp(u - shift);
        outside[i] = VectorMath.Exp(-shift)[0];
        return top;
    }

    private void Restrict(ulong allowed, int i)
    {
        for (var k = 0; k < 4; k++)
        {
            var bits = (uint)(allowed >> (k * TagSet.Types)) & 0xFF;
            if (bits == 0xFF) continue;
            var p = potentials[i * 4 + k];
            for (var t = 0; t < TagSet.Types; t++)
            {
                if ((bits >> t & 1) == 0) p = p.WithElement(t, 0f);
            }

            potentials[i * 4 + k] = p;
        }

        if ((allowed >> TagSet.Outside & 1) == 0) outside[i] = 0;
    }

    private double Forward(int length)
    {
        var log = 0.0;
        Vector256<float> b = default, n = default, ended = default;
        var o = 1f;
        for (var i = 0; i < length; i++)
        {
            var begin = start[TagSet.Types] * Vector256.Create(o);
            for (var s = 0; s < TagSet.Types; s++) begin += start[s] * Vector256.Create(ended[s]);
            var out1 = o * outsideToOutside + VectorMath.Sum(ended * toOutside);
            var newB = begin * potentials[i * 4];
            var newN = (b * within[0] + n * within[2]) * potentials[i * 4 + 1];
            var newL = (b * within[1] + n * within[3]) * potentials[i * 4 + 2];
            var newU = begin * potentials[i * 4 + 3];
            var newO = out1 * outside[i];
            var sum = Math.Max(VectorMath.Sum(newB + newN + newL + newU) + newO, Smallest);
            var scale = Vector256.Create(1 / sum);
            alpha[i * 4] = b = newB * scale;
            alpha[i * 4 + 1] = n = newN * scale;
            alpha[i * 4 + 2] = newL * scale;
            alpha[i * 4 + 3] = newU * scale;
            ended = (newL + newU) * scale;
            alphaOutside[i] = o = newO / sum;
            norm[i] = sum;
            log += Math.Log(sum);
        }

        var end = Math.Max(o * outsideToOutside + VectorMath.Sum(ended * toOutside), Smallest);
        norm[length] = end;
        return log + Math.Log(end);
    }

    private void Backward(int length)
    {
        var closing = 1 / norm[length];
        beta[(length - 1) * 4] = beta[(length - 1) * 4 + 1] = Vector256<float>.Zero;
        beta[(length - 1) * 4 + 2] = beta[(length - 1) * 4 + 3] = toOutside * Vector256.Create(closing);
        betaOutside[length - 1] = outsideToOutside * closing;
        for (var i = length - 2; i >= 0; i--)
        {
            var next = (i + 1) * 4;
            var scale = Vector256.Create(1 / norm[i + 1]);
            var q = (potentials[next] * beta[next] + potentials[next + 3] * beta[next + 3]) * scale;
            var o = outside[i + 1] * betaOutside[i + 1] / norm[i + 1];
            var inside = potentials[next + 1] * beta[next + 1] * scale;
            var last = potentials[next + 2] * beta[next + 2] * scale;
            var ended = toOutside * Vector256.Create(o);
            for (var t = 0; t < TagSet.Types; t++) ended += startByTarget[t] * Vector256.Create(q[t]);
            beta[i * 4] = within[0] * inside + within[1] * last;
            beta[i * 4 + 1] = within[2] * inside + within[3] * last;
            beta[i * 4 + 2] = beta[i * 4 + 3] = ended;
            betaOutside[i] = outsideToOutside * o + VectorMath.Sum(start[TagSet.Types] * q);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo(float[] target, int row, Vector256<float> value)
    {
        for (var t = 0; t < TagSet.Types; t++) target[row * TagSet.Types + t] += value[t];
    }

    private void EnsureSize(int length)
    {
        if (norm.Length > length) return;
        var size = Math.Max(length + 1, norm.Length * 2);
        potentials = new Vector256<float>[4 * size];
        alpha = new Vector256<float>[4 * size];
        beta = new Vector256<float>[4 * size];
        outside = new float[size];
        alphaOutside = new float[size];
        betaOutside = new float[size];
        norm = new float[size];
    }
}
