using System.Buffers.Binary;
using System.Security.Cryptography;
using Pipeline.Classifying;

namespace Pipeline.Tests.Classifying;

public class RoleModelFileTests
{
    [Fact]
    public void Comes_back_from_its_bytes_as_it_was()
    {
        var bytes = RoleModelFile.ToBytes(Taught.Model);
        Assert.Equal(bytes, RoleModelFile.ToBytes(RoleModelFile.Read(bytes, "m")));
    }

    [Fact]
    public void A_missing_file_is_told_with_its_path()
    {
        var error = Assert.Throws<UserFileException>(() => RoleClassifier.Load("/nowhere/roles.model"));
        Assert.Contains("/nowhere/roles.model", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Faults => new()
    {
        { "empty", "no role model" },
        { "foreign", "no role model" },
        { "newer", "newer pipeline" },
        { "flipped", "damaged" },
        { "cut", "damaged" },
        { "longer", "damaged" },
        { "huge count", "malformed" },
        { "not a number", "malformed" },
        { "left over", "malformed" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Refuses_a_faulty_file_and_says_why(string fault, string said)
    {
        var bytes = RoleModelFile.ToBytes(Taught.Model);
        switch (fault)
        {
            case "empty":
                bytes = [];
                break;
            case "foreign":
                bytes = [.. "PK\u0003\u0004"u8, .. bytes];
                break;
            case "newer":
                bytes[8] = (byte)(RoleModelFile.Version + 1);
                break;
            case "flipped":
                bytes[^100] ^= 1;
                break;
            case "cut":
                bytes = bytes[..^1];
                break;
            case "longer":
                bytes = [.. bytes, 0];
                break;
            case "huge count":
                // The number of features, behind three labels of known length.
                var at = 42 + 4 + Taught.Model.Labels.Sum(l => 1 + l.Length) + 4;
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), int.MaxValue);
                Sign(bytes);
                break;
            case "not a number":
                var keys = 42 + 4 + Taught.Model.Labels.Sum(l => 1 + l.Length) + 8;
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(keys + (4 * Taught.Model.Keys.Length)), float.NaN);
                Sign(bytes);
                break;
            case "left over":
                bytes = [.. bytes, 0, 0];
                Sign(bytes);
                break;
        }

        var error = Assert.Throws<UserFileException>(() => RoleModelFile.Read(bytes, "some.model"));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Equal("some.model", error.Path);
    }

    private static void Sign(byte[] bytes) => SHA256.HashData(bytes.AsSpan(42), bytes.AsSpan(10, 32));
}
