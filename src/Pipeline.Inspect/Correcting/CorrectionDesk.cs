using Pipeline.Inspect.Data;
using Pipeline.Writing;

namespace Pipeline.Inspect.Correcting;

/// <summary>
/// Takes corrections: writes each down at once, then lays it over the tables. Safe to share between threads; the output
/// itself is never touched. Several desks, of several processes too, may write into one file: each takes over what the others wrote
/// before it writes.
/// </summary>
internal sealed class CorrectionDesk
{
    public static readonly IReadOnlyList<string> EntityTypes = ["PERSON", "ORG", "GPE", "LOC", "NORP", "EVENT", "LAW", "MISC"];

    private readonly Lock gate = new();
    private readonly OutputStore store;
    private readonly string path;
    private readonly string who;
    private readonly TimeProvider time;
    private List<Correction> all;
    private long length;

    /// <param name="store">The output.</param>
    /// <param name="who">Whose corrections they are.</param>
    /// <param name="time">The clock.</param>
    public CorrectionDesk(OutputStore store, string who, TimeProvider time)
    {
        this.store = store;
        this.who = who;
        this.time = time;
        path = Path.Combine(store.Folder, CorrectionsFile.Name);
        all = CorrectionsFile.Read(path, out length);
        var live = Live();
        store.Lay(
            live.Where(c => c.Kind == CorrectionKind.Role).Select(c => (c.Article, c.Sentence, c.Role)),
            live.Where(c => c.Kind is CorrectionKind.Retype or CorrectionKind.Delete).Select(c => (c.Article, c.Start!.Value, (string?)c.New)));
    }

    /// <summary>Told after each correction.</summary>
    public event Action? Changed;

    /// <summary>All lines, oldest first.</summary>
    public IReadOnlyList<Correction> All
    {
        get
        {
            lock (gate)
                return [.. all];
        }
    }

    /// <summary>The corrections that count: not undone, the last one for each sentence and entity; oldest first.</summary>
    public IReadOnlyList<Correction> Live()
    {
        lock (gate)
        {
            var undone = all.Where(c => c.Kind == CorrectionKind.Undo).Select(c => c.Undoes).ToHashSet();
            var last = new Dictionary<(string, int, int?), Correction>();
            foreach (var correction in all.Where(c => c.Kind != CorrectionKind.Undo && !undone.Contains(c.Id)))
                last[(correction.Article, correction.Sentence, correction.Start)] = correction;
            return [.. last.Values.OrderBy(c => c.Id)];
        }
    }

    /// <summary>The corrections that can still be undone, newest first.</summary>
    public IReadOnlyList<Correction> Undoable()
    {
        lock (gate)
        {
            var undone = all.Where(c => c.Kind == CorrectionKind.Undo).Select(c => c.Undoes).ToHashSet();
            return [.. all.Where(c => c.Kind != CorrectionKind.Undo && !undone.Contains(c.Id)).Reverse()];
        }
    }

    /// <summary>Gives a sentence a role; the same role again confirms it.</summary>
    /// <exception cref="UserFileException">It could not be written down, and does not count.</exception>
    public void SetRole(string article, int sentence, string role)
    {
        if (!store.Labels.Contains(role))
            throw new ArgumentOutOfRangeException(nameof(role), role, "no label of this output");
        lock (gate)
        {
            if (SentenceOf(article, sentence) is null)
                return;
            using var access = TakeOver();
            var row = SentenceOf(article, sentence)!;
            Write(new Correction(
                0, CorrectionKind.Role, article, sentence, row.Text("section"), row.Text("text"), role, null, null,
                row.Text("role"), role, null, who, time.GetUtcNow()));
            store.LayRole(article, sentence, role);
        }

        Changed?.Invoke();
    }

    /// <summary>Gives an entity another type, or with an empty one deletes it.</summary>
    /// <exception cref="UserFileException">It could not be written down, and does not count.</exception>
    public void SetType(string article, int start, string type)
    {
        if (type.Length > 0 && !EntityTypes.Contains(type))
            throw new ArgumentOutOfRangeException(nameof(type), type, "no entity type");
        lock (gate)
        {
            if (Find().Count == 0)
                return;
            using var access = TakeOver();
            var found = Find();
            List<Row> Find() => store.Query(
                "SELECT * FROM entities WHERE article_id = $a AND start = $s", new Dictionary<string, object> { ["a"] = article, ["s"] = start });
            if (found.Count == 0 || SentenceOf(article, (int)found[0].Whole("sentence_id")) is not { } sentence)
                return;
            Write(new Correction(
                0, type.Length > 0 ? CorrectionKind.Retype : CorrectionKind.Delete, article, (int)found[0].Whole("sentence_id"),
                sentence.Text("section"), sentence.Text("text"), sentence.Text("role"), start, (int)found[0].Whole("end"),
                found[0].Text("type"), type, null, who, time.GetUtcNow()));
            store.LayEntity(article, start, type);
        }

        Changed?.Invoke();
    }

    /// <summary>Takes a correction back; null if it cannot be undone any more.</summary>
    /// <exception cref="UserFileException">It could not be written down, and does not count.</exception>
    public Correction? Undo(int id)
    {
        Correction? undone;
        lock (gate)
        {
            if (!Undoable().Any(c => c.Id == id))
                return null;
            using var access = TakeOver();
            undone = Undoable().FirstOrDefault(c => c.Id == id);
            if (undone is null)
                return null;
            var isRole = undone.Kind == CorrectionKind.Role;
            Write(undone with
            {
                Kind = CorrectionKind.Undo, Role = isRole ? undone.Old : undone.Role, Old = undone.New, New = undone.Old,
                Undoes = undone.Id, Who = who, When = time.GetUtcNow(),
            });
            var before = Live().FirstOrDefault(c => c.Article == undone.Article && c.Sentence == undone.Sentence && c.Start == undone.Start);
            Lay(undone, before);
        }

        Changed?.Invoke();
        return undone;
    }

    private Row? SentenceOf(string article, int sentence) => store.Query(
        "SELECT section, text, role FROM sentences WHERE article_id = $a AND sentence_id = $s",
        new Dictionary<string, object> { ["a"] = article, ["s"] = sentence }).FirstOrDefault();

    private void Lay(Correction target, Correction? counts)
    {
        if (target.Start is { } start)
            store.LayEntity(target.Article, start, counts?.New);
        else
            store.LayRole(target.Article, target.Sentence, counts?.Role);
    }

    /// <summary>The right to write, with what other desks wrote since this one looked.</summary>
    private FolderLock TakeOver()
    {
        var access = FolderLock.Take(store.Folder);
        try
        {
            if ((File.Exists(path) ? new FileInfo(path).Length : 0) == length)
                return access;
            var known = all.Select(c => c.Id).ToHashSet();
            all = CorrectionsFile.Read(path, out length);
            var live = Live().ToDictionary(c => (c.Article, c.Sentence, c.Start));
            foreach (var target in all.Where(c => !known.Contains(c.Id)).DistinctBy(c => (c.Article, c.Sentence, c.Start)))
                Lay(target, live.GetValueOrDefault((target.Article, target.Sentence, target.Start)));
            return access;
        }
        catch
        {
            access.Dispose();
            throw;
        }
    }

    private void Write(Correction correction)
    {
        correction = correction with { Id = all.Count == 0 ? 1 : all.Max(c => c.Id) + 1 };
        CorrectionsFile.Append(path, correction);
        length = new FileInfo(path).Length;
        all.Add(correction);
    }
}
