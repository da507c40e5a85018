using System.Collections.Frozen;
using System.Text;
using CsvHelper;
using Pipeline.Segmenting;
using Pipeline.Writing;

namespace Pipeline.Entities;

/// <summary>
/// Names that only the user knows; they win over the model. Matching is on whole tokens and exact in case; the longest
/// name wins. Immutable; safe to share between threads.
/// </summary>
public sealed class Gazetteer
{
    private static readonly CsvReaderOptions Options = new()
    {
        Separator = ',',
        TrackLineNumbers = true,
        MalformedData = CsvMalformedDataHandling.Throw,
    };

    private readonly FrozenDictionary<ulong, Entry> entries;
    private readonly FrozenSet<ulong> beginnings;

    private Gazetteer(Dictionary<ulong, Entry> entries, HashSet<ulong> beginnings)
    {
        this.entries = entries.ToFrozenDictionary();
        this.beginnings = beginnings.ToFrozenSet();
    }

    /// <summary>
    /// Reads a CSV file with a header row and the columns <c>name</c>, <c>type</c> (as in the output), and if wanted
    /// <c>canonical</c> and <c>country</c> (ISO 3166-1 alpha-3).
    /// </summary>
    /// <exception cref="UserFileException">The file is missing, a column is missing, a type or a country is unknown.</exception>
    public static Gazetteer Load(string path)
    {
        try
        {
            using var reader = new StreamReader(path, Encoding.UTF8);
            return Read(reader, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFileException(path, 0, $"the gazetteer cannot be read ({e.Message})", e);
        }
        catch (CsvFormatException e)
        {
            throw new UserFileException(path, (int)e.LineNumber, $"this is no CSV ({e.Message}); quote the whole cell and double the quotation marks inside it", e);
        }
    }

    internal static Gazetteer Read(TextReader reader, string path)
    {
        using var csv = CsvReader.Create(reader, Options, leaveOpen: true);
        csv.ReadHeader();
        var columns = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < csv.Headers.Count; i++) columns.TryAdd(csv.Headers[i].Trim(), i);
        if (!columns.ContainsKey("name") || !columns.ContainsKey("type"))
            throw new UserFileException(path, 1, "a header row with the columns name and type (and if wanted canonical, country) was expected");
        var entries = new Dictionary<ulong, Entry>();
        var beginnings = new HashSet<ulong>();
        while (csv.Read())
        {
            var line = (int)csv.LineNumber;
            var name = Cell(csv, columns, "name");
            var type = Cell(csv, columns, "type");
            if (name.Length == 0) throw new UserFileException(path, line, "the name is empty; fill it or delete the row");
            if (!TagSet.TryParse(type, out var entityType))
                throw new UserFileException(path, line, $"\"{type}\" is no entity type; use PERSON, ORG, GPE, LOC, NORP, EVENT, LAW or MISC");
            var country = Cell(csv, columns, "country");
            if (country.Length > 0 && !IsCode(country))
                throw new UserFileException(path, line, $"\"{country}\" is no ISO 3166-1 alpha-3 code such as FRA");
            var canonical = Cell(csv, columns, "canonical");
            Add(entries, beginnings, name, new Entry(
                entityType, canonical.Length == 0 ? name : canonical, country.Length == 0 ? null : country));
        }

        return new Gazetteer(entries, beginnings);
    }

    /// <summary>The longest entry that begins at a token and its end, or <see langword="null"/>.</summary>
    internal (Entry Entry, int End)? Find(string text, ReadOnlySpan<Token> tokens, int first, int sentenceEnd)
    {
        (Entry, int)? found = null;
        var hash = 0UL;
        for (var i = first; i < sentenceEnd; i++)
        {
            foreach (var c in tokens[i].In(text))
            {
                if (!char.IsWhiteSpace(c)) hash = WordTraits.Step(hash, Straight(c));
            }

            if (entries.TryGetValue(hash, out var entry)) found = (entry, i + 1);
            if (i - first > 30 || !beginnings.Contains(hash)) break;
        }

        return found;
    }

    private static string Cell(CsvReader csv, Dictionary<string, int> columns, string column) =>
        columns.TryGetValue(column, out var index) && index < csv.FieldCount ? FormulaGuard.Undo(csv.GetString(index)).Trim() : "";

    private static bool IsCode(string country) =>
        CountryTable.Shared.States.Any(s => s.Code != "-" && string.Equals(s.Code, country, StringComparison.Ordinal));

    private static void Add(Dictionary<ulong, Entry> entries, HashSet<ulong> beginnings, string name, Entry entry)
    {
        var hash = 0UL;
        foreach (var c in name)
        {
            if (char.IsWhiteSpace(c)) continue;
            hash = WordTraits.Step(hash, Straight(c));
            // The file does not say where tokens end: every beginning of a name may be the end of a token.
            beginnings.Add(hash);
        }

        entries.TryAdd(hash, entry);
    }

    private static uint Straight(char c) => c is '’' ? '\'' : c;

    internal sealed record Entry(EntityType Type, string Canonical, string? Country);
}
