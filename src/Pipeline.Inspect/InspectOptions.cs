namespace Pipeline.Inspect;

/// <summary>What <c>pipeline inspect</c> was asked.</summary>
public sealed record InspectOptions
{
    /// <summary>The output folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The port on the loopback address; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Whether only who comes by the printed address is answered, for machines on which others have accounts.</summary>
    public bool Key { get; init; }

    /// <summary>Whose corrections are taken.</summary>
    public string Who { get; init; } = "";

    /// <summary>The folder of the models; a retrained model is promoted into it.</summary>
    public string Models { get; init; } = "";

    /// <summary>Labels CSVs to which corrections are added when the role model is trained again.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Labels CSV on which the old and the new model are compared; neither may have been trained on it.</summary>
    public string? Gold { get; init; }
}
