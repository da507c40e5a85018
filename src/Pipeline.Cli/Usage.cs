using System.CommandLine;

namespace Pipeline.Cli;

/// <summary>Options that are well formed but make no sense; the message says what and how to mend it.</summary>
internal sealed class UsageException(string message) : Exception(message);

internal static class Usage
{
    /// <summary>Files whose names begin with a dash are options that do not exist (write <c>./-name</c> for such a file).</summary>
    public static void RefuseOptions(this Argument<string[]> files) => files.Validators.Add(result =>
    {
        foreach (var token in result.Tokens)
        {
            if (token.Value.Length > 1 && token.Value[0] == '-')
            {
                result.AddError($"there is no option {token.Value}");
                return;
            }
        }
    });

    /// <summary>The help call of the command that was meant.</summary>
    public static string HelpFor(ParseResult parsed)
    {
        var words = new Stack<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
            words.Push(result.Command is RootCommand ? "pipeline" : result.Command.Name);
        return string.Join(' ', words) + " --help";
    }
}
