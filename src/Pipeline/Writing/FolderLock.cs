namespace Pipeline.Writing;

/// <summary>
/// The right to write into an output folder, for one process at a time. The system's own lock on a file, not the file, says so:
/// it ends with the process, however that ends, and what a killed one left does not block. Released by <see cref="Dispose"/>.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    /// <summary>The file's name; it is gone when nobody writes.</summary>
    public const string Name = ".lock";

    private readonly string folder;
    private readonly bool madeFolder;
    private readonly FileStream file;

    private FolderLock(string folder, bool madeFolder, FileStream file) => (this.folder, this.madeFolder, this.file) = (folder, madeFolder, file);

    /// <summary>Takes the lock, without waiting for a run to end; makes the folder if there is none.</summary>
    /// <exception cref="UserFileException">Another process writes there, or nobody may.</exception>
    public static FolderLock Take(string folder)
    {
        // A correction is written down in less time than these few looks take.
        for (var looks = 0; looks < 5; looks++)
        {
            if (TryTake(folder) is { } taken)
                return taken;
            Thread.Sleep(20);
        }

        throw new UserFileException(folder, 0, "another run of pipeline is writing there; wait until it ends, or choose another folder");
    }

    /// <summary>Takes the lock if no other process has it.</summary>
    /// <exception cref="UserFileException">Nobody may write there.</exception>
    public static FolderLock? TryTake(string folder)
    {
        var path = Path.Combine(folder, Name);
        try
        {
            var made = !Directory.Exists(folder);
            Directory.CreateDirectory(folder);
            // Removed by the one who has the lock, before it lets go: .NET looks whether the file it locked is still the one of that name.
            return new FolderLock(folder, made, new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose));
        }
        catch (IOException e) when (IsTaken(e))
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFileException(folder, 0, $"cannot be written: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <summary>Fails if another process writes into the folder now; makes nothing.</summary>
    /// <exception cref="UserFileException">Another process writes there, or nobody may.</exception>
    public static void MustBeFree(string folder)
    {
        if (Directory.Exists(folder))
            Take(folder).Dispose();
    }

    public void Dispose()
    {
        file.Dispose();
        if (!madeFolder)
            return;
        try
        {
            // Nothing was written: a folder that was not there is not there again.
            if (!Directory.EnumerateFileSystemEntries(folder).Any())
                Directory.Delete(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody else writes there by now.
        }
    }

    /// <summary>EWOULDBLOCK of Linux and of macOS and the BSDs, ERROR_SHARING_VIOLATION of Windows.</summary>
    private static bool IsTaken(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);
}
