using System.CommandLine;
using Pipeline.Training;

namespace Pipeline.Cli;

/// <summary><c>pipeline train segmentation FILE.conllu... --out FILE</c>: the weights that the library embeds.</summary>
internal static class TrainSegmentationCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "Treebanks in CoNLL-U.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--out") { Description = "Where to write the weights.", HelpName = "FILE", Required = true };
        var quiet = new Option<bool>("--quiet") { Description = "No progress." };
        var command = new Command("segmentation", "Trains the sentence boundaries; the weights are embedded when the library is built.")
        {
            files,
            output,
            quiet,
        };
        command.SetAction(parsed =>
        {
            var model = BoundaryTrainer.Train(
                parsed.GetRequiredValue(files), parsed.GetValue(quiet) ? null : Console.Error.WriteLine);
            var path = parsed.GetRequiredValue(output);
            try
            {
                using (var writer = new StreamWriter(path + ".part"))
                    model.Save(writer);
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
