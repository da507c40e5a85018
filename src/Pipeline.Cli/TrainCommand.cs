using System.CommandLine;

namespace Pipeline.Cli;

/// <summary><c>pipeline train</c>: models from labelled data.</summary>
internal static class TrainCommand
{
    public static Command Create() => new("train", "Trains the model of a stage from labelled data.")
    {
        TrainRolesCommand.Create(),
        TrainEntitiesCommand.Create(),
        TrainPosCommand.Create(),
        TrainSegmentationCommand.Create(),
    };
}
