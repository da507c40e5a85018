using CsvHelper;

namespace Pipeline.Writing;

/// <summary>
/// Rows of one table as bytes of the contract's CSV (RFC 4180, UTF-8 without mark, <c>\n</c>). Not thread-safe; made to
/// be reused.
/// </summary>
internal sealed class CsvTable : IDisposable
{
    private static readonly CsvWriterOptions Options = new()
    {
        NewLine = "\n",
        Injection = CsvInjection.Escape,
        ValidateFieldCount = false,
    };

    /// <summary>The memory of the rows of a book is not kept for the next article.</summary>
    private const int MostKept = 1 << 22;

    private readonly MemoryStream bytes = new();
    private readonly CsvWriter writer;
    private char[] guarded = [];

    public CsvTable() => writer = CsvWriter.Create(bytes, Options, leaveOpen: true);

    public void Text(ReadOnlySpan<char> value)
    {
        if (!FormulaGuard.NeedsExtraApostrophe(value))
        {
            writer.WriteField(value);
            return;
        }

        if (guarded.Length <= value.Length)
            guarded = new char[value.Length + 1];
        guarded[0] = '\'';
        value.CopyTo(guarded.AsSpan(1));
        writer.WriteField(guarded.AsSpan(0, value.Length + 1));
    }

    public void Integer(long value) => writer.WriteField(value);

    /// <summary>A probability in ten-thousandths.</summary>
    public void Probability(int tenThousandths)
    {
        ReadOnlySpan<byte> text =
        [
            (byte)('0' + tenThousandths / 10_000), (byte)'.',
            (byte)('0' + tenThousandths / 1000 % 10), (byte)('0' + tenThousandths / 100 % 10),
            (byte)('0' + tenThousandths / 10 % 10), (byte)('0' + tenThousandths % 10),
        ];
        writer.WriteField(text);
    }

    public void Date(DateOnly? value)
    {
        if (value is { } day)
            writer.WriteField(day, "yyyy-MM-dd");
        else
            writer.WriteField(default(ReadOnlySpan<char>));
    }

    public void EndRow() => writer.EndRecord();

    /// <summary>Number of bytes written since the last <see cref="Clear"/>.</summary>
    public int Length
    {
        get
        {
            writer.Flush();
            return (int)bytes.Length;
        }
    }

    /// <summary>Memory that it holds on to, in bytes.</summary>
    public int Capacity => bytes.Capacity;

    /// <summary>Some of the bytes written since the last <see cref="Clear"/>; they stand until the next row is written.</summary>
    public ReadOnlySpan<byte> Slice(int start, int end)
    {
        writer.Flush();
        return bytes.GetBuffer().AsSpan(start, end - start);
    }

    public void Clear()
    {
        writer.Flush();
        bytes.SetLength(0);
        if (bytes.Capacity > MostKept)
            bytes.Capacity = 0;
    }

    /// <summary>The bytes written since the last <see cref="Clear"/>, and clears.</summary>
    public byte[] Take()
    {
        writer.Flush();
        var taken = bytes.ToArray();
        bytes.SetLength(0);
        return taken;
    }

    public void Dispose()
    {
        writer.Dispose();
        bytes.Dispose();
    }
}
