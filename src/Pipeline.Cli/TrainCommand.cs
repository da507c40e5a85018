using System.CommandLine;

namespace Pipeline.Cli;

/// <summary><c>pipeline train</c>: models from labelled data.</summary>
internal static class TrainCommand
{
    public static Command Create() => new("train", "Trains a model from labelled data.")
    {
        TrainPosCommand.Create(),
        TrainSegmentationCommand.Create(),
    };
}
