using System.Collections.Immutable;

namespace Pipeline.Entities;

/// <summary>A state or territory of ISO 3166-1 and the names by which the news knows it and what is its.</summary>
/// <param name="Number">Its place in the file, from 0.</param>
/// <param name="Code">ISO 3166-1 alpha-3; <c>-</c> for polities that no one state owns or that are gone.</param>
/// <param name="Names">Its usual short English name first, then other names, older names and abbreviations.</param>
/// <param name="Demonyms">Adjectives and words for its people.</param>
/// <param name="Capitals">Capital, and seats of government that stand for it.</param>
/// <param name="Regions">First-level regions and parts.</param>
/// <param name="Cities">Major cities.</param>
/// <param name="Organs">State organs known by a name of their own.</param>
/// <param name="Places">Seats and sites of the state that the news uses as places or organs; they stand for no polity.</param>
internal sealed record State(
    int Number,
    string Code,
    ImmutableArray<string> Names,
    ImmutableArray<string> Demonyms,
    ImmutableArray<string> Capitals,
    ImmutableArray<string> Regions,
    ImmutableArray<string> Cities,
    ImmutableArray<string> Organs,
    ImmutableArray<string> Places);

/// <summary>The states and territories of the data file, and which state a name belongs to.</summary>
internal sealed class CountryTable
{
    // Plain tables: frozen ones took longer to make than a short run has to gain from them.
    private readonly Dictionary<string, State>.AlternateLookup<ReadOnlySpan<char>> byPolity;
    private readonly Dictionary<string, State>.AlternateLookup<ReadOnlySpan<char>> byDemonym;
    private readonly Dictionary<string, State>.AlternateLookup<ReadOnlySpan<char>> byOrgan;
    private readonly Dictionary<string, State>.AlternateLookup<ReadOnlySpan<char>> byName;
    private readonly Dictionary<string, State> byCode = new(StringComparer.Ordinal);

    private CountryTable(ImmutableArray<State> states, IEnumerable<(string Code, ImmutableArray<string> Names)> towns)
    {
        States = states;
        var polity = new Dictionary<string, State>(StringComparer.OrdinalIgnoreCase);
        var demonym = new Dictionary<string, State>(StringComparer.OrdinalIgnoreCase);
        var organ = new Dictionary<string, State>(StringComparer.OrdinalIgnoreCase);
        var name = new Dictionary<string, State>(StringComparer.OrdinalIgnoreCase);
        foreach (var state in states)
        {
            if (state.Code != "-") byCode.Add(state.Code, state);
        }

        foreach (var state in states) AddAll(name, state.Names, state);
        foreach (var state in states) AddAll(polity, state.Names, state);
        foreach (var state in states) AddAll(polity, state.Capitals, state);
        foreach (var state in states) AddAll(polity, state.Regions, state);
        foreach (var state in states) AddAll(polity, state.Cities, state);
        foreach (var (code, names) in towns) AddAll(polity, names, byCode[code]);
        foreach (var state in states) AddAll(demonym, state.Demonyms, state);
        foreach (var state in states) AddAll(organ, state.Organs, state);
        byName = name.GetAlternateLookup<ReadOnlySpan<char>>();
        byPolity = polity.GetAlternateLookup<ReadOnlySpan<char>>();
        byDemonym = demonym.GetAlternateLookup<ReadOnlySpan<char>>();
        byOrgan = organ.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The table of the library.</summary>
    public static CountryTable Shared { get; } = Load();

    public ImmutableArray<State> States { get; }

    /// <summary>The state that is so called.</summary>
    public State? Named(ReadOnlySpan<char> name) => byName.TryGetValue(name, out var state) ? state : null;

    /// <summary>The state that a polity of this name is or belongs to; the first of the file where names are shared.</summary>
    public State? OfPolity(ReadOnlySpan<char> name) => byPolity.TryGetValue(name, out var state) ? state : null;

    /// <summary>The usual spelling of a polity's name, for names in capitals.</summary>
    public string? SpellingOf(string name) => byPolity.TryGetValue(name, out var spelled, out _) ? spelled : null;

    /// <summary>The state whose people or adjective this is.</summary>
    public State? OfDemonym(ReadOnlySpan<char> name) => byDemonym.TryGetValue(name, out var state) ? state : null;

    /// <summary>The state whose organ bears this name.</summary>
    public State? OfOrgan(ReadOnlySpan<char> name) => byOrgan.TryGetValue(name, out var state) ? state : null;

    /// <summary>The state of an ISO 3166-1 alpha-3 code.</summary>
    public State? OfCode(string code) => code != "-" && byCode.TryGetValue(code, out var state) ? state : null;

    /// <summary>The code that stands in the output, or <see langword="null"/>.</summary>
    public static string? CodeOf(State? state) => state is null || state.Code == "-" ? null : state.Code;

    private static void AddAll(Dictionary<string, State> target, ImmutableArray<string> names, State state)
    {
        foreach (var name in names) target.TryAdd(name, state);
    }

    private static CountryTable Load()
    {
        var states = ImmutableArray.CreateBuilder<State>();
        foreach (var cells in Rows("countries.tsv", 8))
        {
            states.Add(new State(
                states.Count, cells[0], Cut(cells[1]), Cut(cells[2]), Cut(cells[3]), Cut(cells[4]), Cut(cells[5]), Cut(cells[6]), Cut(cells[7])));
        }

        return new CountryTable(states.ToImmutable(), Rows("towns.tsv", 2).Select(cells => (cells[0], Cut(cells[1]))));
    }

    private static IEnumerable<string[]> Rows(string file, int columns)
    {
        var text = NameLists.Read(typeof(CountryTable).Assembly, file) ?? throw new InvalidOperationException($"{file} is not embedded.");
        foreach (var line in text.Split('\n'))
        {
            if (line.Length == 0 || line.StartsWith('#')) continue;
            var cells = line.Split('\t');
            yield return cells.Length == columns ? cells : throw new InvalidOperationException($"{file}: {columns} columns expected: {line}");
        }
    }

    private static ImmutableArray<string> Cut(string cell) =>
        [.. cell.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
}
