using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Writing;

/// <summary>Makes files and names survive a power cut. Safe to share between threads.</summary>
internal static class Disk
{
    /// <summary>Writes what a file holds through to the disk.</summary>
    public static void Sync(SafeFileHandle file) => RandomAccess.FlushToDisk(file);

    /// <summary>Writes files through to the disk, side by side, since each waits for the same journal.</summary>
    /// <exception cref="IOException">A file is gone, or what it holds did not reach the disk.</exception>
    public static void Sync(IEnumerable<string> files)
    {
        var problems = new List<Exception>();
        Parallel.ForEach(files, file =>
        {
            try
            {
                using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
                RandomAccess.FlushToDisk(handle);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                lock (problems)
                    problems.Add(e);
            }
        });
        if (problems.Count > 0)
            throw new IOException(problems[0].Message, problems[0]);
    }

    /// <summary>
    /// Writes the names in a folder through to the disk (fsync(2) on the folder). Windows keeps its own journal of names, and file
    /// systems that cannot do it are left alone.
    /// </summary>
    public static void SyncNames(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        const int ReadOnly = 0;
        var file = NativeMethods.Open(Encoding.UTF8.GetBytes(folder + "\0"), ReadOnly);
        if (file < 0)
            return;
        _ = NativeMethods.Sync(file);
        _ = NativeMethods.Close(file);
    }

    private static class NativeMethods
    {
        [DllImport("libc", EntryPoint = "open")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        public static extern int Open(byte[] path, int flags);

        [DllImport("libc", EntryPoint = "fsync")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        public static extern int Sync(int file);

        [DllImport("libc", EntryPoint = "close")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        public static extern int Close(int file);
    }
}
