using Pipeline.Segmenting;

namespace Pipeline.Dates;

/// <summary>
/// Finds temporal expressions and resolves their values to TIMEX3. Rules are data (the embedded files under
/// <c>Rules/</c>), compiled into one automaton; the time is linear in the text. Never reads the clock. Safe to share
/// between threads; never throws on article content.
/// </summary>
public sealed class DateResolver
{
    private const int LargestKept = 1 << 14;

    [ThreadStatic]
    private static DateMatcher? s_matcher;

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
    internal void Read(SegmentedArticle article, DateOnly? articleDate, Action<DateMatch, DateMention> report)
    {
        // Taken off the thread while in use, so that a callback may resolve another article.
        var matcher = s_matcher ?? new DateMatcher(DateGrammar.Default);
        s_matcher = null;
        var narrative = new Narrative(articleDate, article.Text)
        {
            Story = articleDate is { } date ? HistoryFinder.FirstYear(article.Text, date.Year, () => Verbs(article, matcher), () => Deictics(article, matcher)) : null,
        };
        var sentences = article.Sentences;
        for (var s = 0; s < sentences.Count; s++)
        {
            var span = sentences[s].Span;
            matcher.Read(article.Text, span.Start, span.End);
            while (matcher.TryNext(s, out var match))
            {
                var atoms = matcher.Atoms;
                var value = _valuer.Of(match, atoms, narrative);
                while (value is null && matcher.TryOther(s, out match))
                    value = _valuer.Of(match, atoms, narrative);
                if (value is not { } found)
                    continue;
                var (earliest, latest) = found.Days ?? TimexInterval.Of(found.Text, articleDate);
                report(match, new(
                    s, new(atoms[match.First].Start, atoms[match.End - 1].End), match.Rule.Type, found.Text,
                    DateMods.NameOf(match.Slots[Slot.Mod]), earliest, latest));
            }
        }

        if (matcher.Capacity <= LargestKept)
            s_matcher = matcher;
    }

    private static (int Present, int Past, int Words) Verbs(SegmentedArticle article, DateMatcher matcher)
    {
        var grammar = DateGrammar.Default;
        int isWord = grammar.Class("PRESENT"), was = grammar.Class("WASWERE"), had = grammar.Class("HAD");
        int present = 0, past = 0, words = 0;
        foreach (var sentence in article.Sentences)
        {
            matcher.Read(article.Text, sentence.Span.Start, sentence.Span.End);
            foreach (ref readonly var atom in matcher.Atoms)
            {
                if (atom.Kind != AtomKind.Word)
                    continue;
                words++;
                present += grammar.Is(atom, isWord) ? 1 : 0;
                past += grammar.Is(atom, was) || grammar.Is(atom, had) ? 1 : 0;
            }
        }

        return (present, past, words);
    }

    private static int Deictics(SegmentedArticle article, DateMatcher matcher)
    {
        var count = 0;
        for (var s = 0; s < article.Sentences.Count; s++)
        {
            var span = article.Sentences[s].Span;
            matcher.Read(article.Text, span.Start, span.End);
            while (matcher.TryNext(s, out var match))
            {
                if (match.Rule.Operation is DateOperation.Deictic or DateOperation.Ago or DateOperation.FromNow
                    || (match.Rule.Operation == DateOperation.Calendar && (match.Slots.Has(Slot.Day) || match.Slots.Has(Slot.Rel)
                        || (match.Slots.Has(Slot.WD) && !match.Slots.Has(Slot.M) && !match.Slots.Has(Slot.D)))))
                    count++;
            }
        }

        return count;
    }
}
