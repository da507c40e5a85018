using CsCheck;
using Pipeline.Cleaning;
using Pipeline.Entities;
using Pipeline.Reading;
using Pipeline.Segmenting;
using Pipeline.Training;

namespace Pipeline.Tests.Entities;

public class EntityRecognizerTests
{
    private static readonly byte[] Model = TrainTiny();

    private static byte[] TrainTiny()
    {
        using var folder = new TempFolder();
        var lines = string.Concat(Enumerable.Repeat("Mr. O\nPavel B-PERSON\nNovak I-PERSON\nleft O\nBrno B-GPE\n. O\n\nThe O\nTreaty B-LAW\nof I-LAW\nBrno I-LAW\nheld O\n. O\n\n", 6));
        return EntityTraining.Train([new(folder.Write("t.conll", lines), EntityTags.Auto)], new EntityTrainingOptions { Epochs = 8, L2 = 0.1 });
    }

    private static SegmentedArticle Cut(string text) => new Segmenter().Segment(new ArticleText
    {
        Article = new Article { Id = "a", Source = "a.txt", Content = text },
        Text = text,
        Blocks = text.Trim().Length == 0 ? [] : [new Block(BlockKind.Paragraph, new TextSpan(text.Length - text.TrimStart().Length, text.TrimEnd().Length), "")],
    });

    private static EntityRecognizer Load(Gazetteer? gazetteer = null)
    {
        using var folder = new TempFolder();
        return EntityRecognizer.Load(folder.Write("m.model", Model), gazetteer);
    }

    [Fact]
    public void Finds_what_it_has_learnt()
    {
        var found = Load().Recognize(Cut("Mr. Pavel Novak left Brno. The Treaty of Brno held."));
        Assert.Equal(
            [(EntityType.Person, "Pavel Novak"), (EntityType.Gpe, "Brno"), (EntityType.Law, "Treaty of Brno")],
            found.Select(m => (m.Type, m.Canonical)));
        Assert.Equal("CZE", found[1].Country);
    }

    [Fact]
    public void Is_total_and_gives_ordered_spans_that_do_not_overlap()
    {
        var recognizer = Load();
        string[] pieces = ["Mr.", "Pavel", "Novak", "Brno", "Treaty", "of", "U.S.", "-", "’s", "\uD83D", "é", "IN", "(", "北京", "2024", " ", "\u00A0"];
        Gen.Int[0, pieces.Length - 1].Select(k => pieces[k]).Array[0, 40].Select(w => string.Join(' ', w)).Sample(
            text =>
            {
                var last = 0;
                foreach (var m in recognizer.Recognize(Cut(text)))
                {
                    Assert.True(m.Span.Start >= last && m.Span.End > m.Span.Start && m.Span.End <= text.Length);
                    Assert.InRange(m.Confidence, 0, 1);
                    last = m.Span.End;
                }
            },
            iter: 300);
    }

    [Fact]
    public void Trains_the_same_bytes_from_the_same_data() => Assert.Equal(Model, TrainTiny());

    [Theory]
    [InlineData("name,type,canonical,country\nBrno Treaty Desk,ORG,The Desk,CZE\n", "The Brno Treaty Desk held.", "The Desk", "CZE")]
    [InlineData("name,type\nNovak,ORG\n", "Mr. Novak left.", "Novak", null)]
    public void Lets_the_users_names_win(string csv, string text, string canonical, string? country)
    {
        var gazetteer = Gazetteer.Read(new StringReader(csv), "g.csv");
        var mention = Assert.Single(Load(gazetteer).Recognize(Cut(text)));
        Assert.Equal((EntityType.Org, canonical, country, 1.0), (mention.Type, mention.Canonical, mention.Country, mention.Confidence));
    }

    [Theory]
    [InlineData("name\nX\n")]
    [InlineData("name,type\nX,PLANET\n")]
    [InlineData("name,type\n,ORG\n")]
    [InlineData("name,type,country\nX,ORG,Freedonia\n")]
    public void Says_what_is_wrong_with_a_gazetteer(string csv) =>
        Assert.Throws<UserFileException>(() => Gazetteer.Read(new StringReader(csv), "g.csv"));

    [Fact]
    public void Refuses_missing_foreign_and_damaged_models()
    {
        using var folder = new TempFolder();
        Assert.Throws<UserFileException>(() => EntityRecognizer.Load(folder["none"]));
        Assert.Throws<UserFileException>(() => EntityRecognizer.Load(folder.Write("foreign", "not a model, but long enough to be looked at, is it not? yes")));
        Assert.Throws<UserFileException>(() => EntityRecognizer.Load(folder.Write("short", Model[..(Model.Length / 2)])));
        var changed = Model.ToArray();
        changed[changed.Length / 2] ^= 1;
        Assert.Throws<UserFileException>(() => EntityRecognizer.Load(folder.Write("changed", changed)));
    }
}
