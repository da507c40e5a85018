using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Inspect;

/// <summary>
/// What opens the page, new at each start: whoever else has an account on this machine can reach the port, but does not know the keys.
/// The key in the printed address may be used again, by another browser for instance. The one in the address that a browser is started
/// with may be used once, since other accounts can read the command lines of processes. Either is exchanged for a cookie. Safe to share
/// between threads.
/// </summary>
internal sealed class AccessKeys
{
    /// <summary>The part of an address that carries a key.</summary>
    public const string Name = "key";

    private readonly string cookie = New();
    private string? once = New();

    public string Printed { get; } = New();

    public string Once => once ?? "";

    /// <summary>Cookies of a host belong to all its ports.</summary>
    public static string CookieName(int port) => FormattableString.Invariant($"pipeline-inspect-{port}");

    /// <summary>Exchanges a key for the value of the cookie; null where the key does not fit.</summary>
    public string? Exchange(string key)
    {
        if (Same(key, Printed))
            return cookie;
        var open = once;
        return open is not null && Same(key, open) && Interlocked.CompareExchange(ref once, null, open) == open ? cookie : null;
    }

    public bool Opens(string? value) => value is not null && Same(value, cookie);

    private static string New() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private static bool Same(string given, string known) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(known));
}
