using System.Runtime.InteropServices;

namespace Pipeline.Entities;

/// <summary>
/// The state that a polity, a people or a state organ belongs to: by the data file, by the country word in the name, by
/// the country named right before; and for towns that no list knows and organs that many states have, by the states that
/// the article names, the nearer the more. Used again from article to article; belongs to one thread.
/// </summary>
internal sealed class CountryFinder
{
    private const int WindowBefore = 40;
    private const int WindowAfter = 20;
    // Weights of a name's country in a vote: by sentences back, one sentence on, by its part of the whole article; what the
    // state that is usually meant has more once it is named, and what another must have where it is not. Fitted on train.conll.
    private static readonly double[] NearBefore = [1.0, 0.6, 0.35];
    private const double NearAfter = 0.3;
    private const double ArticleShare = 12;
    private const double UsualNamed = 2;
    private const double OrganElse = 0.2;
    private const double PlaceElse = 1;
    private readonly int[] counts = new int[CountryTable.Shared.States.Length];
    private readonly double[] votes = new double[CountryTable.Shared.States.Length];
    private readonly List<int> named = [];
    private readonly List<int> touched = [];
    private readonly Dictionary<KnownName, Thing> things = [];
    private int[] nextSame = [];

    public void Find(string text, ReadOnlySpan<RawMention> mentions)
    {
        foreach (var state in named) counts[state] = 0;
        named.Clear();
        var total = 0;
        foreach (var mention in mentions)
        {
            mention.Country ??= OfName(mention);
            if (mention.Country is not { } state) continue;
            total++;
            if (counts[state.Number]++ == 0) named.Add(state.Number);
        }

        Gather(text, mentions);
        for (var i = 0; i < mentions.Length; i++)
        {
            var mention = mentions[i];
            if (mention.Country is not null || mention.IsOwn) continue;
            if (mention.Type == EntityType.Org && OrganOf(mention) is { Kind: OrganKind.Shared } organ)
                mention.Country = OfSharedOrgan(mentions, i, organ, total);
            else if (mention.Type == EntityType.Gpe && mention.Name.Polity is null)
                mention.Country = OfPlace(mentions, i, total);
        }
    }

    private static State? OfName(RawMention mention)
    {
        if (mention.IsOwn) return null;
        var state = mention.Type switch
        {
            EntityType.Gpe => mention.Name.Polity ?? mention.Canonical?.Polity,
            EntityType.Norp => mention.Name.People,
            EntityType.Org => OrganOf(mention) is { Kind: OrganKind.Fixed } organ ? organ.State : null,
            _ => null,
        };
        return state is null || state.Code == "-" ? null : state;
    }

    // The fuller name knows more: "Supreme Court" of an article that also has the "Supreme Court of Nepal".
    private static Organ OrganOf(RawMention mention)
    {
        var full = mention.Canonical ?? mention.Name;
        if (mention.Name.IsInternational) return mention.Name.Organ;
        if (full != mention.Name && (full.Organ.Kind == OrganKind.Fixed || full.IsInternational)) return full.Organ;
        return mention.Name.Organ.Kind == OrganKind.None ? full.Organ : mention.Name.Organ;
    }

    // Links the mentions of each body and place, and lets a country that stands beside one of them speak for it.
    private void Gather(string text, ReadOnlySpan<RawMention> mentions)
    {
        things.Clear();
        if (nextSame.Length < mentions.Length) nextSame = new int[mentions.Length * 2];
        for (var i = 0; i < mentions.Length; i++)
        {
            var mention = mentions[i];
            nextSame[i] = -1;
            if (mention.Type is not (EntityType.Org or EntityType.Gpe) || mention.IsOwn) continue;
            if (mention.Country is null)
            {
                var organ = mention.Type == EntityType.Org ? OrganOf(mention) : default;
                mention.Country = mention.Type == EntityType.Gpe ? mention.Name.Polity is null ? Behind(text, mentions, i) : null
                    : organ.Kind is OrganKind.Shared or OrganKind.Anchored ? Before(text, mentions, i, organ) ?? InPlace(text, mentions, i, organ) : null;
            }

            ref var thing = ref CollectionsMarshal.GetValueRefOrAddDefault(things, mention.Canonical ?? mention.Name, out var known);
            if (!known) thing.First = i;
            else nextSame[thing.Last] = i;
            thing.Last = i;
            thing.Country ??= mention.Country;
            if (mention.Country is not null && mention.Country != thing.Country) thing.Mixed = true;
        }

        foreach (var mention in mentions)
        {
            if (mention.Country is not null || mention.Type is not (EntityType.Org or EntityType.Gpe) || mention.IsOwn) continue;
            var thing = things[mention.Canonical ?? mention.Name];
            if (!thing.Mixed && thing.Country is not null && mentions[thing.First].Type == mention.Type
                && (mention.Type == EntityType.Gpe || OrganOf(mention).Kind != OrganKind.None)) mention.Country = thing.Country;
        }
    }

