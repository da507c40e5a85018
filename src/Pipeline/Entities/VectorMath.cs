using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Pipeline.Entities;

/// <summary>
/// Exponential and sum of eight floats by additions and multiplications in one order only, so that every machine
/// gives the same bits (the platform's own functions need not).
/// </summary>
internal static class VectorMath
{
    /// <summary>e to the power of each lane, relative error below 1e-6; arguments are clamped to ±80.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x)
    {
        x = Vector256.Min(Vector256.Max(x, Vector256.Create(-80f)), Vector256.Create(80f));
        // Adding and taking away 1.5 * 2^23 rounds to the nearest whole number.
        var magic = Vector256.Create(12582912f);
        var n = x * Vector256.Create(1.44269504f) + magic - magic;
        var r = x - n * Vector256.Create(0.693359375f) - n * Vector256.Create(-2.12194440e-4f);
        var p = Vector256.Create(1.9875691500e-4f);
        p = p * r + Vector256.Create(1.3981999507e-3f);
        p = p * r + Vector256.Create(8.3334519073e-3f);
        p = p * r + Vector256.Create(4.1665795894e-2f);
        p = p * r + Vector256.Create(1.6666665459e-1f);
        p = p * r + Vector256.Create(5.0000001201e-1f);
        p = p * r * r + r + Vector256<float>.One;
        var exponent = (Vector256.ConvertToInt32(n) + Vector256.Create(127)) << 23;
        return p * exponent.AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector256<float> v)
    {
        var half = v.GetLower() + v.GetUpper();
        return half[0] + half[1] + (half[2] + half[3]);
    }
}
