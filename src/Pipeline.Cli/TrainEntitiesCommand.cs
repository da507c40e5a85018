using System.CommandLine;
using Pipeline.Training;

namespace Pipeline.Cli;

/// <summary><c>pipeline train entities FILE.conll... --out MODEL</c></summary>
internal static class TrainEntitiesCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "CoNLL files: one token a line, its tag in the last column (IOB1, IOB2 or BILOU). FILE=guide, FILE=conll or FILE=places says how to read the tags: the guide's eight types, CoNLL's four, or PER, ORG and LOC only; without it the tags that occur decide.",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string>("--out") { Description = "Where to write the model.", HelpName = "MODEL", Required = true };
        var epochs = new Option<int>("--epochs") { Description = "Passes over the data.", HelpName = "N", DefaultValueFactory = _ => new EntityTrainingOptions().Epochs };
        var weight = new Option<int>("--own-weight") { Description = "How often each pass goes over files with the guide's eight types.", HelpName = "N", DefaultValueFactory = _ => new EntityTrainingOptions().OwnWeight };
        var seed = new Option<int>("--seed") { Description = "Order of the sentences.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace an existing model." };
        var quiet = new Option<bool>("--quiet") { Description = "No progress." };
        var command = new Command("entities", "Trains the entity recogniser.") { files, output, epochs, weight, seed, overwrite, quiet };
        command.SetAction(parsed =>
        {
            var target = parsed.GetRequiredValue(output);
            if (File.Exists(target) && !parsed.GetValue(overwrite))
                throw new UsageException($"{target} exists; name another --out or give --overwrite");
            if (parsed.GetValue(epochs) is < 1 or > 1000) throw new UsageException("--epochs must be from 1 to 1000");
            if (parsed.GetValue(weight) is < 1 or > 100) throw new UsageException("--own-weight must be from 1 to 100");
            var options = new EntityTrainingOptions
            {
                Epochs = parsed.GetValue(epochs),
                OwnWeight = parsed.GetValue(weight),
                Seed = parsed.GetValue(seed),
                Progress = parsed.GetValue(quiet) ? null : Console.Error.WriteLine,
            };
            var bytes = EntityTraining.Train([.. parsed.GetRequiredValue(files).Select(Parse)], options);
            WriteWhole(target, bytes);
            return ExitCode.Done;
        });
        return command;
    }

    private static EntityTrainingFile Parse(string argument)
    {
        var equals = argument.LastIndexOf('=');
        if (equals < 0 || File.Exists(argument)) return new EntityTrainingFile(argument, EntityTags.Auto);
        return argument[(equals + 1)..] switch
        {
            "guide" => new EntityTrainingFile(argument[..equals], EntityTags.Guide),
            "conll" => new EntityTrainingFile(argument[..equals], EntityTags.Conll),
            "places" => new EntityTrainingFile(argument[..equals], EntityTags.Places),
            "auto" => new EntityTrainingFile(argument[..equals], EntityTags.Auto),
            var other => throw new UsageException($"\"{other}\" is no way to read tags; use FILE=guide, FILE=conll, FILE=places or FILE=auto"),
        };
    }

    private static void WriteWhole(string target, byte[] bytes)
    {
        var temporary = target + ".tmp";
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(target)) is { } folder) Directory.CreateDirectory(folder);
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(temporary)) File.Delete(temporary);
            throw new UserFileException(target, 0, $"the model cannot be written ({e.Message})", e);
        }
    }
}
