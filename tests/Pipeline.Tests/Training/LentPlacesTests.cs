using System.IO.Compression;
using Pipeline.Training;

namespace Pipeline.Tests.Training;

public class LentPlacesTests
{
    private const string Header = "article_id,sentence_id,end,paragraph,section,kind,role,second,third\n";

    [Fact]
    public void Labels_name_their_sentences_and_headings_by_places_in_a_lent_text()
    {
        var article = Assert.Single(Read("n1,0,14,1,,real news,context,,\nn1,21,39,2,15-20,real news,implication,motivation,\n"));
        Assert.Equal(["Prices 😀 rose.", "It may go on now."], article.Article.Sentences.Select(s => s.Span.In(article.Article.Text).ToString()));
        Assert.Equal(["", "After"], article.Article.Sentences.Select(s => s.Section));
        Assert.Equal("A title", article.Article.Article.Title);
        Assert.Equal([["context", "motivation"]], article.OtherRoles);
        Assert.Equal([1, 0, 0, 0, 0.5f, 0.5f], article.Targets(["context", "implication", "motivation"]));
    }

    [Theory]
    [InlineData(",", ",", new[] { 1f, 0, 0, 1 })]
    [InlineData(",", "context,", new[] { 1f, 0, 0.5f, 0.5f })]
    [InlineData(",", "context,implication", new[] { 1f, 0, 1 / 3f, 2 / 3f })]
    [InlineData(",", ",context", new[] { 1f, 0, 1 / 3f, 2 / 3f })]
    [InlineData(",implication", "context,context", new[] { 2 / 3f, 1 / 3f, 2 / 3f, 1 / 3f })]
    public void Training_believes_every_annotator_to_the_same_degree(string first, string second, float[] targets)
    {
        var article = Assert.Single(Read($"n1,0,14,1,,real news,context,{first}\nn1,21,39,2,15-20,real news,implication,{second}\n"));
        Assert.Equal(targets, article.Targets(["context", "implication"]));
    }

    [Theory]
    [InlineData("n1,30,99,1,,real news,context,\n", "no text from \"30\" to \"99\"")]
    [InlineData("n1,14,14,1,,real news,context,\n", "no text from")]
    [InlineData("n1,-1,5,1,,real news,context,\n", "no text from")]
    [InlineData("n1,0,14,1,x,real news,context,\n", "no text from \"x\"")]
    [InlineData("n1,14,15,1,,real news,context,\n", "no text from")]
    [InlineData("n2,0,14,1,,real news,context,\n", "no text of article")]
    public void A_place_that_is_none_is_told_with_its_line(string rows, string said)
    {
        var error = Assert.Throws<UserFileException>(() => Read(rows));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Equal(2, error.Line);
    }

    [Fact]
    public void The_output_of_a_run_teaches_by_its_probabilities()
    {
        using var folder = new TempFolder();
        folder.Write("articles.csv", "article_id,title\nx,\"'=Sum\"\n");
        folder.Write("sentences.csv", "article_id,sentence_id,paragraph,section,role,p_context,p_implication,text\nx,1,1,,context,0.75,0.25,It rose.\ny,1,1,Ahead,implication,0.1,0.9,It may fall.\n");
        var articles = TaughtArticles.Read([folder.Path], 0.3f);
        Assert.Equal(["=Sum", null], articles.Select(a => a.Article.Article.Title));
        Assert.Equal([0.75f, 0.25f, 0], articles[0].Targets(["context", "implication", "motivation"]));
        Assert.Equal("Ahead", articles[1].Article.Sentences[0].Section);
    }

    [Theory]
    [InlineData("sentence_id,text\n1,It rose.\n")]
    [InlineData("article_id,sentence_id,paragraph,section,role,p_context,text\nx,1,one,,context,0.75,It rose.\n")]
    [InlineData("article_id,sentence_id,paragraph,section,role,p_context,text\nx,1,1,,context,much,It rose.\n")]
    public void A_folder_that_holds_no_run_is_told(string sentences)
    {
        using var folder = new TempFolder();
        folder.Write("articles.csv", "article_id,title\nx,T\n");
        folder.Write("sentences.csv", sentences);
        Assert.Throws<UserFileException>(() => TaughtArticles.Read([folder.Path], 0.3f));
        Assert.Throws<UserFileException>(() => TaughtArticles.Read([folder["nowhere"]], 0.3f));
    }

    private static List<LabelledArticle> Read(string rows)
    {
        using var folder = new TempFolder();
        var labels = folder.Write("labels.csv", Header + rows);
        using (var packed = new StreamWriter(new GZipStream(File.Create(folder["pool.jsonl.gz"]), CompressionLevel.Fastest)))
            packed.WriteLine("""{"id": "n1", "title": "A title", "text": "Prices 😀 rose.\nAfter\nIt  may go\non now."}""");
        return LabelFormats.Read([labels, folder["pool.jsonl.gz"]]);
    }
}
