using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Pipeline.Segmenting;

namespace Pipeline.Entities;

/// <summary>
/// Finds named entities: a linear-chain conditional random field over hashed features, then one canonical name and one
/// country for each thing of the article. Safe to share between threads; never throws on article content.
/// </summary>
public sealed class EntityRecognizer
{
    private const int MostTokensAtOnce = 1 << 18;
    private const int MostKeptNames = 1 << 16;

    private readonly EntityModel model;
    private readonly Gazetteer? gazetteer;
    private readonly double minConfidence;
    private readonly ConcurrentBag<Desk> desks = [];

    private EntityRecognizer(EntityModel model, Gazetteer? gazetteer, double minConfidence)
    {
        this.model = model;
        this.gazetteer = gazetteer;
        this.minConfidence = minConfidence;
    }

    /// <summary>Loads what all recognisers share, which loading the first one does otherwise.</summary>
    internal static void LoadWordLists() => _ = NameLists.Shared;

    /// <summary>Loads a model written by <c>pipeline train entities</c>.</summary>
    /// <param name="path">The model file.</param>
    /// <param name="gazetteer">The user's own names, which win over the model.</param>
    /// <param name="minConfidence">Mentions of the model below it are left out, 0 to 1.</param>
    /// <exception cref="UserFileException">The file is missing, damaged, or no entity model.</exception>
    public static EntityRecognizer Load(string path, Gazetteer? gazetteer = null, double minConfidence = 0) =>
        new(EntityModel.Load(path), gazetteer, minConfidence);

    /// <summary>Finds the mentions of an article, in text order, not overlapping.</summary>
    public IReadOnlyList<EntityMention> Recognize(SegmentedArticle article)
    {
        var sentences = new TokenRange[article.Sentences.Count];
        for (var s = 0; s < sentences.Length; s++)
            sentences[s] = new TokenRange(article.Sentences[s].FirstToken, article.Sentences[s].EndToken);
        return Recognize(article.Text, article.Tokens.Span, sentences);
    }

    internal IReadOnlyList<EntityMention> Recognize(string text, ReadOnlySpan<Token> tokens, ReadOnlySpan<TokenRange> sentences)
    {
        if (!desks.TryTake(out var desk)) desk = new Desk(model);
        desk.Clear();
        Tag(desk, text, tokens, sentences);
        var names = CollectionsMarshal.AsSpan(desk.Names);
        var next = 0;
        for (var s = 0; s < sentences.Length; s++)
        {
            var own = gazetteer is null ? [] : Own(text, tokens, sentences[s]);
            var o = 0;
            for (; next < names.Length && names[next].Sentence == s; next++)
            {
                ref readonly var name = ref names[next];
                while (o < own.Count && own[o].Tokens.End <= name.Tokens.First) AddOwn(desk, text, tokens, s, own[o++]);
                if (o < own.Count && own[o].Tokens.First < name.Tokens.End) continue;
                var confidence = model.Calibration.Apply(name.Probability, name.Type);
                if (confidence >= minConfidence) desk.Add(text, s, SpanOf(tokens, name.Tokens), (EntityType)name.Type, confidence);
            }

            while (o < own.Count) AddOwn(desk, text, tokens, s, own[o++]);
        }

        var mentions = desk.Resolve(text);
        if (names.Length <= MostKeptNames) desks.Add(desk);
        return mentions;
    }

    /// <summary>
    /// What an article says of a word counts for the whole of it; a book is read in parts of some hundred pages, so that the memory
    /// does not grow with its tokens.
    /// </summary>
    private static void Tag(Desk desk, string text, ReadOnlySpan<Token> tokens, ReadOnlySpan<TokenRange> sentences)
    {
        if (tokens.Length <= MostTokensAtOnce)
        {
            desk.Tagger.Tag(text, tokens, sentences, desk.Names);
            return;
        }

        var part = new List<TokenRange>();
        for (var s = 0; s < sentences.Length;)
        {
            var (firstSentence, firstToken, firstName) = (s, sentences[s].First, desk.Names.Count);
            part.Clear();
            for (; s < sentences.Length && (part.Count == 0 || sentences[s].End - firstToken <= MostTokensAtOnce); s++)
                part.Add(new TokenRange(sentences[s].First - firstToken, sentences[s].End - firstToken));
            desk.Tagger.Tag(text, tokens[firstToken..sentences[s - 1].End], CollectionsMarshal.AsSpan(part), desk.Names);
            foreach (ref var name in CollectionsMarshal.AsSpan(desk.Names)[firstName..])
            {
                name = name with
                {
                    Sentence = name.Sentence + firstSentence, Tokens = new TokenRange(name.Tokens.First + firstToken, name.Tokens.End + firstToken),
                };
            }
        }
    }

