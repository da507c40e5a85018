using CsCheck;
using Pipeline.Reading;

namespace Pipeline.Tests.Reading;

public class InputWalkerTests
{
    [Fact]
    public void Walks_in_ordinal_order_of_the_whole_relative_path()
    {
        using var folder = new TempFolder();
        string[] names = ["a/b.txt", "a.txt", "a-b.txt", "a/a/z.txt", "B.txt", "é.txt", "b/1.txt", "a0.txt"];
        foreach (var name in names)
            folder.Write(name, "Body.");
        Assert.Equal(names.Order(StringComparer.Ordinal), Sources([folder.Path]));
    }

    [Fact]
    public void Leaves_out_names_that_begin_with_a_dot_and_the_output_folder()
    {
        using var folder = new TempFolder();
        foreach (var name in (string[])["a.txt", ".git/b.txt", ".hidden.txt", "out/c.txt"])
            folder.Write(name, "Body.");
        var walker = new InputWalker(new ReadingOptions { ExcludedFolder = folder["out"] });
        Assert.Equal(["a.txt"], walker.Walk([folder.Path], () => Stream.Null).Select(record => record.Source));
    }

    [Fact]
    public void Tells_two_inputs_with_the_same_name_apart_by_their_folders()
    {
        using var folder = new TempFolder();
        var paths = new[] { folder.Write("x/same.txt", "One."), folder.Write("y/same.txt", "Two."), folder.Write("y/same.txt", "Two.") };
        Assert.Equal(["same.txt", "y/same.txt"], Sources(paths));
    }

    [Fact]
    public void Reads_a_file_named_twice_once()
    {
        using var folder = new TempFolder();
        var path = folder.Write("a.txt", "Body.");
        Assert.Equal(["a.txt"], Sources([folder.Path, path]));
    }

    [Fact]
    public void Ends_at_a_loop_of_symbolic_links()
    {
        using var folder = new TempFolder();
        folder.Write("a/b.txt", "Body.");
        Directory.CreateSymbolicLink(folder["a/loop"], folder.Path);
        Directory.CreateSymbolicLink(folder["a/self"], folder["a/self"]);
        var records = new InputWalker(new ReadingOptions()).Walk([folder.Path], () => Stream.Null).ToList();
        Assert.Equal("a/b.txt", records[0].Source);
        Assert.Contains(records, record => record.Source == "a/loop/" && record.Error!.Contains("symbolic link", StringComparison.Ordinal));
        Assert.True(records.Count <= 3);
    }

    [Fact]
    public void Follows_a_symbolic_link_that_is_no_loop()
    {
        using var folder = new TempFolder();
        folder.Write("data/b.txt", "Body.");
        Directory.CreateDirectory(folder["in"]);
        Directory.CreateSymbolicLink(folder["in/link"], folder["data"]);
        Assert.Equal(["link/b.txt"], Sources([folder["in"]]));
    }

    [Fact]
    public void Numbers_its_records_without_gaps()
    {
        using var folder = new TempFolder();
        folder.Write("a.jsonl", "{}\n\n{}\n{}");
        folder.Write("b.jpg", "no");
        folder.Write("c.txt", "Body.");
        var records = new InputWalker(new ReadingOptions()).Walk([folder.Path], () => Stream.Null).ToList();
        Assert.Equal([0L, 1, 2, 3, 4], records.Select(record => record.Position));
        Assert.Equal([1, 3, 4, 0, 0], records.Select(record => record.Number));
    }

