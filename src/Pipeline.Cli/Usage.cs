using System.CommandLine;
using System.CommandLine.Parsing;

namespace Pipeline.Cli;

/// <summary>Options that are well formed but make no sense; the message says what and how to mend it.</summary>
internal sealed class UsageException(string message) : Exception(message);

internal static class Usage
{
    /// <summary>
    /// A word that looks like an option and is none: where a command takes any number of files, the parser takes it for
    /// one of them. Behind <c>--</c> it may be one.
    /// </summary>
    public static string? UnknownOption(ParseResult parsed) => parsed.Tokens
        .TakeWhile(token => token.Type != TokenType.DoubleDash)
        .FirstOrDefault(token => token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal))?.Value;

    /// <summary>What is wrong with the command line, in one line; a word that nothing knows says more than what is missing.</summary>
    public static string FirstProblem(ParseResult parsed)
    {
        var problem = (parsed.UnmatchedTokens is [var first, ..] ? first : UnknownOption(parsed)) is { } word
            ? $"'{word}' is no command, option or argument of it"
            : string.Join(' ', parsed.Errors[0].Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        return problem.TrimEnd('.');
    }

    /// <summary>The help call of the command that was meant.</summary>
    public static string HelpFor(ParseResult parsed)
    {
        var words = new Stack<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as CommandResult)
            words.Push(result.Command is RootCommand ? "pipeline" : result.Command.Name);
        return string.Join(' ', words) + " --help";
    }
}
