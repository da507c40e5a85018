using System.Collections.Concurrent;
using Pipeline.Segmenting;

namespace Pipeline.Entities;

/// <summary>
/// Finds named entities: a linear-chain conditional random field over hashed features, then one canonical name and one
/// country for each thing of the article. Safe to share between threads; never throws on article content.
/// </summary>
public sealed class EntityRecognizer
{
    private readonly EntityModel model;
    private readonly Gazetteer? gazetteer;
    private readonly double minConfidence;
    private readonly ConcurrentBag<EntityTagger> taggers = [];

    private EntityRecognizer(EntityModel model, Gazetteer? gazetteer, double minConfidence)
    {
        this.model = model;
        this.gazetteer = gazetteer;
        this.minConfidence = minConfidence;
    }

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
        var names = new List<TaggedName>();
        if (!taggers.TryTake(out var tagger)) tagger = new EntityTagger(model);
        tagger.Tag(text, tokens, sentences, names);
        taggers.Add(tagger);
        var raw = new List<RawMention>(names.Count);
        var next = 0;
        for (var s = 0; s < sentences.Length; s++)
        {
            var own = gazetteer is null ? [] : Own(text, tokens, sentences[s]);
            var o = 0;
            for (; next < names.Count && names[next].Sentence == s; next++)
            {
                var name = names[next];
                while (o < own.Count && own[o].Tokens.End <= name.Tokens.First) raw.Add(Mention(text, tokens, s, own[o++]));
                if (o < own.Count && own[o].Tokens.First < name.Tokens.End) continue;
                var confidence = model.Calibration.Apply(name.Probability, name.Type);
                if (confidence >= minConfidence) raw.Add(Mention(text, tokens, s, name, confidence));
            }

            while (o < own.Count) raw.Add(Mention(text, tokens, s, own[o++]));
        }

        NameResolver.Resolve(text, raw);
        var mentions = new EntityMention[raw.Count];
        for (var i = 0; i < mentions.Length; i++)
        {
            var m = raw[i];
            mentions[i] = new EntityMention(m.Sentence, m.Span, m.Type, m.Canonical ?? m.Name, m.Country, m.Confidence);
        }

        return mentions;
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

    private static RawMention Mention(string text, ReadOnlySpan<Token> tokens, int sentence, TaggedName name, double confidence) =>
        new()
        {
            Sentence = sentence,
            Span = SpanOf(tokens, name.Tokens),
            Type = (EntityType)name.Type,
            Confidence = confidence,
            Name = Clean(text, SpanOf(tokens, name.Tokens)),
        };

    private static RawMention Mention(string text, ReadOnlySpan<Token> tokens, int sentence, (TokenRange Tokens, Gazetteer.Entry Entry) own) =>
        new()
        {
            Sentence = sentence,
            Span = SpanOf(tokens, own.Tokens),
            Type = own.Entry.Type,
            Confidence = 1,
            Name = Clean(text, SpanOf(tokens, own.Tokens)),
            Canonical = own.Entry.Canonical,
            Country = own.Entry.Country,
        };

    private static TextSpan SpanOf(ReadOnlySpan<Token> tokens, TokenRange range) => new(tokens[range.First].Start, tokens[range.End - 1].End);

    // The span's words with single spaces: a name can run over a line end.
    private static string Clean(string text, TextSpan span)
    {
        var chars = span.In(text);
        var plain = true;
        for (var i = 0; i < chars.Length && plain; i++)
            plain = !char.IsWhiteSpace(chars[i]) || (chars[i] == ' ' && (i == 0 || chars[i - 1] != ' '));
        return plain ? chars.ToString() : string.Join(' ', chars.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
