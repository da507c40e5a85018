using Microsoft.ML;
using Microsoft.ML.Data;
using Pipeline.Classifying;
using Pipeline.Tests.Classifying;
using Pipeline.Training;

namespace Pipeline.Tests.Training;

public class RoleTrainerTests
{
    [Fact]
    public void The_same_articles_give_the_same_bytes_for_any_number_of_threads()
    {
        var one = new RoleTrainer(Taught.Options with { Threads = 1 }).Train(Taught.Articles(8), stop: TestContext.Current.CancellationToken).Model;
        var four = new RoleTrainer(Taught.Options with { Threads = 4 }).Train(Taught.Articles(8), stop: TestContext.Current.CancellationToken).Model;
        Assert.Equal(RoleModelFile.ToBytes(one), RoleModelFile.ToBytes(four));
    }

    [Fact]
    public void The_compiled_scorer_gives_the_answers_of_Microsoft_ML()
    {
        var articles = Taught.Articles(8);
        string[] labels = ["context", "implication", "motivation"];
        var table = FeatureTable.Build([.. articles.Select((a, i) => (i, a.Article))], FeatureSettings.Default, 1, rarityPower: 0.8);
        var gold = articles.SelectMany(a => a.Roles).Select(r => (uint)Array.IndexOf(labels, r)).ToList();
        var rows = gold.Select((g, r) => new FirstStage.Row
        {
            Label = g,
            Weight = 1,
            Features = new VBuffer<float>(table.Keys.Length, table.Columns[r].Length, table.Values[r], table.Columns[r]),
        }).ToList();

        var fitted = FirstStage.Fit(rows, table.Keys.Length, 3, 0.5f, 30);
        var ml = new MLContext(seed: 1);
        var expected = ml.Data.CreateEnumerable<Answer>(fitted.Transform(FirstStage.View(ml, rows, table.Keys.Length, 3)), reuseRowObject: false).Select(a => a.Score).ToList();

        var weights = FirstStage.Train(rows, table.Keys.Length, 3, 0.5f, 30);
        var model = new RoleModel(
            labels, FeatureSettings.Default, table.Keys, table.ForPlainValues(weights.ByColumn), weights.Biases,
            new SequenceLayer(3, SequenceTrainer.Neutral(3), RoleCalibration.None(3)), []);
        var scan = new ArticleScan();
        var row = 0;
        foreach (var article in articles)
        {
            scan.Load(article.Article, CueLexicon.Default);
            var found = new double[article.Roles.Count * 3];
            model.Score(scan, found);
            for (var s = 0; s < article.Roles.Count; s++, row++)
            {
                for (var l = 0; l < 3; l++)
                    Assert.Equal(expected[row][l], Math.Exp(found[(s * 3) + l]), 1e-5);
                Assert.Equal((int)gold[row], RoleClassifier.Best(found.AsSpan(s * 3, 3)));
            }
        }
    }

    [Fact]
    public void Out_of_fold_answers_come_from_models_that_did_not_see_the_article()
    {
        // One article has a word that no other has; only a model that saw it could use it.
        var trained = new RoleTrainer(Taught.Options).Train(Taught.Articles(9), stop: TestContext.Current.CancellationToken);
        Assert.Equal(3, trained.Folds.Distinct().Count());
        Assert.All(trained.OutOfFold, p => Assert.Equal(27, p.Length));
        Assert.All(trained.OutOfFold, p => Assert.Equal(9, p.Sum(), 6));
    }

    [Fact]
    public void Articles_of_one_subject_stay_in_one_fold()
    {
        var articles = Taught.Articles(12).Select((a, i) => a with { Group = "g" + (i / 3) }).ToList();
        var folds = Folds.Assign(articles, 3);
        for (var i = 0; i < 12; i++)
            Assert.Equal(folds[i / 3 * 3], folds[i]);
    }

    [Fact]
    public void Learns_any_label_set()
    {
        var articles = Taught.Articles(6).Select(a => a with { Roles = [.. a.Roles.Select(r => r == "context" ? "Ja, \"so\"" : "nein")] }).ToList();
        Assert.Equal(["Ja, \"so\"", "nein"], new RoleTrainer(Taught.Options).Train(articles, stop: TestContext.Current.CancellationToken).Model.Labels);
    }

    [Fact]
    public void Minimizes_a_bent_valley()
    {
        double[] point = [-1.2, 1];
        Lbfgs.Minimize(
            (x, gradient) =>
            {
                var (a, b) = (1 - x[0], x[1] - (x[0] * x[0]));
                gradient[0] = (-2 * a) - (400 * x[0] * b);
                gradient[1] = 200 * b;
                return (a * a) + (100 * b * b);
            },
            point, 200, 1e-14);
        Assert.Equal(1, point[0], 3);
        Assert.Equal(1, point[1], 3);
    }

    private sealed class Answer
    {
        public float[] Score { get; set; } = [];
    }
}
