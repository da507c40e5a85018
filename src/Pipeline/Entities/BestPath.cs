using System.Runtime.Intrinsics;

namespace Pipeline.Entities;

/// <summary>The best tag sequence of a stretch (Viterbi), in whole numbers and vectors of eight types. Belongs to one thread.</summary>
internal sealed class BestPath
{
    private const int Never = -1_000_000_000;
    private readonly Vector256<int>[] start = new Vector256<int>[Transitions.Sources];
    private readonly int[] toOutside = new int[Transitions.Sources];
    private readonly Vector256<int>[] within = new Vector256<int>[4];

    // For each token and type: which source a name that begins here comes from; whether inside and last come from inside.
    private Vector256<int>[] fromSource = new Vector256<int>[64];
    private Vector256<int>[] insideFromInside = new Vector256<int>[64];
    private Vector256<int>[] lastFromInside = new Vector256<int>[64];
    private Vector256<int>[] endedByLast = new Vector256<int>[64];
    private int[] outsideFrom = new int[64];

    public BestPath(Transitions transitions, float unit)
    {
        for (var s = 0; s < Transitions.Sources; s++)
        {
            start[s] = Scale(transitions.Start, s, unit);
            toOutside[s] = Round(transitions.ToOutside[s], unit);
        }

        for (var k = 0; k < 4; k++) within[k] = Scale(transitions.Within, k, unit);
    }

    /// <summary>Fills the best tags; scores are in the model's units, 32 a token. Returns whether there is a name.</summary>
    public bool Find(ReadOnlySpan<int> scores, int length, Span<byte> tags)
    {
        if (fromSource.Length < length)
        {
            var size = length * 2;
            fromSource = new Vector256<int>[size];
            insideFromInside = new Vector256<int>[size];
            lastFromInside = new Vector256<int>[size];
            endedByLast = new Vector256<int>[size];
            outsideFrom = new int[size];
        }

        var never = Vector256.Create(Never);
        Vector256<int> begin = never, inside = never, ended = never;
        var outside = 0;
        for (var i = 0; i < length; i++)
        {
            var row = scores.Slice(i * TagSet.Scored, TagSet.Scored);
            var best = start[TagSet.Types] + Vector256.Create(outside);
            var source = Vector256.Create(TagSet.Types);
            var bestOut = outside + toOutside[TagSet.Types];
            var outSource = TagSet.Types;
            if (i > 0)
            {
                for (var t = 0; t < TagSet.Types; t++)
                {
                    var value = ended[t];
                    if (value <= Never / 2) continue;
                    var candidate = start[t] + Vector256.Create(value);
                    var better = Vector256.GreaterThan(candidate, best);
                    best = Vector256.ConditionalSelect(better, candidate, best);
                    source = Vector256.ConditionalSelect(better, Vector256.Create(t), source);
                    if (value + toOutside[t] > bestOut)
                    {
                        bestOut = value + toOutside[t];
                        outSource = t;
                    }
                }
            }

            var insideB = begin + within[0];
            var insideI = inside + within[2];
            insideFromInside[i] = Vector256.GreaterThan(insideI, insideB);
            var newInside = Vector256.Max(Vector256.Max(insideB, insideI) + Vector256.Create(row[8..16]), never);
            var lastB = begin + within[1];
            var lastI = inside + within[3];
            lastFromInside[i] = Vector256.GreaterThan(lastI, lastB);
            var last = Vector256.Max(Vector256.Max(lastB, lastI) + Vector256.Create(row[16..24]), never);
            var unitScore = best + Vector256.Create(row[24..32]);
            begin = best + Vector256.Create(row[..8]);
            inside = newInside;
            endedByLast[i] = Vector256.GreaterThan(last, unitScore);
            ended = Vector256.Max(last, unitScore);
            fromSource[i] = source;
            outsideFrom[i] = outSource;
            outside = bestOut;
        }

        return Trace(ended, outside, length, tags);
    }

    private bool Trace(Vector256<int> ended, int outside, int length, Span<byte> tags)
    {
        var source = TagSet.Types;
        var best = outside + toOutside[TagSet.Types];
        for (var t = 0; t < TagSet.Types; t++)
        {
            if (ended[t] + toOutside[t] <= best) continue;
            best = ended[t] + toOutside[t];
            source = t;
        }

        var any = false;
        for (var i = length - 1; i >= 0; i--)
        {
            if (source == TagSet.Types)
            {
                tags[i] = TagSet.Outside;
                source = outsideFrom[i];
                continue;
            }

            any = true;
            var type = source;
            if (endedByLast[i][type] == 0)
            {
                tags[i] = (byte)(TagSet.Unit + type);
            }
            else
            {
                tags[i] = (byte)(TagSet.Last + type);
                var fromInside = lastFromInside[i][type] != 0;
                i--;
                while (fromInside)
                {
                    tags[i] = (byte)(TagSet.Inside + type);
                    fromInside = insideFromInside[i][type] != 0;
                    i--;
                }

                tags[i] = (byte)(TagSet.Begin + type);
            }

            source = fromSource[i][type];
        }

        return any;
    }

    private static Vector256<int> Scale(float[] values, int row, float unit)
    {
        var v = Vector256<int>.Zero;
        for (var t = 0; t < TagSet.Types; t++) v = v.WithElement(t, Round(values[row * TagSet.Types + t], unit));
        return v;
    }

    private static int Round(float value, float unit) => (int)MathF.Round(value / unit);
}
