using System.Runtime.CompilerServices;

namespace Pipeline.Tests;

/// <summary>Where the project's files are.</summary>
internal static class Repository
{
    /// <summary>The top of the project.</summary>
    public static string Root { get; } = Find();

    public static string Seeds => Path.Combine(Root, "seeds");

    /// <summary>
    /// A file or folder of the public data that is not part of the project; the calling test is skipped where it is absent.
    /// </summary>
    public static string Shared(string relative)
    {
        var shared = Environment.GetEnvironmentVariable("PIPELINE_SHARED") ?? Path.Combine(Root, "..", "shared");
        var path = Path.Combine(shared, relative);
        if (!File.Exists(path) && !Directory.Exists(path))
            Assert.Skip($"{relative} is not here; set PIPELINE_SHARED to the folder that holds it");
        return path;
    }

    private static string Find([CallerFilePath] string thisFile = "")
    {
        // Deterministic builds map source paths; the folder of the test assembly lies inside the project too.
        foreach (var start in (string?[])[Path.GetDirectoryName(thisFile), AppContext.BaseDirectory])
        {
            for (var folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
            {
                if (File.Exists(Path.Combine(folder, "Pipeline.sln")))
                    return folder;
            }
        }

        throw new InvalidOperationException("the tests run outside the project's folder");
    }
}
