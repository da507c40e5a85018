namespace Pipeline.Training;

/// <summary>What is wrong with a set of labels as a whole, beyond single lines.</summary>
internal static class LabelChecks
{
    /// <summary>A label with fewer sentences is told about.</summary>
    public const int Rare = 20;

    /// <summary>
    /// Most roles that are trained on. A column of names or texts taken for roles has more, and what training takes grows with their
    /// number.
    /// </summary>
    public const int MostRoles = 200;

    private const int MisspeltMost = 3;

    /// <summary>Checks the labels and returns what the user should know.</summary>
    /// <exception cref="UserFileException">The labels cannot be trained on.</exception>
    public static IReadOnlyList<string> Check(IReadOnlyList<LabelledArticle> articles)
    {
        MustBeFew(articles);
        var path = articles.Count > 0 ? articles[0].Path : "";
        var counts = articles.SelectMany(a => a.Roles).CountBy(r => r, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        foreach (var label in counts.Keys.Order(StringComparer.Ordinal))
        {
            if (MeantBy(label, counts) is { } meant)
            {
                var (where, line) = First(articles, label);
                throw new UserFileException(where, line, $"the role \"{label}\" ({counts[label]} of {counts.Values.Sum()} rows) looks like a misspelling of \"{meant}\"; mend it");
            }
        }

        if (counts.Count < 2)
            throw new UserFileException(path, articles[0].Lines.Count > 0 ? articles[0].Lines[0] : 0, $"every role is \"{counts.Keys.First()}\"; a classifier needs at least two different ones");
        if (articles.Select(a => a.Group).Distinct(StringComparer.Ordinal).Count() < 2)
            throw new UserFileException(path, 0, "there is one article only; at least two are needed, so that one can test what the others teach");
        return [.. Warnings(articles, counts)];
    }

    /// <summary>Checks that there are at most <see cref="MostRoles"/> roles.</summary>
    /// <exception cref="UserFileException">There are more.</exception>
    public static void MustBeFew(IReadOnlyList<LabelledArticle> articles)
    {
        var roles = articles.SelectMany(a => a.Roles).ToHashSet(StringComparer.Ordinal);
        if (roles.Count > MostRoles)
            throw new UserFileException(articles[0].Path, 0, $"the column role holds {roles.Count} different values; at most {MostRoles} can be trained, so is it the right column?");
    }

    private static IEnumerable<string> Warnings(IReadOnlyList<LabelledArticle> articles, Dictionary<string, int> counts)
    {
        foreach (var (label, count) in counts.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            var spread = articles.Count(a => a.Roles.Contains(label));
            if (count < Rare)
                yield return $"only {count} sentences ({spread} articles) have the role {label}: it will seldom be found, and its figures are rough";
            else if (spread < 5)
                yield return $"the role {label} occurs in {spread} articles only: its figures are rough";
        }
    }

    /// <summary>The frequent label that a rare one was probably meant to be.</summary>
    private static string? MeantBy(string label, Dictionary<string, int> counts)
    {
        foreach (var (other, count) in counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal))
        {
            if (other == label || count < counts[label] || (count == counts[label] && string.CompareOrdinal(other, label) > 0))
                continue;
            if (string.Equals(other.Trim(), label.Trim(), StringComparison.OrdinalIgnoreCase))
                return other;
            var few = counts[label] <= MisspeltMost && count >= 10 * counts[label];
            if (few && label.Length >= 4 && Distance(label.ToLowerInvariant(), other.ToLowerInvariant()) <= (label.Length >= 8 ? 2 : 1))
                return other;
        }

        return null;
    }

    private static (string Path, int Line) First(IReadOnlyList<LabelledArticle> articles, string label)
    {
        var article = articles.First(a => a.Roles.Contains(label));
        var at = article.Roles.ToList().IndexOf(label);
        return (article.Path, at < article.Lines.Count ? article.Lines[at] : 0);
    }

    /// <summary>Edit distance with neighbours swapped counted as one (Damerau, optimal string alignment).</summary>
    internal static int Distance(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            table[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            table[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(change, Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        }

        return table[a.Length, b.Length];
    }
}
