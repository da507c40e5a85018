using Pipeline.Cli;

namespace Pipeline.Tests.Cli;

/// <summary>What the README says is what happens.</summary>
public class ReadmeTests(SeedsRun seeds) : IClassFixture<SeedsRun>
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Repository.Root, "README.md"));

    public static TheoryData<string> Commands => [.. Blocks("").Concat(Blocks("bash"))
        .SelectMany(block => block)
        .Select(line => line.Split(" | ")[^1].Split(" > ")[0].Split('#')[0].Trim())
        .Where(line => line.StartsWith("pipeline ", StringComparison.Ordinal))
        .Distinct()];

    [Fact]
    public void Two_commands_do_everything()
    {
        var commands = Blocks("").SelectMany(block => block).ToList();
        Assert.Contains("dotnet run -c Release --project src/Pipeline.Cli -- extract seeds --out out", commands);
        Assert.Contains("dotnet test Pipeline.sln -c Release", commands);
        Assert.True(seeds.Result.ExitCode == 0, seeds.Result.Error);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_is_one_that_the_program_understands(string command) =>
        Assert.Empty(CommandLine.Create().Parse(command.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..]).Errors);

    [Fact]
    public void The_rows_that_it_shows_are_rows_that_the_program_writes()
    {
        var written = Directory.GetFiles(seeds.Out, "*.csv").SelectMany(File.ReadLines).ToHashSet();
        var shown = Blocks("csv").SelectMany(block => block).ToList();
        Assert.NotEmpty(shown);
        Assert.All(shown, line => Assert.Contains(line, written));
    }

    /// <summary>The lines of each fenced block with a given language.</summary>
    private static IEnumerable<List<string>> Blocks(string language)
    {
        List<string>? block = null;
        var wanted = false;
        foreach (var line in Lines)
        {
            if (!line.StartsWith("```", StringComparison.Ordinal))
            {
                block?.Add(line);
                continue;
            }

            if (block is null)
            {
                (block, wanted) = ([], line[3..] == language);
                continue;
            }

            if (wanted)
                yield return block;
            block = null;
        }
    }
}
