using Pipeline.Classifying;

namespace Pipeline.Tests.Classifying;

public class CueLexiconTests
{
    [Theory]
    [InlineData("Beijing wants gas", "want", true)]
    [InlineData("Beijing has gas", "want", false)]
    [InlineData("It fears a split", "fear", true)]
    [InlineData("It fearlessly split", "fear", false)]
    [InlineData("because of the war", "cause", true)]
    [InlineData("be cause", "cause", false)]
    [InlineData("in the long run", "future-time", true)]
    [InlineData("in the long grass", "future-time", false)]
    [InlineData("the long - term view", "future-time", true)]
    [InlineData("They could not agree", "modal-possible", true)]
    [InlineData("They agreed", "modal-possible", false)]
    [InlineData("AS A RESULT", "effect", true)]
    [InlineData("as a matter", "effect", false)]
    [InlineData("why it moved", "heading-motive", true)]
    public void Finds_a_class_by_whole_words(string text, string name, bool found)
    {
        var words = text.Split(' ').Select(w => FeatureHash.Word(w)).ToArray();
        var cues = new ulong[words.Length];
        CueLexicon.Default.Mark(words, cues);
        var bit = 1UL << CueLexicon.Default.Classes.ToList().IndexOf(name);
        Assert.Equal(found, cues.Any(c => (c & bit) != 0));
    }

    [Fact]
    public void Fits_its_classes_into_one_word_and_names_each_once()
    {
        Assert.InRange(CueLexicon.Default.Classes.Count, 30, 64);
        Assert.Equal(CueLexicon.Default.Classes.Count, CueLexicon.Default.Classes.Distinct().Count());
    }

    [Theory]
    [InlineData("x\t~deny", "denies denied denying deny", "denys")]
    [InlineData("x\t~make", "makes making", "makeing")]
    [InlineData("x\t~cut", "cutting cuts", "cuttting")]
    [InlineData("x\t~push", "pushes pushed", "pushs")]
    [InlineData("x\t~lead to", "", "leading")]
    public void Inflects_regular_verbs(string line, string found, string not)
    {
        var lexicon = CueLexicon.Parse(new StringReader(line));
        foreach (var form in found.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            Assert.True(Marks(lexicon, form), form);
        Assert.False(Marks(lexicon, not), not);
    }

    private static bool Marks(CueLexicon lexicon, string word)
    {
        var cues = new ulong[1];
        lexicon.Mark([FeatureHash.Word(word)], cues);
        return cues[0] != 0;
    }
}
