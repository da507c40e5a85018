using System.Buffers;
using Pipeline.Segmenting;

namespace Pipeline.Dates;

/// <summary>
/// Finds temporal expressions and resolves their values to TIMEX3. Rules are data (the embedded files under
/// <c>Rules/</c>), compiled into one automaton; the time is linear in the text. Never reads the clock. Safe to share
/// between threads; never throws on article content.
/// </summary>
public sealed class DateResolver
{
    private readonly DateGrammar _grammar = DateGrammar.Default;
    private readonly DateValuer _valuer = new(DateGrammar.Default);

    /// <summary>Finds the expressions of an article, in text order, not overlapping.</summary>
    /// <param name="article">The article.</param>
    /// <param name="articleDate">What relative expressions are resolved against; where there is none, the narrative's own dates.</param>
    public IReadOnlyList<DateMention> Resolve(SegmentedArticle article, DateOnly? articleDate)
    {
        ArgumentNullException.ThrowIfNull(article);
        var mentions = new List<DateMention>();
        Read(article, articleDate, (match, mention) => mentions.Add(mention));
        return mentions;
    }

    /// <summary>The same, telling which rule found each.</summary>
    internal void Read(SegmentedArticle article, DateOnly? articleDate, Action<DateMatch, DateMention> found)
    {
        var narrative = new Narrative(articleDate);
        var matcher = new DateMatcher(_grammar);
        var matches = new List<DateMatch>();
        var atoms = ArrayPool<DateAtom>.Shared.Rent(256);
        var sentences = article.Sentences;
        for (var s = 0; s < sentences.Count; s++)
        {
            var span = sentences[s].Span;
            var count = AtomScanner.Scan(article.Text, span.Start, span.End, _grammar.Lexicon, ref atoms);
            matches.Clear();
            var cut = atoms.AsSpan(0, count);
            matcher.Find(s, cut, matches);
            foreach (var match in matches)
            {
                if (_valuer.Of(match, cut, narrative) is not { } value)
                    continue;
                var (earliest, latest) = TimexInterval.Of(value.Text);
                found(match, new(
                    s, new(cut[match.First].Start, cut[match.End - 1].End), match.Rule.Type, value.Text,
                    DateMods.NameOf(match.Slots[Slot.Mod]), earliest, latest));
            }
        }

        ArrayPool<DateAtom>.Shared.Return(atoms);
    }
}
