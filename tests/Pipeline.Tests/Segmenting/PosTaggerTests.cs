using Pipeline.Segmenting;
using Pipeline.Training;

namespace Pipeline.Tests.Segmenting;

public class PosTaggerTests
{
    private const string Treebank = """
        # newdoc id = a
        1	Dogs	dog	NOUN	_	_	_	_	_	_
        2	bark	bark	VERB	_	_	_	_	_	SpaceAfter=No
        3	.	.	PUNCT	_	_	_	_	_	_

        1	Cats	cat	NOUN	_	_	_	_	_	_
        2-3	don't	_	_	_	_	_	_	_	_
        2	do	do	AUX	_	_	_	_	_	_
        3	n't	not	PART	_	_	_	_	_	_
        4	bark	bark	VERB	_	_	_	_	_	SpaceAfter=No
        5	.	.	PUNCT	_	_	_	_	_	_


        """;

    private static T WithFile<T>(string content, Func<string, T> use)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, content);
            return use(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] Trained() => WithFile(Treebank, path =>
    {
        using var stream = new MemoryStream();
        PosTrainer.Train([path]).Save(stream);
        return stream.ToArray();
    });

    [Fact]
    public void Tags_what_it_was_taught_and_gives_every_token_a_tag()
    {
        var model = WithFile(Treebank, path => PosTrainer.Train([path]));
        var tags = new PosTagger(model).Tag(Segmenter.SegmentSentences([("Cats don't bark.", "", 1), ("", "", 1), ("Dogs bark.", "", 2)]));

        Assert.Equal(
            [Upos.Noun, Upos.Aux, Upos.Part, Upos.Verb, Upos.Punct, Upos.Noun, Upos.Verb, Upos.Punct], tags);
    }

    [Fact]
    public void The_same_treebank_gives_the_same_bytes() => Assert.Equal(Trained(), Trained());

    [Theory]
    [InlineData(0, "no part-of-speech model")]
    [InlineData(20, "checksum")]
    [InlineData(5000, "checksum")]
    public void Refuses_a_damaged_model(int position, string message)
    {
        var bytes = Trained();
        bytes[position] ^= 1;
        Assert.Contains(message, LoadFails(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_model_that_was_cut_short() =>
        Assert.Contains("cut short", LoadFails(Trained()[..1000]), StringComparison.Ordinal);

    [Fact]
    public void Refuses_a_missing_model() => Assert.Throws<UserFileException>(() => PosTagger.Load("no-such-folder/pos.model"));

    [Theory]
    [InlineData("1\tDogs\tdog\tNOUN\n", ":1: found 4 columns")]
    [InlineData("1\tDogs\tdog\tTHING\t_\t_\t_\t_\t_\t_\n\n", ":1: found the tag \"THING\"")]
    [InlineData("", "holds no sentence")]
    public void Refuses_a_treebank_that_is_none(string content, string message) =>
        Assert.Contains(message, WithFile(content, path =>
            Assert.Throws<UserFileException>(() => PosTrainer.Train([path])).Message), StringComparison.Ordinal);

    private static string LoadFails(byte[] bytes)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, bytes);
            return Assert.Throws<UserFileException>(() => PosTagger.Load(path)).Message;
        }
        finally
        {
            File.Delete(path);
        }
    }
}