    private List<(TokenRange Tokens, Gazetteer.Entry Entry)> Own(string text, ReadOnlySpan<Token> tokens, TokenRange sentence)
    {
        var found = new List<(TokenRange, Gazetteer.Entry)>();
        for (var i = sentence.First; i < sentence.End; i++)
        {
            if (gazetteer!.Find(text, tokens, i, sentence.End) is not var (entry, end)) continue;
            found.Add((new TokenRange(i, end), entry));
            i = end - 1;
        }

        return found;
    }

    private static void AddOwn(Desk desk, string text, ReadOnlySpan<Token> tokens, int sentence, (TokenRange Tokens, Gazetteer.Entry Entry) own)
    {
        var mention = desk.Add(text, sentence, SpanOf(tokens, own.Tokens), own.Entry.Type, 1);
        mention.Canonical = desk.Pool.Of(own.Entry.Canonical);
        mention.Country = own.Entry.Country is null ? null : CountryTable.Shared.OfCode(own.Entry.Country);
        mention.IsOwn = true;
    }

    private static TextSpan SpanOf(ReadOnlySpan<Token> tokens, TokenRange range) => new(tokens[range.First].Start, tokens[range.End - 1].End);

    /// <summary>Working memory of one article at a time.</summary>
    private sealed class Desk(EntityModel model)
    {
        private readonly List<RawMention> mentions = [];
        private NameResolver? resolver;
        private char[] cleaned = new char[64];
        private int used;

        public EntityTagger Tagger { get; } = new(model);

        public List<TaggedName> Names { get; } = [];

        public NamePool Pool { get; } = new();

        public void Clear()
        {
            Names.Clear();
            Pool.Trim();
            used = 0;
        }

        public RawMention Add(string text, int sentence, TextSpan span, EntityType type, double confidence)
        {
            if (used == mentions.Count) mentions.Add(new RawMention());
            var mention = mentions[used++];
            mention.Sentence = sentence;
            mention.Span = span;
            mention.Type = type;
            mention.Confidence = confidence;
            mention.Name = Pool.Of(Clean(span.In(text)));
            mention.Canonical = null;
            mention.Country = null;
            mention.IsOwn = false;
            return mention;
        }

        public EntityMention[] Resolve(string text)
        {
            var found = CollectionsMarshal.AsSpan(mentions)[..used];
            (resolver ??= new NameResolver(Pool)).Resolve(text, found);
            if (found.Length == 0) return [];
            var result = new EntityMention[found.Length];
            for (var i = 0; i < result.Length; i++)
            {
                var m = found[i];
                result[i] = new EntityMention(m.Sentence, m.Span, m.Type, (m.Canonical ?? m.Name).Text, CountryTable.CodeOf(m.Country), m.Confidence);
            }

            return result;
        }

        // The span's words with single spaces: a name can run over a line end.
        private ReadOnlySpan<char> Clean(ReadOnlySpan<char> words)
        {
            var plain = true;
            for (var i = 0; i < words.Length && plain; i++)
                plain = !char.IsWhiteSpace(words[i]) || (words[i] == ' ' && (i == 0 || words[i - 1] != ' '));
            if (plain) return words;
            if (cleaned.Length < words.Length) cleaned = new char[words.Length];
            var n = 0;
            foreach (var c in words)
            {
                if (!char.IsWhiteSpace(c)) cleaned[n++] = c;
                else if (n > 0 && cleaned[n - 1] != ' ') cleaned[n++] = ' ';
            }

            return cleaned.AsSpan(0, n).TrimEnd(' ');
        }
    }
}
