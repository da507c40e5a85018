using System.Runtime.InteropServices;

namespace Pipeline.Entities;

/// <summary>The names of one article, and which longer name a shorter one stands for. Used again from article to article.</summary>
internal sealed class NameFamilies
{
    private const int MaxFullNames = 32;
    private const int Large = 4096;
    private Dictionary<ulong, Chain> byPart = [];
    private Dictionary<ulong, KnownName> byInitials = [];
    private Dictionary<ulong, KnownName> spellings = [];
    private readonly List<Link> links = [];

    public void Gather(string text, ReadOnlySpan<RawMention> mentions)
    {
        Clear();
        for (var i = 0; i < mentions.Length; i++)
        {
            var mention = mentions[i];
            var name = mention.Name;
            if (!name.IsShouted) spellings.TryAdd(name.Key, name);
            if (mention.Type is EntityType.Gpe or EntityType.Norp) continue;
            if (mention.Type is not (EntityType.Loc or EntityType.Misc))
            {
                foreach (var part in name.Parts) Add(Salted(part, mention.Type), i, name);
            }

            if (mention.Type != EntityType.Person) AddInitials(text, mention);
        }
    }

    /// <summary>The fullest name that the article has for a mention, as it spells it.</summary>
    public KnownName FullNameOf(RawMention mention, int index)
    {
        var name = mention.Name;
        if (mention.Type == EntityType.Gpe) return name.Text.StartsWith("The ", StringComparison.Ordinal) ? name : Spelled(name);
        if (mention.Type != EntityType.Person && name.Acronym != 0 && byInitials.TryGetValue(name.Acronym, out var expansion)) name = expansion;
        return Longest(name, mention.Type, index);
    }

    private KnownName Spelled(KnownName name) => spellings.GetValueOrDefault(name.Key, name);

    // A longer name may be the short form of a still longer one; each step lengthens it, so it ends.
    private KnownName Longest(KnownName name, EntityType type, int index)
    {
        while (byPart.TryGetValue(Salted(name.Key, type), out var chain))
        {
            var best = links[chain.First].Full;
            for (var k = chain.First; k >= 0 && links[k].Mention <= index; k = links[k].Next) best = links[k].Full;
            if (best.Plain.Length <= name.Plain.Length) break;
            name = best;
        }

        return Spelled(name);
    }

    private void Add(ulong key, int mention, KnownName full)
    {
        ref var chain = ref CollectionsMarshal.GetValueRefOrAddDefault(byPart, key, out var known);
        if (known && (chain.Count >= MaxFullNames || links[chain.Last].Full == full)) return;
        var link = links.Count;
        links.Add(new Link(mention, full, -1));
        if (known) CollectionsMarshal.AsSpan(links)[chain.Last].Next = link;
        else chain.First = link;
        chain.Last = link;
        chain.Count++;
    }

    private void AddInitials(string text, RawMention mention)
    {
        var name = mention.Name;
        var defined = Defined(text, mention.Span.End, name.Plain.Length);
        if (defined != 0) byInitials[defined] = name;
        if (name.Foreign != 0) byInitials[name.Foreign] = name;
        if (name.Capitals != 0) byInitials.TryAdd(name.Capitals, name);
        if (name.Initials != 0) byInitials.TryAdd(name.Initials, name);
    }

    // "… Treaty Organization (NATO)": the letters in the brackets right behind a longer name.
    private static ulong Defined(string text, int end, int nameLength)
    {
        if (end + 3 >= text.Length || text[end] != ' ' || text[end + 1] != '(') return 0;
        var start = end + 2;
        if (text[start] == ' ' && start + 3 < text.Length) start++;
        var length = 0;
        while (start + length < text.Length && length < 12 && (char.IsLetterOrDigit(text[start + length]) || text[start + length] is '.' or '-')) length++;
        var close = start + length;
        if (close < text.Length && text[close] == ' ') close++;
        if (length < 2 || length >= nameLength || close >= text.Length || text[close] is not (')' or ',' or ';')) return 0;
        return KnownName.AcronymOf(text.AsSpan(start, length));
    }

    private static ulong Salted(ulong key, EntityType type) => key ^ ((ulong)type + 1) * 0x9E3779B97F4A7C15;

    // A table that one very long article has stretched would cost every later one its clearing.
    private void Clear()
    {
        if (byPart.Count > Large) byPart = [];
        else byPart.Clear();
        if (byInitials.Count > Large) byInitials = [];
        else byInitials.Clear();
        if (spellings.Count > Large) spellings = [];
        else spellings.Clear();
        links.Clear();
    }

    private struct Chain
    {
        public int First;
        public int Last;
        public int Count;
    }

    private record struct Link(int Mention, KnownName Full, int Next);
}
