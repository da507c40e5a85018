using System.IO.Compression;
using Pipeline.Training;

namespace Pipeline.Tests.Training;

public class LabelFormatsTests
{
    [Fact]
    public void Reads_abstracts_in_JSON()
    {
        var article = Assert.Single(LabelFormats.ReadAbstracts(["""{"abstract_id": 0, "sentences": ["We ask.", "We find."], "labels": ["objective", "result"], "confs": [1, 0.5]}"""], "x/dev.jsonl"));
        Assert.Equal(["objective", "result"], article.Roles);
        Assert.Equal("dev-1", article.Id);
        Assert.All(article.Article.Sentences, s => Assert.Equal(0, s.Paragraph));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"sentences": ["a"]}""")]
    [InlineData("""{"sentences": ["a"], "labels": []}""")]
    [InlineData("""{"sentences": "a", "labels": "b"}""")]
    public void A_line_that_is_no_abstract_is_told(string line) =>
        Assert.Equal(2, Assert.Throws<UserFileException>(() => LabelFormats.ReadAbstracts(["", line], "x.jsonl").ToList()).Line);

    [Fact]
    public void Reads_tabbed_abstracts()
    {
        var articles = LabelFormats.ReadTabbed(["###7", "outcome\tIt fell .", "background\tIt was .", "", "###8", "other\tSo ."], "x.txt").ToList();
        Assert.Equal(["7", "8"], articles.Select(a => a.Id));
        Assert.Equal(["outcome", "background"], articles[0].Roles);
        Assert.Equal([2, 3], articles[0].Lines);
    }

    [Theory]
    [InlineData("outcome\tIt fell .")]
    [InlineData("###1|outcome It fell .")]
    [InlineData("###1|\tIt fell .")]
    public void A_line_without_label_or_abstract_is_told(string lines) =>
        Assert.Throws<UserFileException>(() => LabelFormats.ReadTabbed(lines.Split('|'), "x.txt").ToList());

    [Fact]
    public void Reads_a_zip_of_texts_and_their_annotations_and_leaves_out_what_is_no_body()
    {
        var article = Assert.Single(DiscourseZip.Articles(Zip(), "x.zip"));
        Assert.Equal("News/one", article.Id);
        Assert.Equal(["Main", "Cause_General"], article.Roles);
        Assert.Equal(["S1", "S3"], article.SentenceIds);
        Assert.Equal([1, 2], article.Article.Sentences.Select(s => s.Paragraph));
        Assert.Equal("A headline", article.Article.Article.Title);
    }

    [Fact]
    public void A_zip_lends_its_texts_to_labels_that_have_none()
    {
        using var folder = new TempFolder();
        var (labels, zip) = (System.IO.Path.Combine(folder.Path, "l.csv"), System.IO.Path.Combine(folder.Path, "t.zip"));
        File.WriteAllText(labels, "article_id,sentence_id,role\nNews/one,1,context\nNews/one,2,motivation\n");
        File.WriteAllBytes(zip, Zip().ToArray());
        var article = Assert.Single(LabelFormats.Read([labels, zip]));
        Assert.Equal(["context", "motivation"], article.Roles);
        Assert.Contains("It rained.", article.Article.Text, StringComparison.Ordinal);

        File.WriteAllText(labels, "article_id,sentence_id,role\nNews/one,9,context\n");
        Assert.Equal(2, Assert.Throws<UserFileException>(() => LabelFormats.Read([labels, zip])).Line);
    }

    [Fact]
    public void A_zip_that_only_lends_is_not_read_as_labels()
    {
        using var folder = new TempFolder();
        var (bare, whole, zip) = (In("bare.csv"), In("whole.csv"), In("t.zip"));
        File.WriteAllText(bare, "article_id,sentence_id,role\nNews/one,1,context\n");
        File.WriteAllText(whole, "article_id,sentence_id,section,text,role\na,1,,It snowed.,context\n");
        File.WriteAllBytes(zip, Zip().ToArray());
        Assert.Equal(["a"], LabelFormats.Read([whole], [zip]).Select(a => a.Id));
        Assert.Equal(["a", "News/one"], LabelFormats.Read([whole, bare], [zip]).Select(a => a.Id));
        Assert.Equal(["a", "News/one"], LabelFormats.Read([whole, zip]).Select(a => a.Id));
        Assert.Equal(["context"], LabelFormats.Read([bare], [zip, whole]).SelectMany(a => a.Roles));

        string In(string name) => System.IO.Path.Combine(folder.Path, name);
    }

    [Fact]
    public void A_folder_of_TimeML_lends_sentences_by_where_they_start()
    {
        using var folder = new TempFolder();
        var labels = System.IO.Path.Combine(folder.Path, "l.csv");
        var set = Directory.CreateDirectory(System.IO.Path.Combine(folder.Path, "set", "part")).Parent!.FullName;
        File.WriteAllText(System.IO.Path.Combine(set, "part", "d1.tml"),
            "<TimeML><DCT>x</DCT><TEXT>The port shut <TIMEX3 tid=\"t1\" type=\"DATE\" value=\"2001-05-04\">on Friday</TIMEX3>.  Crews\nwent home.</TEXT></TimeML>");
        File.WriteAllText(labels, "article_id,sentence_id,role\nd1,0,context\nd1,26,implication\n");
        var article = Assert.Single(LabelFormats.Read([labels, set]));
        Assert.Equal("The port shut on Friday. Crews went home.", article.Article.Text);
        Assert.Equal("real news", article.Kind);

        // Where another cut would put it, there is no sentence.
        File.WriteAllText(labels, "article_id,sentence_id,role\nd1,0,context\nd1,1,implication\n");
        Assert.Equal(3, Assert.Throws<UserFileException>(() => LabelFormats.Read([labels, set])).Line);
    }

    [Fact]
    public void A_CoNLL_file_lends_sentences_by_number()
    {
        using var folder = new TempFolder();
        var (labels, set) = (System.IO.Path.Combine(folder.Path, "l.csv"), System.IO.Path.Combine(folder.Path, "a.train"));
        File.WriteAllText(set, "-DOCSTART- -X- O O\n\nIt NN O O\nrained NN O O\n\n-DOCSTART- -X- O O\n\nOslo NN O I-LOC\nslept NN O O\n\nSo NN O O\n");
        File.WriteAllText(labels, "article_id,sentence_id,role\na.train/2,1,context\na.train/2,2,motivation\n");
        Assert.Equal("Oslo slept So", Assert.Single(LabelFormats.Read([labels, set])).Article.Text);
    }

    [Fact]
    public void A_set_without_roles_is_refused_as_labels()
    {
        using var folder = new TempFolder();
        var (whole, set) = (System.IO.Path.Combine(folder.Path, "l.csv"), System.IO.Path.Combine(folder.Path, "a.train"));
        File.WriteAllText(whole, "article_id,sentence_id,section,text,role\na,1,,It snowed.,context\n");
        File.WriteAllText(set, "It NN O O\n");
        Assert.Contains("no roles of its own", Assert.Throws<UserFileException>(() => LabelFormats.Read([whole, set])).Message, StringComparison.Ordinal);
        Assert.Contains("no .tml", Assert.Throws<UserFileException>(() => LentTexts.Read([folder.Path])).Message, StringComparison.Ordinal);
    }

    private static MemoryStream Zip()
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add("set/News/one.txt", "H A headline\n\nS1 It rained.\nS2 Photo by X.\n\nS3\tIt had been dry.\n");
            Add("set/News/one.ann", "T1\tMain 1 2\tS1\nE1\tMain:T1 \nT2\tNA 1 2\tS2\nT3\tSpeech 1 2\tS3\nT4\tCause_General 1 2\tS3\n");
            Add("__MACOSX/set/News/._one.txt", "junk");

            void Add(string name, string text)
            {
                using var writer = new StreamWriter(zip.CreateEntry(name).Open());
                writer.Write(text);
            }
        }

        stream.Position = 0;
        return stream;
    }
}
