using System.CommandLine;

namespace Pipeline.Cli;

/// <summary><c>pipeline evaluate</c>: figures against a gold standard.</summary>
internal static class EvaluateCommand
{
    public static Command Create() => new("evaluate", "Measures a stage against a gold standard.")
    {
        EvaluateRolesCommand.Create(),
        EvaluateEntitiesCommand.Create(),
        EvaluateSegmentationCommand.Create(),
        EvaluateDatesCommand.Create(),
        EvaluateBodyCommand.Create(),
    };
}
