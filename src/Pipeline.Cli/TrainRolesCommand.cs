using System.CommandLine;
using System.Diagnostics;
using Pipeline.Classifying;
using Pipeline.Evaluating;
using Pipeline.Training;

namespace Pipeline.Cli;

/// <summary><c>pipeline train roles LABELS.csv --out MODEL</c></summary>
internal static class TrainRolesCommand
{
    public static Command Create()
    {
        var labels = new Argument<string[]>("LABELS") { Arity = ArgumentArity.OneOrMore };
        var model = new Option<string?>("--out");
        var l2 = new Option<float>("--l2") { DefaultValueFactory = _ => 1 };
        var sl2 = new Option<double>("--sl2") { DefaultValueFactory = _ => 3 };
        var min = new Option<int>("--min") { DefaultValueFactory = _ => 2 };
        var iter = new Option<int>("--iter") { DefaultValueFactory = _ => 60 };
        var off = new Option<int>("--off");
        var noseq = new Option<bool>("--noseq");
        var nodeg = new Option<bool>("--nodeg");
        var threads = new Option<int>("--threads") { DefaultValueFactory = _ => 2 };
        var command = new Command("roles", "Trains roles.") { labels, model, l2, sl2, min, iter, off, noseq, nodeg, threads };
        command.SetAction(p =>
        {
            var watch = Stopwatch.StartNew();
            var articles = LabelFormats.Read(p.GetRequiredValue(labels));
            var trainer = new RoleTrainer(new RoleTrainingOptions
            {
                L2 = p.GetValue(l2), SequenceL2 = p.GetValue(sl2), FewestArticles = p.GetValue(min), Iterations = p.GetValue(iter),
                Features = new FeatureSettings(FeatureFamilies.All & ~(FeatureFamilies)p.GetValue(off)), Sequence = !p.GetValue(noseq), Degrade = !p.GetValue(nodeg), Threads = p.GetValue(threads),
            });
            var trained = trainer.Train(articles, s => Console.Error.WriteLine($"{watch.Elapsed.TotalSeconds:F1}s {s}"));
            var all = RoleEvaluator.FromProbabilities(trained.OutOfFold, trained.Model.Labels, articles, trained.Model.Labels);
            var scores = RoleScores.Of(trained.Model.Labels, all);
            Console.WriteLine($"cv macro {scores.Macro:F4} micro {scores.Micro:F4} ece {scores.CalibrationError:F4} T {trained.Model.Sequence.Temperature:F3} keys {trained.Model.Keys.Length} n {scores.Sentences}  " + string.Join(" ", scores.Labels.Select(l => $"{l.Label}:{l.F1:F3}")));
            if (p.GetValue(model) is { } path)
                RoleModelFile.Write(path, trained.Model);
            return ExitCode.Done;
        });
        return command;
    }
}