    // One place has one state, so all its mentions vote, and once.
    private State? OfPlace(ReadOnlySpan<RawMention> mentions, int index, int total)
    {
        var mention = mentions[index];
        ref var thing = ref CollectionsMarshal.GetValueRefOrNullRef(things, mention.Canonical ?? mention.Name);
        if (thing.Voted) return thing.Choice;
        ClearVotes();
        for (var i = thing.First; i >= 0; i = nextSame[i]) Near(mentions, i);
        thing.Choice = Winner(mention.Name.States ?? new Organ(OrganKind.Shared), total, PlaceElse);
        thing.Voted = true;
        return thing.Choice;
    }

    private State? OfSharedOrgan(ReadOnlySpan<RawMention> mentions, int index, Organ organ, int total)
    {
        ClearVotes();
        Near(mentions, index);
        return Winner(organ, total, OrganElse);
    }

    private void ClearVotes()
    {
        foreach (var state in touched) votes[state] = 0;
        touched.Clear();
    }

    private State? Winner(Organ organ, int total, double least)
    {
        State? best = null;
        double most = 0;
        foreach (var state in named)
        {
            if (organ.Among is { } among && !among[state]) continue;
            var value = votes[state] + ArticleShare * counts[state] / Math.Max(total, 1);
            if (organ.State is { } usual && usual.Number == state) value += UsualNamed;
            var candidate = CountryTable.Shared.States[state];
            if (value < most || (value == most && best is not null && string.CompareOrdinal(candidate.Code, best.Code) > 0)) continue;
            most = value;
            best = candidate;
        }

        return organ.State is not null && most < least ? organ.State : best;
    }

    private void Near(ReadOnlySpan<RawMention> mentions, int index)
    {
        var sentence = mentions[index].Sentence;
        for (var j = index - 1; j >= 0 && index - j <= WindowBefore && sentence - mentions[j].Sentence < NearBefore.Length; j--)
            Add(mentions[j], NearBefore[sentence - mentions[j].Sentence]);
        for (var j = index + 1; j < mentions.Length && j - index <= WindowAfter && mentions[j].Sentence - sentence <= 1; j++)
            Add(mentions[j], mentions[j].Sentence == sentence ? NearBefore[0] : NearAfter);
    }

    private void Add(RawMention mention, double weight)
    {
        if (mention.Country is not { } state) return;
        if (votes[state.Number] == 0) touched.Add(state.Number);
        votes[state.Number] += weight;
    }

    // "China's [Foreign Ministry]", "the Russian [State Bank]"; "Romania, whose …" does not count.
    private static State? Before(string text, ReadOnlySpan<RawMention> mentions, int i, Organ organ)
    {
        if (i == 0) return null;
        var previous = mentions[i - 1];
        if (previous.Type is not (EntityType.Gpe or EntityType.Norp) || previous.Country is null) return null;
        var between = Between(text, previous, mentions[i]);
        return (between.Length == 0 || between is "'s" or "’s" or "'" or "’") && Has(organ, previous.Country) ? previous.Country : null;
    }

    // "the [Ministry of Oil] in Baghdad".
    private static State? InPlace(string text, ReadOnlySpan<RawMention> mentions, int i, Organ organ)
    {
        if (i + 1 >= mentions.Length) return null;
        var next = mentions[i + 1];
        if (next.Type != EntityType.Gpe || next.Country is null) return null;
        return Between(text, mentions[i], next) is "in" or "of" or "of the" or "in the" && Has(organ, next.Country) ? next.Country : null;
    }

    // "Bellwood, Ohio", "Bellwood (Ohio)".
    private static State? Behind(string text, ReadOnlySpan<RawMention> mentions, int i)
    {
        if (i + 1 >= mentions.Length || mentions[i + 1].Type != EntityType.Gpe) return null;
        return Between(text, mentions[i], mentions[i + 1]) is "," or "(" ? mentions[i + 1].Country : null;
    }

    private static bool Has(Organ organ, State state) => organ.Among is not { } among || among[state.Number];

    private static ReadOnlySpan<char> Between(string text, RawMention left, RawMention right) =>
        right.Span.Start <= left.Span.End ? default : text.AsSpan(left.Span.End, right.Span.Start - left.Span.End).Trim();

    private struct Thing
    {
        public int First;
        public int Last;
        public State? Country;
        public State? Choice;
        public bool Mixed;
        public bool Voted;
    }
}
