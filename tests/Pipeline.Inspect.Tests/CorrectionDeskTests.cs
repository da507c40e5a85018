using Pipeline.Inspect.Correcting;
using Pipeline.Inspect.Data;
using Pipeline.Training;
using Pipeline.Writing;

namespace Pipeline.Inspect.Tests;

public sealed class CorrectionDeskTests : IDisposable
{
    private readonly SampleOutput sample = new();
    private readonly OutputStore store;
    private readonly CorrectionDesk desk;

    public CorrectionDeskTests()
    {
        store = OutputStore.Open(sample.Folder);
        desk = new CorrectionDesk(store, "ann", TimeProvider.System);
    }

    public void Dispose()
    {
        store.Dispose();
        sample.Dispose();
    }

    [Fact]
    public void A_correction_is_on_disk_at_once_and_shows_in_the_tables()
    {
        var before = sample.Bytes();
        desk.SetRole(SampleOutput.Quiet, 2, "context");
        Assert.Equal("context", Role(2));
        var lines = File.ReadAllLines(sample.Corrections);
        Assert.Equal("article_id,sentence_id,section,text,role,kind,start,end,old,new,undoes,who,when,id", lines[0]);
        Assert.StartsWith($"{SampleOutput.Quiet},2,What happened,Kyiv wants the grain to leave before winter.,context,role,,,motivation,context,,ann,", lines[1], StringComparison.Ordinal);
        Assert.Equal(before, sample.Bytes());
    }

    [Fact]
    public void Undoing_brings_the_value_before_back_one_at_a_time()
    {
        desk.SetRole(SampleOutput.Quiet, 2, "context");
        desk.SetRole(SampleOutput.Quiet, 2, "implication");
        desk.Undo(desk.Undoable()[0].Id);
        Assert.Equal("context", Role(2));
        desk.Undo(desk.Undoable()[0].Id);
        Assert.Equal("motivation", Role(2));
        Assert.Empty(desk.Undoable());
        Assert.Empty(desk.Live());
        Assert.Null(desk.Undo(1));
        Assert.Equal(5, File.ReadAllLines(sample.Corrections).Length);
    }

    [Fact]
    public void Facets_and_counts_that_are_remembered_follow_a_correction()
    {
        store.ReadIntoMemory(CancellationToken.None);
        Assert.Equal([("context", 3L), ("implication", 2L), ("motivation", 2L)], Roles());
        desk.SetRole(SampleOutput.Quiet, 2, "context");
        Assert.Equal([("context", 4L), ("implication", 2L), ("motivation", 1L)], Roles());
        desk.Undo(desk.Undoable()[0].Id);
        Assert.Equal([("context", 3L), ("implication", 2L), ("motivation", 2L)], Roles());
        var entities = TableView.Named("entities")!;
        Assert.Equal(3, store.Count(entities));
        desk.SetType(SampleOutput.Quiet, (int)store.Query("SELECT start FROM entities WHERE text = 'Odesa'")[0].Whole("start"), "");
        Assert.Equal(2, store.Count(entities));
        Assert.Equal(2, RowQuery.Page(store, new RowFilter { View = entities }).Total);

        IEnumerable<(string, long)> Roles() =>
            RowQuery.Facets(store, new RowFilter { View = TableView.Named("sentences")! })[0].Values.Select(value => (value.Value, value.Count)).Order();
    }

    [Theory]
    [InlineData("""{"counts": {"entities": 40, "sentences": 70}}""", 39, 70)]
    [InlineData("""{"counts": {"entities": -1, "sentences": "7"}}""", 2, 7)]
    [InlineData("""{"counts": []}""", 2, 7)]
    [InlineData("{", 2, 7)]
    public void Counts_come_from_the_run_until_the_tables_are_read(string run, long entities, long sentences)
    {
        File.WriteAllText(Path.Combine(sample.Folder, "run.json"), run);
        desk.SetType(SampleOutput.Quiet, (int)store.Query("SELECT start FROM entities WHERE text = 'Odesa'")[0].Whole("start"), "");
        Assert.Equal((entities, sentences), (store.Count(TableView.Named("entities")!), store.Count(TableView.Named("sentences")!)));
        store.ReadIntoMemory(CancellationToken.None);
        Assert.Equal((2, 7), (store.Count(TableView.Named("entities")!), store.Count(TableView.Named("sentences")!)));
    }

    [Fact]
    public void Entities_are_retyped_deleted_and_brought_back()
    {
        var odesa = store.Query("SELECT * FROM entities WHERE text = 'Odesa'")[0];
        var start = (int)odesa.Whole("start");
        desk.SetType(SampleOutput.Quiet, start, "LOC");
        Assert.Equal("LOC", store.Query("SELECT type FROM entities WHERE text = 'Odesa'")[0].Text("type"));
        desk.SetType(SampleOutput.Quiet, start, "");
        Assert.Empty(store.Query("SELECT type FROM entities WHERE text = 'Odesa'"));
        desk.Undo(desk.Undoable()[0].Id);
        Assert.Equal("LOC", store.Query("SELECT type FROM entities WHERE text = 'Odesa'")[0].Text("type"));
    }

