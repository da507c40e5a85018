using Pipeline.Evaluating;
using Pipeline.Segmenting;

namespace Pipeline.Tests.Evaluating;

public class SegmentationEvaluationTests
{
    [Fact]
    public void Restores_the_text_and_counts_a_contraction_as_one_token_and_two_words()
    {
        const string Treebank = """
            # newdoc id = a
            # newpar id = a-1
            1	It	it	PRON	_	_	_	_	_	_
            2-3	didn't	_	_	_	_	_	_	_	_
            2	did	do	AUX	_	_	_	_	_	_
            3	n't	not	PART	_	_	_	_	_	_
            4	rain	rain	VERB	_	_	_	_	_	SpaceAfter=No
            5	.	.	PUNCT	_	_	_	_	_	_

            # newpar_block = p
            1	We	we	PRON	_	_	_	_	_	_
            2	left	leave	VERB	_	_	_	_	_	SpaceAfter=No
            3	.	.	PUNCT	_	_	_	_	_	_


            """;
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, Treebank);
            Assert.Equal("It didn't rain. We left.", Assert.Single(ConlluFile.Read(path)).Text.Text.Trim());

            var scores = SegmentationEvaluation.Evaluate(path, new Segmenter());
            Assert.Equal(new SpanScore(7, 7, 7), scores.Tokens);
            Assert.Equal(new SpanScore(8, 8, 8), scores.Words);
            Assert.Equal(new SpanScore(2, 2, 2), scores.Sentences);
            Assert.Null(scores.Tags);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("en_ewt-dev.conllu", 0.99, 0.90)]
    [InlineData("en_gum-dev.conllu", 0.995, 0.955)]
    public void Reaches_the_figures_that_are_promised(string file, double tokens, double sentences)
    {
        var shared = Environment.GetEnvironmentVariable("PIPELINE_SHARED");
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); shared is null && folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Pipeline.sln")))
                shared = Path.Combine(folder.Parent!.FullName, "shared");
        }

        var path = Path.Combine(shared ?? "", "benchmarks", "segmentation", file);
        if (!File.Exists(path))
            Assert.Skip($"{file} is not here; set PIPELINE_SHARED to the folder that holds benchmarks/segmentation");
        var scores = SegmentationEvaluation.Evaluate(path, new Segmenter());
        Assert.True(scores.Tokens.F1 >= tokens, $"tokens {scores.Tokens.F1:F4}");
        Assert.True(scores.Sentences.F1 >= sentences, $"sentences {scores.Sentences.F1:F4}");
    }
}
