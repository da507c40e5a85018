using System.CommandLine;

namespace Pipeline.Cli;

/// <summary>All commands.</summary>
internal static class CommandLine
{
    public static RootCommand Create() => new("Turns folders of news-style articles into structured tables: roles, entities, dates.")
    {
        ExtractCommand.Create(),
        TrainCommand.Create(),
        ReviewCommand.Create(),
        EvaluateCommand.Create(),
        MergeCommand.Create(),
        InspectCommand.Create(),
        ReportCommand.Create(),
        ShowCommand.Create(),
    };
}