    [Fact]
    public void Refuses_what_is_no_file_in_a_folder_without_waiting_for_it()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var folder = new TempFolder();
        using (var make = System.Diagnostics.Process.Start("mkfifo", [folder["pipe.txt"], folder["pipe.jsonl"]]))
            make.WaitForExit();
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(folder["socket.html"]));
        File.CreateSymbolicLink(folder["device.txt"], "/dev/zero");
        File.CreateSymbolicLink(folder["gone.txt"], folder["nowhere"]);
        folder.Write("empty.txt", "");
        folder.Write("good.txt", "Body.");
        File.CreateSymbolicLink(folder["link.txt"], folder["good.txt"]);
        var options = new ReadingOptions();
        using var reader = new ArticleReader(options);
        var outcomes = new InputWalker(options).Walk([folder.Path], () => Stream.Null).ToDictionary(record => record.Source, record => reader.Read(record).Failure?.Error);
        foreach (var name in (string[])["pipe.txt", "pipe.jsonl", "socket.html", "device.txt"])
            Assert.Equal("a pipe, device or socket; only files are read", outcomes[name]);
        Assert.Equal("the file is gone", outcomes["gone.txt"]);
        Assert.Equal("empty file", outcomes["empty.txt"]);
        Assert.Null(outcomes["good.txt"]);
        Assert.Null(outcomes["link.txt"]);
    }

    [Fact]
    public void Tells_a_name_that_is_no_UTF_8()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var folder = new TempFolder();
        using (var make = System.Diagnostics.Process.Start("bash", ["-c", "mkdir \"$0\"/$'d\\xff' && touch \"$0\"/$'a\\xe9.txt' \"$0\"/$'b\\xe9.jsonl' \"$0\"/$'d\\xff/c.txt'", folder.Path]))
            make.WaitForExit();
        var options = new ReadingOptions();
        using var reader = new ArticleReader(options);
        var errors = new InputWalker(options).Walk([folder.Path], () => Stream.Null).Select(record => reader.Read(record).Failure?.Error).ToList();
        using (var remove = System.Diagnostics.Process.Start("bash", ["-c", "rm -r \"$0\"/*", folder.Path]))
            remove.WaitForExit();
        Assert.Equal(3, errors.Count);
        Assert.All(errors, error => Assert.Contains("not valid UTF-8", error, StringComparison.Ordinal));
    }

    [Fact]
    public void Gives_up_a_file_of_bad_lines_but_not_one_that_has_some()
    {
        using var folder = new TempFolder();
        folder.Write("bad.jsonl", string.Concat(Enumerable.Repeat("x\n", 5000)));
        folder.Write("some.jsonl", string.Concat(Enumerable.Repeat("x\n{\"text\":\"Body.\"}\n", 5000)));
        folder.Write("late.jsonl", string.Concat(Enumerable.Repeat("{\"text\":\"Body.\"}\n", 2000)) + string.Concat(Enumerable.Repeat("x\n", 2500)));
        var records = new InputWalker(new ReadingOptions()).Walk([folder.Path], () => Stream.Null).ToLookup(record => record.Source);
        Assert.Equal(1001, records["bad.jsonl"].Count());
        Assert.Contains("given up behind line 1000", records["bad.jsonl"].Last().Error, StringComparison.Ordinal);
        Assert.Equal(10_000, records["some.jsonl"].Count());
        Assert.Equal(4500, records["late.jsonl"].Count());
        Assert.Equal(5000, new InputWalker(new ReadingOptions()).Walk(["-"], () => new MemoryStream(File.ReadAllBytes(folder["bad.jsonl"]))).Count());
    }

    [Fact]
    public void Cuts_any_stream_into_the_lines_it_has() =>
        Gen.Select(Gen.String[Gen.Char["a\né\r "], 0, 400], Gen.Int[1, 50]).Sample((text, chunk) =>
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(text);
            using var stream = new ChunkedStream(bytes, chunk);
            var reader = new LineReader(stream, 1000);
            var lines = new List<string>();
            while (reader.TryRead(out var line))
                lines.Add(System.Text.Encoding.UTF8.GetString(line.Bytes.Span));
            Assert.Equal(text.Split('\n').Where(line => line.Trim(' ', '\r').Length > 0), lines);
        });

    private static IEnumerable<string> Sources(string[] paths) =>
        new InputWalker(new ReadingOptions()).Walk(paths, () => Stream.Null).Select(record => record.Source);

    private sealed class ChunkedStream(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, chunk));
    }
}