    [Fact]
    public void Corrections_show_in_memory_whether_made_before_or_after_it_was_read()
    {
        desk.SetRole(SampleOutput.Quiet, 2, "context");
        store.ReadIntoMemory(CancellationToken.None);
        desk.SetRole(SampleOutput.Hostile, 2, "context");
        Assert.Equal(5, Rows("sentences", "?role=context"));
        Assert.Equal(2, Rows("sentences", "?corrected=yes"));
        Assert.Equal("motivation", store.Query($"SELECT role_before FROM sentences WHERE article_id = '{SampleOutput.Quiet}' AND sentence_id = 2")[0].Text("role_before"));
        Assert.Equal(1, Rows("articles", "?role=context&q=harbour"));
        Assert.Equal([("context", 3L), ("implication", 1L)], RowQuery.Page(store, RowFilter.Parse(TableView.Named("articles")!, "?q=harbour")).Rows[0].Counts("shares").Order());

        var odesa = (int)store.Query("SELECT start FROM entities WHERE text = 'Odesa'")[0].Whole("start");
        desk.SetType(SampleOutput.Quiet, odesa, "");
        Assert.Equal(2, Rows("entities", ""));
        desk.Undo(desk.Undoable()[0].Id);
        desk.SetType(SampleOutput.Quiet, odesa, "LOC");
        Assert.Equal(1, Rows("entities", "?type=LOC"));
        while (desk.Undoable().Count > 0)
            desk.Undo(desk.Undoable()[0].Id);
        Assert.Equal(3, Rows("sentences", "?role=context"));
        Assert.Equal(0, Rows("sentences", "?corrected=yes"));
        Assert.Equal(2, Rows("entities", "?type=GPE"));
    }

    [Fact]
    public void The_review_queue_takes_unsure_sentences_but_not_twice_and_says_why()
    {
        var queue = ReviewQueue.Choose(store, 10);
        Assert.Equal((SampleOutput.Hostile, 1), (queue[0].Article, queue[0].Sentence));
        Assert.StartsWith("between context and", queue[0].Why, StringComparison.Ordinal);
        Assert.Equal(7, queue.Distinct().Count());
        desk.SetRole(SampleOutput.Hostile, 1, "motivation");
        Assert.DoesNotContain(ReviewQueue.Choose(store, 10), item => item is { Article: SampleOutput.Hostile, Sentence: 1 });
    }

    [Fact]
    public void Corrections_survive_a_crash_also_one_in_the_middle_of_a_line()
    {
        desk.SetRole(SampleOutput.Hostile, 1, "motivation");
        desk.SetRole(SampleOutput.Quiet, 3, "context");
        var whole = File.ReadAllBytes(sample.Corrections);
        desk.SetRole(SampleOutput.Hostile, 2, "motivation");
        var all = File.ReadAllBytes(sample.Corrections);
        for (var cut = whole.Length; cut < all.Length; cut += 97)
        {
            File.WriteAllBytes(sample.Corrections, all[..cut]);
            using var again = OutputStore.Open(sample.Folder);
            var reopened = new CorrectionDesk(again, "ann", TimeProvider.System);
            Assert.Equal(2, reopened.All.Count);
            Assert.Equal(all[..cut], File.ReadAllBytes(sample.Corrections));
            Assert.Equal("context", again.Query($"SELECT role FROM sentences WHERE article_id = '{SampleOutput.Quiet}' AND sentence_id = 3")[0].Text("role"));
            File.Delete(sample.Corrections + CorrectionsFile.TornEnding);
            reopened.SetRole(SampleOutput.Hostile, 2, "context");
            Assert.Equal(whole, File.ReadAllBytes(sample.Corrections)[..whole.Length]);
            Assert.Equal([1, 2, 3], CorrectionsFile.Read(sample.Corrections).Select(c => c.Id));
            Assert.Equal(cut > whole.Length, File.Exists(sample.Corrections + CorrectionsFile.TornEnding));
            if (cut > whole.Length)
                Assert.Equal([.. all[whole.Length..cut], (byte)'\n'], File.ReadAllBytes(sample.Corrections + CorrectionsFile.TornEnding));
        }
    }

    [Fact]
    public void A_quote_in_the_middle_loses_no_line_behind_it()
    {
        for (var s = 1; s <= 4; s++)
            desk.SetRole(SampleOutput.Quiet, s, "context");
        var lines = File.ReadAllLines(sample.Corrections);
        foreach (var changed in (string[])["\"" + lines[2], lines[2].Replace(",ann,", ",\"ann,", StringComparison.Ordinal)])
        {
            var damaged = string.Join('\n', [.. lines[..2], changed, .. lines[3..]]) + "\n";
            File.WriteAllText(sample.Corrections, damaged);
            Assert.Throws<UserFileException>(() => CorrectionsFile.Read(sample.Corrections));
            Assert.Throws<UserFileException>(() => desk.SetRole(SampleOutput.Quiet, 1, "motivation"));
            Assert.Equal(damaged, File.ReadAllText(sample.Corrections));
        }
    }

