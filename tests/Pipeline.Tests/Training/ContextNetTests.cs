using Pipeline.Classifying;
using Pipeline.Tests.Classifying;
using Pipeline.Training;

namespace Pipeline.Tests.Training;

public class ContextNetTests
{
    private static readonly string[] Labels = ["context", "implication", "motivation"];

    [Fact]
    public void The_joined_nets_answer_as_they_did_in_training()
    {
        var articles = Taught.Articles(8);
        var table = FeatureTable.Build([.. articles.Select((a, i) => (i, a.Article))], FeatureSettings.Default, 1, rarityPower: 0.5);
        var scan = new ArticleScan();
        var examples = articles.Select((a, i) => ContextNetTrainer.See(
            a.Article, i * 9, a.Targets(Labels), Labels.Length, 1, [], scan)).ToList();
        var (rowOf, rows) = ContextNetTrainer.Choose(table, 2);
        var members = new[] { 1u, 2u }.Select(seed => ContextNetTrainer.Train(table, rowOf, rows, examples, 3, seed)).ToArray();
        var nets = ContextNetTrainer.Join(members, table, rowOf, 3);
        var model = new RoleModel(
            Labels, FeatureSettings.Default, [], [], [0, 0, 0],
            new SequenceLayer(3, SequenceTrainer.Neutral(3), RoleCalibration.None(3)) { Nets = nets }, []);
        // What the linear model does not see, the nets see all the same.
        var narrow = new RoleModel(
            Labels, new FeatureSettings(FeatureFamilies.All & ~FeatureFamilies.Phrases), [], [], [0, 0, 0], model.Sequence, []);
        var pass = new NetPass();
        for (var a = 0; a < articles.Count; a++)
        {
            var answers = new double[27];
            foreach (var member in members)
                ContextNetTrainer.AddAnswers(member, table, rowOf, examples[a], pass, 3, 0.5, answers);
            var expected = new double[27];
            ContextNet.Blend(answers, 3, expected);

            scan.Load(articles[a].Article, CueLexicon.Default);
            var found = new double[27];
            model.Score(scan, found);
            for (var i = 0; i < 27; i++)
                Assert.Equal(Math.Exp(expected[i]), Math.Exp(found[i]), 0.02);

            var again = new double[27];
            narrow.Score(scan, again);
            Assert.Equal(found, again);
        }
    }

    [Fact]
    public void A_blend_is_a_distribution_even_where_an_answer_is_nothing()
    {
        double[] logs = [0, -1000, double.NegativeInfinity];
        ContextNet.Blend([0, 1, 0], 3, logs);
        Assert.Equal(1, logs.Sum(Math.Exp), 9);
        Assert.All(logs, x => Assert.True(double.IsFinite(x)));
    }
}
