using System.CommandLine;
using Pipeline.Training;

namespace Pipeline.Cli;

/// <summary><c>pipeline train pos FILE.conllu... --out MODEL</c></summary>
internal static class TrainPosCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "Treebanks in CoNLL-U.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--out") { Description = "Where to write the model.", HelpName = "MODEL", Required = true };
        var quiet = new Option<bool>("--quiet") { Description = "No progress." };
        var command = new Command("pos", "Trains the part-of-speech tagger on treebanks.")
        {
            files,
            output,
            quiet,
        };
        command.SetAction(parsed =>
        {
            var model = PosTrainer.Train(parsed.GetRequiredValue(files), parsed.GetValue(quiet) ? null : Console.Error.WriteLine);
            var path = parsed.GetRequiredValue(output);
            try
            {
                using (var stream = File.Create(path + ".part"))
                    model.Save(stream);
                File.Move(path + ".part", path, overwrite: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new UserFileException(path, 0, $"cannot be written: {e.Message}", e);
            }

            return ExitCode.Done;
        });
        return command;
    }
}
