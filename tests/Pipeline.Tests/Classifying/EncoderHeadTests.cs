using Pipeline.Classifying;
using Pipeline.Segmenting;
using Pipeline.Training;

namespace Pipeline.Tests.Classifying;

public class EncoderHeadTests
{
    [Theory]
    [InlineData(0, 0.2)]
    [InlineData(1, 0.7)]
    [InlineData(0.5, 0.43305)]
    public void The_share_says_whose_answer_it_is(double share, double first)
    {
        double[] logs = [Math.Log(0.2), Math.Log(0.8)];
        EncoderHead.Mix([Math.Log(0.7), Math.Log(0.3)], share, logs);
        Assert.Equal(first, Math.Exp(logs[0]), 4);
        Assert.Equal(1, Math.Exp(logs[0]) + Math.Exp(logs[1]), 9);
    }

    [Fact]
    public void A_model_with_a_head_comes_back_from_its_file_and_wants_its_encoder()
    {
        using var folder = new TempFolder();
        var trained = Train(new Told());
        var path = folder.Write("roles.accurate.model", RoleModelFile.ToBytes(trained));
        Assert.Equal(RoleModelFile.ToBytes(trained), RoleModelFile.ToBytes(RoleModelFile.Read(path)));
        Assert.Contains("--accurate", Assert.Throws<UserFileException>(() => RoleClassifier.Load(path)).Message, StringComparison.Ordinal);
        Assert.Contains("another encoder", Assert.Throws<UserFileException>(() => RoleClassifier.Load(path, () => new Told { Sha256 = new string('b', 64) })).Message, StringComparison.Ordinal);
        Assert.Equal(9, RoleClassifier.Load(path, () => new Told()).Classify(Taught.Articles(1)[0].Article).Count);
    }

    [Fact]
    public void An_encoder_that_knows_the_roles_is_believed_more_than_one_that_knows_nothing()
    {
        Assert.True(Train(new Told()).Head!.Share > Train(new Told { Knows = false }).Head!.Share);
    }

    [Fact]
    public void Articles_that_teach_only_are_not_measured_but_are_learnt_from()
    {
        var taught = Taught.Articles(16)[12..];
        var trained = new RoleTrainer(Taught.Options).Train(Taught.Articles(12), taught, stop: TestContext.Current.CancellationToken);
        Assert.Equal(12, trained.OutOfFold.Count);
        Assert.Equal(12, trained.Folds.Count);
        Assert.Equal(16, trained.Model.SeenArticles.Length);
        Assert.NotEqual(RoleModelFile.ToBytes(Taught.Model), RoleModelFile.ToBytes(trained.Model));
    }

    private static RoleModel Train(ISentenceEncoder encoder) =>
        new RoleTrainer(Taught.Options with { Encoder = encoder, HeadL2 = 0.01f }).Train(Taught.Articles(12), stop: TestContext.Current.CancellationToken).Model;

    /// <summary>Tells the role of <see cref="Taught"/>'s sentences by their place, or says nothing.</summary>
    private sealed class Told : ISentenceEncoder
    {
        public bool Knows { get; init; } = true;

        public int Width => 3;

        public string Sha256 { get; init; } = new('a', 64);

        public ReadOnlySpan<ulong> SeenArticles => [];

        public float[] Encode(SegmentedArticle article)
        {
            var vectors = new float[article.Sentences.Count * Width];
            for (var s = 0; s < article.Sentences.Count && Knows; s++)
                vectors[(s * Width) + (s / 3)] = 1;
            return vectors;
        }
    }
}
