using System.CommandLine;
using Pipeline.Classifying;
using Pipeline.Evaluating;
using Pipeline.Training;

namespace Pipeline.Cli;

/// <summary><c>pipeline evaluate roles LABELS.csv</c></summary>
internal static class EvaluateRolesCommand
{
    public static Command Create()
    {
        var labels = new Argument<string[]>("LABELS") { Arity = ArgumentArity.OneOrMore };
        var model = new Option<string?>("--model");
        var command = new Command("roles", "Role labels: precision, recall, F1.") { labels, model };
        command.SetAction(p =>
        {
            var articles = LabelFormats.Read(p.GetRequiredValue(labels));
            var classifier = RoleClassifier.Load(p.GetValue(model)!);
            var common = RoleEvaluator.CommonLabels(classifier.Labels, articles);
            for (var blank = false; ; blank = true)
            {
                var scores = RoleScores.Of(common, RoleEvaluator.Predict(classifier, articles, common, blank));
                Console.WriteLine($"macro {scores.Macro:F4} micro {scores.Micro:F4} ece {scores.CalibrationError:F4} n {scores.Sentences}  " + string.Join(" ", scores.Labels.Select(l => $"{l.Label}:{l.F1:F3}")));
                if (blank) break;
            }
            return ExitCode.Done;
        });
        return command;
    }
}
