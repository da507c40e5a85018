namespace Pipeline;

/// <summary>
/// A file that the user can mend: a model, labels, options. The message is one line that says what is wrong, where,
/// and what to do.
/// </summary>
public sealed class UserFileException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="path">The file.</param>
    /// <param name="line">Line number from 1, or 0 where the whole file is meant.</param>
    /// <param name="problem">What was found, what was expected, how to mend it.</param>
    /// <param name="inner">The cause, if it is an exception.</param>
    public UserFileException(string path, int line, string problem, Exception? inner = null)
        : base(line > 0 ? $"{path}:{line}: {problem}" : $"{path}: {problem}", inner)
    {
        Path = path;
        Line = line;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Line number from 1, or 0 where the whole file is meant.</summary>
    public int Line { get; }
}
