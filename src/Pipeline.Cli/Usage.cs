using System.CommandLine;

namespace Pipeline.Cli;

/// <summary>Options that are well formed but make no sense; the message says what and how to mend it.</summary>
internal sealed class UsageException(string message) : Exception(message);

internal static class Usage
{
    /// <summary>What is wrong with the command line, in one line; a word that nothing knows says more than what is missing.</summary>
    public static string FirstProblem(ParseResult parsed)
    {
        var problem = parsed.UnmatchedTokens is [var word, ..]
            ? $"'{word}' is no command, option or argument of it"
            : string.Join(' ', parsed.Errors[0].Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        return problem.TrimEnd('.');
    }

    /// <summary>The help call of the command that was meant.</summary>
    public static string HelpFor(ParseResult parsed)
    {
        var words = new Stack<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
            words.Push(result.Command is RootCommand ? "pipeline" : result.Command.Name);
        return string.Join(' ', words) + " --help";
    }
}
