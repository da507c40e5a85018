using System.Formats.Tar;
using System.Globalization;

namespace Pipeline.Reading;

/// <summary>
/// Walks files, folders and standard input in the order of the contract: arguments as given, folders recursively in
/// ordinal order of the relative path. Names that begin with a dot are left out; a file named twice is read once.
/// Not thread-safe: one walk, one thread.
/// </summary>
public sealed class InputWalker(ReadingOptions options)
{
    /// <summary>The endings of files that are read, as a phrase.</summary>
    public const string KnownEndings = InputKinds.Known;

    private const string StandardInputName = "stdin";

    /// <summary>A file with so many more bad lines than records is given up: it is no file of records.</summary>
    private const int MostBadLines = 1000;

    private readonly HashSet<ulong> seenSources = [];

    /// <summary>Of several paths, which may hold the same file.</summary>
    private HashStore? seenFiles;
    private readonly string? excluded =
        options.ExcludedFolder is null ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.ExcludedFolder));

    private long position;

    /// <summary>Meets every input once. Lazy: memory does not grow with the number of articles in a folder's files.</summary>
    /// <param name="paths">Files, folders, or <c>-</c>; each exists.</param>
    /// <param name="standardInput">Opens the stream behind <c>-</c>; it is left open.</param>
    public IEnumerable<InputRecord> Walk(IReadOnlyList<string> paths, Func<Stream> standardInput)
    {
        using var files = paths.Count > 1 ? new HashStore(wide: false, options.ScratchFolder) : null;
        seenFiles = files;
        foreach (var path in paths)
        {
            var records = path == "-" ? Lines(standardInput(), StandardInputName)
                : Directory.Exists(path) ? Folder(path)
                : File(Path.GetFullPath(path), Path.GetFileName(path));
            foreach (var record in records)
                yield return record;
        }
    }

    private IEnumerable<InputRecord> Folder(string root)
    {
        var open = new Stack<(string FullPath, string Relative, IEnumerator<(string Name, bool IsFolder)> Names)>();
        var next = (FullPath: Path.GetFullPath(root), Relative: "", IsFolder: true);
        try
        {
            while (true)
            {
                if (!next.IsFolder)
                {
                    foreach (var record in IsFile(next.FullPath) ? File(next.FullPath, next.Relative) : [Refused(next.Relative, "a pipe, device or socket; only files are read")])
                        yield return record;
                }
                else if (Path.TrimEndingDirectorySeparator(next.FullPath) != excluded)
                {
                    var (names, error) = List(next.FullPath);
                    if (error is not null)
                        yield return Refused(next.Relative + "/", error);
                    open.Push((next.FullPath, next.Relative, names.GetEnumerator()));
                }

                while (open.TryPeek(out var folder) && !folder.Names.MoveNext())
                    open.Pop().Names.Dispose();
                if (!open.TryPeek(out var at))
                    yield break;
                var (name, isFolder) = at.Names.Current;
                next = (Path.Combine(at.FullPath, name), at.Relative.Length == 0 ? name : $"{at.Relative}/{name}", isFolder);
            }
        }
        finally
        {
            foreach (var (_, _, names) in open)
                names.Dispose();
        }
    }

    /// <summary>The entries of one folder in the order that gives ordinal order of whole relative paths.</summary>
    private (IEnumerable<(string Name, bool IsFolder)> Names, string? Error) List(string folder)
    {
        try
        {
            return IsLoop(folder)
                ? ([], "symbolic link to a folder around it; not followed")
                : (SortedNames.Of(folder, options.ScratchFolder), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ([], e is UnauthorizedAccessException
                ? "no permission to list the folder"
                : "cannot list the folder: " + e.Message.Replace(folder, Path.GetFileName(folder), StringComparison.Ordinal));
        }
    }

    /// <summary>Whether a folder's entry may be opened: on a pipe or a device a run would wait for good.</summary>
    private static bool IsFile(string path)
    {
        try
        {
            // All but files have no length; what a thing without one is, only archiving tells without opening it.
            var file = new FileInfo(path);
            if (!file.Exists || file is { Length: > 0, LinkTarget: null })
                return true;
            var target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            if (!target.Exists || target.Length > 0)
                return true;
            using var archive = new MemoryStream();
            using (var writer = new TarWriter(archive, leaveOpen: true))
                writer.WriteEntry(target.FullName, "entry");
            archive.Position = 0;
            using var reader = new TarReader(archive);
            return reader.GetNextEntry()?.EntryType is TarEntryType.RegularFile;
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
        catch (IOException)
        {
            return !System.IO.File.Exists(path);
        }
    }

    private static bool IsLoop(string folder)
    {
        var info = new DirectoryInfo(folder);
        if (info.LinkTarget is null)
            return false;
        var target = info.ResolveLinkTarget(returnFinalTarget: true)?.FullName;
        if (target is null)
            return false;
        target = Path.TrimEndingDirectorySeparator(target) + Path.DirectorySeparatorChar;
        for (var parent = info.Parent; parent is not null; parent = parent.Parent)
        {
            var real = parent.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? parent.FullName;
            if ((Path.TrimEndingDirectorySeparator(real) + Path.DirectorySeparatorChar).StartsWith(target, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    private IEnumerable<InputRecord> File(string fullPath, string relative)
    {
        if (seenFiles?.Add(ArticleReader.HashOf(fullPath)) == false)
            yield break;
        var source = seenFiles is null ? relative : Distinct(fullPath, relative);

        var (kind, compression) = InputKinds.Of(fullPath);
        if (kind == InputKind.Unsupported)
        {
            yield return Refused(source, fullPath.Contains('\uFFFD') && !System.IO.File.Exists(fullPath)
                ? ArticleReader.CannotOpen(new FileNotFoundException(), fullPath)
                : $"unsupported kind of file; Pipeline reads {InputKinds.Known}");
            yield break;
        }

        if (kind is not (InputKind.JsonLines or InputKind.Warc))
        {
            yield return new InputRecord(position++, source, 0, fullPath, default, null, null, SizeOf(fullPath));
            yield break;
        }

        Stream? stream = null;
        string? error = null;
        try
        {
            stream = Compressions.Unpack(
                new FileStream(fullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16, FileOptions.SequentialScan), compression);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error = ArticleReader.CannotOpen(e, fullPath);
        }

        if (error is not null)
        {
            yield return Refused(source, error);
            yield break;
        }

        using (stream)
        {
            foreach (var record in kind == InputKind.Warc ? Pages(stream!, source) : Lines(stream!, source))
                yield return record;
        }
    }

    private IEnumerable<InputRecord> Pages(Stream stream, string source)
    {
        using var pages = new WarcReader(stream, options.MaxArticleBytes);
        var any = false;
        while (true)
        {
            WarcReader.Page page = default;
            string? broken = null;
            try
            {
                if (!pages.TryRead(out page))
                    break;
            }
            catch (Exception e)
            {
                broken = $"cannot be read behind record {pages.Number}: {WhatBroke(e)}";
            }

            if (broken is not null)
            {
                yield return Refused(source, broken);
                yield break;
            }

            any = true;
            yield return new InputRecord(
                position++, source, page.Number, null, page.Response, page.Url ?? "", page.Response.IsEmpty ? TooLong : null, page.Length);
        }

        if (!any)
        {
            yield return Refused(source, pages.Number == 0
                ? "empty file"
                : string.Create(CultureInfo.InvariantCulture, $"no page of HTML among its {pages.Number} records"));
        }
    }

    private static string WhatBroke(Exception e) => e is IOException or InvalidDataException ? e.Message : ReadFailure.FaultText(e);

    private IEnumerable<InputRecord> Lines(Stream stream, string source)
    {
        LineReader? lines = null;
        var any = false;
        var balance = 0L;
        while (true)
        {
            LineReader.Line line;
            string? broken = null;
            try
            {
                lines ??= new LineReader(stream, options.MaxArticleBytes);
                if (!lines.TryRead(out line))
                    break;
            }
            catch (Exception e)
            {
                line = default;
                broken = $"cannot be read behind line {lines?.LineNumber ?? 0}: {WhatBroke(e)}";
            }

            any = true;
            if (broken is not null)
            {
                yield return Refused(source, broken);
                yield break;
            }

            yield return new InputRecord(
                position++, source, line.Number, null, line.Bytes, null, line.TooLong ? TooLong : null, line.Length);
            if (source == StandardInputName)
                continue;
            balance += line.TooLong || !JsonRecord.LooksComplete(line.Bytes.Span) ? -1 : 1;
            if (balance == -MostBadLines)
            {
                yield return Refused(source, string.Create(
                    CultureInfo.InvariantCulture, $"given up behind line {line.Number}: {MostBadLines:N0} more bad lines than records; it is no file of JSON lines"));
                yield break;
            }
        }

        if (!any && source != StandardInputName)
            yield return Refused(source, "empty file");
    }

    private string TooLong => string.Create(
        CultureInfo.InvariantCulture, $"longer than the limit of {options.MaxArticleBytes:N0} bytes (--max-size raises it)");

    private InputRecord Refused(string source, string error) => new(position++, source, 0, null, default, null, error, 0);

    /// <summary>Two arguments can hold the same relative path: the later one gets the folder names that tell it apart.</summary>
    private string Distinct(string fullPath, string relative)
    {
        var source = relative;
        var above = fullPath[..Math.Max(0, fullPath.Length - relative.Length)].TrimEnd(Path.DirectorySeparatorChar);
        while (!seenSources.Add(ArticleReader.HashOf(source)) && above.Length > 0)
        {
            source = $"{Path.GetFileName(above)}/{source}";
            above = Path.GetDirectoryName(above) ?? "";
        }

        return source;
    }

    private static long SizeOf(string path)
    {
        try
        {
            return new FileInfo(path).Length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