    [Fact]
    public void A_line_that_cannot_be_written_leaves_the_file_as_it_was()
    {
        try
        {
            FaultPoint.Hook = _ => throw new IOException("No space left on device");
            Assert.Throws<UserFileException>(() => desk.SetRole(SampleOutput.Quiet, 1, "motivation"));
            Assert.False(File.Exists(sample.Corrections));
            FaultPoint.Hook = null;
            desk.SetRole(SampleOutput.Quiet, 2, "context");
            var before = File.ReadAllBytes(sample.Corrections);
            FaultPoint.Hook = _ => throw new IOException("No space left on device");
            var error = Assert.Throws<UserFileException>(() => desk.Undo(1));
            Assert.Contains("does not count", error.Message, StringComparison.Ordinal);
            Assert.Equal(before, File.ReadAllBytes(sample.Corrections));
            Assert.Equal("context", Role(2));
            Assert.Single(desk.Undoable());
        }
        finally
        {
            FaultPoint.Hook = null;
        }

        desk.Undo(1);
        Assert.Equal("motivation", Role(2));
    }

    [Fact]
    public void Two_pages_over_one_folder_give_no_number_twice_and_take_back_what_is_meant()
    {
        using var second = OutputStore.Open(sample.Folder);
        var other = new CorrectionDesk(second, "bob", TimeProvider.System);
        desk.SetRole(SampleOutput.Quiet, 1, "motivation");
        other.SetRole(SampleOutput.Quiet, 2, "context");
        desk.SetRole(SampleOutput.Quiet, 3, "context");
        other.SetRole(SampleOutput.Quiet, 3, "motivation");
        Assert.Equal([1, 2, 3, 4], CorrectionsFile.Read(sample.Corrections).Select(c => c.Id));
        Assert.Equal("context", CorrectionsFile.Read(sample.Corrections)[3].Old);
        desk.Undo(3);
        Assert.Equal("motivation", Role(3));
        other.Undo(2);
        Assert.Null(desk.Undo(2));
        Assert.Equal([1, 4], CorrectionsFile.Read(sample.Corrections) is var all ? new CorrectionDesk(second, "", TimeProvider.System).Live().Select(c => c.Id) : []);
        Assert.Equal(6, all.Count);
    }

    [Fact]
    public void Numbers_that_earlier_versions_gave_twice_are_told_apart_and_an_undo_keeps_its_meaning()
    {
        desk.SetRole(SampleOutput.Quiet, 1, "motivation");
        desk.SetRole(SampleOutput.Quiet, 2, "context");
        desk.Undo(1);
        var text = File.ReadAllText(sample.Corrections).Replace("Z,2\n", "Z,1\n", StringComparison.Ordinal);
        File.WriteAllText(sample.Corrections, text);
        var read = CorrectionsFile.Read(sample.Corrections);
        Assert.Equal(3, read.Select(c => c.Id).Distinct().Count());
        Assert.Equal(read[0].Id, read[2].Undoes);
    }

    [Fact]
    public void A_run_into_the_folder_refuses_corrections_until_it_ends()
    {
        using (FolderLock.Take(sample.Folder))
        {
            var error = Assert.Throws<UserFileException>(() => desk.SetRole(SampleOutput.Quiet, 2, "context"));
            Assert.Contains("is writing there", error.Message, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(sample.Corrections));
        desk.SetRole(SampleOutput.Quiet, 2, "context");
        Assert.True(File.Exists(sample.Corrections));
    }

    [Fact]
    public void What_is_no_label_and_no_sentence_is_not_written()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => desk.SetRole(SampleOutput.Quiet, 1, "nonsense"));
        Assert.Throws<ArgumentOutOfRangeException>(() => desk.SetType(SampleOutput.Quiet, 1, "nonsense"));
        desk.SetRole(SampleOutput.Quiet, 99, "context");
        desk.SetType("../x", 1, "ORG");
        Assert.False(File.Exists(sample.Corrections));
    }

    [Fact]
    public void Corrected_articles_are_labels_that_training_reads()
    {
        desk.SetRole(SampleOutput.Hostile, 1, "motivation");
        desk.SetRole(SampleOutput.Quiet, 4, "implication");
        using var table = new CsvTable();
        var path = Path.Combine(sample.Folder, "labels.csv");
        File.WriteAllBytes(path, [.. CorrectedLabels.Write(store, desk, table).SelectMany(part => part)]);
        var articles = LabelsFile.Read([path]);
        Assert.Equal([["motivation", "implication", "motivation"], ["context", "motivation", "implication", "implication"]], articles.Select(a => a.Roles));
    }

    private long Rows(string table, string query) => RowQuery.Page(store, RowFilter.Parse(TableView.Named(table)!, query)).Total;

    private string Role(int sentence) => store.Query($"SELECT role FROM sentences WHERE article_id = '{SampleOutput.Quiet}' AND sentence_id = {sentence}")[0].Text("role");
}
