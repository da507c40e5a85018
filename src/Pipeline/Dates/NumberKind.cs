namespace Pipeline.Dates;

/// <summary>What the digits of a number allow it to be. The names are the classes of the rule files.</summary>
[Flags]
internal enum NumberKind : ushort
{
    None = 0,

    /// <summary>Any integer, also with thousands commas.</summary>
    INT = 1,

    /// <summary>1 to 31, at most two digits.</summary>
    DAYNUM = 2,

    /// <summary>1 to 12, at most two digits.</summary>
    MONTHNUM = 4,

    /// <summary>0 to 24, at most two digits.</summary>
    HOURNUM = 8,

    /// <summary>00 to 59, two digits.</summary>
    MINUTE = 16,

    /// <summary>1000 to 2199, four digits.</summary>
    YEAR4 = 32,

    /// <summary>Two digits.</summary>
    YEAR2 = 64,

    /// <summary>0000 to 2359, four digits.</summary>
    HHMM = 128,

    /// <summary>A number with a fraction.</summary>
    DECIMAL = 256,

    /// <summary>Digits with st, nd, rd, th.</summary>
    ORDNUM = 512,

    /// <summary>1st to 31st.</summary>
    ORDDAY = 1024,

    /// <summary>Four digits with s: 1990s.</summary>
    DECADE4 = 2048,

    /// <summary>Two digits with s: 90s.</summary>
    DECADE2 = 4096,

    /// <summary>A decimal that can be read as hours and minutes: 8.30.</summary>
    DOTTIME = 8192,

    /// <summary>01 to 12, two digits.</summary>
    MONTH2 = 16384,
}
