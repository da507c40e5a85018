namespace Pipeline.Dates;

/// <summary>Which side of the article's date an expression points to.</summary>
internal enum Side : byte
{
    Unknown,
    Past,
    Present,
    Future,
}

/// <summary>
/// Reads the side from the nearest verb and signal words. No parser: the verb that stands last before the expression
/// governs it in most news sentences, else the first one behind it (Strötgen and Gertz 2010 do the same).
/// </summary>
internal sealed class TenseFinder(DateGrammar grammar)
{
    private const int Reach = 16;

    private readonly int _future = grammar.Class("FUTURE");
    private readonly int _past = grammar.Class("PASTVERB");
    private readonly int _present = grammar.Class("PRESENT");
    private readonly int _have = grammar.Class("HAVE");
    private readonly int _planned = grammar.Class("PLANNED");
    private readonly int _be = grammar.Class("BE");
    private readonly int _been = grammar.Class("BEEN");
    private readonly int _was = grammar.Class("WASWERE");
    private readonly int _had = grammar.Class("HAD");
    private readonly int _as = grammar.Class("AS");
    private readonly int _may = grammar.Class("MAY");
    private readonly int _by = grammar.Class("BY");
    private readonly int _to = grammar.Class("TO");
    private readonly int _until = grammar.Class("UNTIL");
    private readonly int _since = grammar.Class("SINCE");
    private readonly int _late = grammar.Class("LATELY");
    private readonly int _for = grammar.Class("FOR");
    private readonly int _before = grammar.Class("BEFORE");
    private readonly int _set = grammar.Class("SET");
    private readonly int _article = grammar.Class("POSSESSED");
    private readonly int _not = grammar.Class("NOT");
    private readonly int _moved = grammar.Class("MOVED");
    private readonly int _event = grammar.Class("EVENT");
    private readonly int _units = grammar.Class("UNITS");
    private readonly int _preposition = grammar.Class("PREP");
    private readonly int _adverb = grammar.Class("ADVERB");
    private readonly int _weekday = grammar.Class("WEEKDAY");
    private readonly int _clause = grammar.Class("CLAUSE");
    private readonly int _and = grammar.Class("AND");
    private readonly int _participle = grammar.Class("PARTICIPLE");
    private readonly int _prospect = grammar.Class("PROSPECT");
    private readonly int _noun = grammar.Class("NOUNTOO");
    private readonly int _determiner = grammar.Class("DETERMINER");
    private readonly int _happening = grammar.Class("HAPPENING");
    private readonly int _possessive = grammar.Class("POSSESSIVE");
    private readonly int _lasting = grammar.Class("LASTING");
    private readonly int _clock = grammar.Class("AMPM");
    private readonly int _state = grammar.Class("STATE");
    private readonly int _nt = grammar.Class("NT");
    private readonly int _won = grammar.Class("WON");
    private readonly int _here = grammar.Class("HERE");
    private readonly int _take = grammar.Class("TAKE");
    private readonly int _effect = grammar.Class("EFFECT");

    /// <summary>The side of the expression at <c>atoms[first..end]</c>.</summary>
    public Side Of(ReadOnlySpan<DateAtom> atoms, int first, int end)
    {
        for (var i = first - 1; i >= Math.Max(0, first - 3); i--)
        {
            if (grammar.Is(atoms[i], _until))
            {
                // "until Friday" looks ahead, unless the story is over: "until Friday they had held".
                if (Has(atoms, _had))
                    return Side.Past;
                if (Verb(atoms, first, end) != Side.Past)
                    return Side.Future;
                // "Until Friday the mill stood still", "they held the bridge until Friday" are over; "was shut until Friday" may not be.
                if (i == 0 || grammar.Is(atoms[i], _by) || Has(atoms[..i], _not))
                    return Side.Past;
                return Has(atoms[first..end], _weekday) && !Has(atoms[..i], _lasting) ? Side.Past : Side.Present;
            }

            if (grammar.Is(atoms[i], _since))
                return Side.Past;
            // "had little to show before October"
            if (grammar.Is(atoms[i], _before) && !grammar.Is(atoms[first], _weekday))
            {
                if (Verb(atoms, first, end) != Side.Past && !Has(atoms, _had))
                    return Side.Future;
                // "reached it before noon on Wednesday"
                return Has(atoms, _had) || Has(atoms[first..end], _weekday) ? Side.Past : Side.Present;
            }
        }

        if (Happening(atoms, end) is { } happened)
            return happened;

        // "has been moved to November"
        if (first > 1 && grammar.Is(atoms[first - 1], _to) && grammar.Is(atoms[first - 2], _moved))
            return Side.Future;
        // "called a march for Saturday"
        if (first > 0 && grammar.Is(atoms[first - 1], _for) && grammar.Is(atoms[first], _weekday))
            return Side.Future;
        // "as early as Tuesday", "as late as Tuesday"
        if (first > 0 && grammar.Is(atoms[first - 1], _as))
            return first > 1 && grammar.Is(atoms[first - 2], _late) ? Side.Past : Side.Future;
        var side = Verb(atoms, first, end);
        // "to stop a June merger": the noun's date, of which the verb tells nothing.
        if (side == Side.Future && IsBeforeNoun(atoms, first, end))
            return Side.Present;
        return side is Side.Present or Side.Unknown && IsOfEvent(atoms, first, end) ? Side.Future : side;
    }

    /// <summary>
    /// Whether the nearest verb before the expression, or right behind it, is one of a state: "it is worth 330 billion today",
    /// "the fund has today more members", but "is being held today", "is closed today".
    /// </summary>
    public bool IsState(ReadOnlySpan<DateAtom> atoms, int first, int end)
    {
        for (var i = first - 1; i >= Math.Max(0, first - Reach); i--)
        {
            if (grammar.Is(atoms[i], _state))
                return !OfEvent(atoms[(i + 1)..first]) && (end == atoms.Length || !OfEvent(atoms.Slice(end, 1)));
            if (At(atoms, i) != Side.Unknown || OpensClause(atoms, i, first) || atoms[i].Mark is ';' or '"' or '”')
                return false;
        }

        return false;
    }

    /// <summary>Whether a past tense stands right behind: "soon proved", "soon the village had".</summary>
    public bool IsBeforePast(ReadOnlySpan<DateAtom> atoms, int first, int end)
    {
        // "are soon reversed"
        if (first > 0 && (grammar.Is(atoms[first - 1], _present) || grammar.Is(atoms[first - 1], _be) || grammar.Is(atoms[first - 1], _future)))
            return false;
        for (var i = end; i < Math.Min(atoms.Length, end + 4); i++)
        {
            if (atoms[i].Kind != AtomKind.Word || grammar.Is(atoms[i], _future))
                return false;
            if (grammar.Is(atoms[i], _past) || (i == end && IsRegularPast(atoms[i])))
                return true;
        }

        return false;
    }

    private bool OfEvent(ReadOnlySpan<DateAtom> atoms)
    {
        foreach (ref readonly var atom in atoms)
        {
            if (atom.Kind == AtomKind.Word && atom.Mark is 'e' or 'i' || grammar.Is(atom, _participle) || grammar.Is(atom, _past) || grammar.Is(atom, _future) || grammar.Is(atom, _preposition) || grammar.Is(atom, _here))
                return true;
        }

        return false;
    }

    /// <summary>
    /// "Tuesday's ruling", "Monday's deadly attack" are over whatever the clause tells of them, unless a verb right behind
    /// says that they are to come.
    /// </summary>
    private Side? Happening(ReadOnlySpan<DateAtom> atoms, int end)
    {
        if (end + 2 >= atoms.Length || atoms[end].Mark != '\'' || !grammar.Is(atoms[end + 1], _possessive))
            return null;
        for (var i = end + 2; i < Math.Min(atoms.Length, end + 5); i++)
        {
            if (grammar.Is(atoms[i], _happening))
                return i + 1 < atoms.Length && grammar.Is(atoms[i + 1], _future) && !(i + 2 < atoms.Length && grammar.Is(atoms[i + 2], _have))
                    ? Side.Future : Side.Past;
            if (atoms[i] is not { Kind: AtomKind.Word, Case: LetterCase.Lower } || grammar.Is(atoms[i], _preposition))
                return null;
        }

        return null;
    }

    /// <summary>"There is an election in May", "afraid of the October election".</summary>
    private bool IsOfEvent(ReadOnlySpan<DateAtom> atoms, int first, int end)
    {
        for (var i = Math.Max(0, first - 4); i < first; i++)
        {
            if (grammar.Is(atoms[i], _event))
                return true;
        }

        return end < atoms.Length && grammar.Is(atoms[end], _event);
    }

    /// <summary>"a June merger", but not "the October election", which is to come as likely as not.</summary>
    private bool IsBeforeNoun(ReadOnlySpan<DateAtom> atoms, int first, int end) =>
        first > 0 && end < atoms.Length && grammar.Is(atoms[first - 1], _article)
        && atoms[end] is { Kind: AtomKind.Word, Case: LetterCase.Lower, Mark: not 'e' }
        && (grammar.IsPlain(atoms[end]) || grammar.Is(atoms[end], _prospect) || grammar.Is(atoms[end], _noun)) && !grammar.Is(atoms[end], _event);

    private bool Has(ReadOnlySpan<DateAtom> atoms, int named)
    {
        foreach (ref readonly var atom in atoms)
        {
            if (grammar.Is(atom, named))
                return true;
        }

        return false;
    }

    private Side Verb(ReadOnlySpan<DateAtom> atoms, int first, int end)
    {
        var edge = Math.Max(0, first - Reach);
        var i = first - 1;
        for (; i >= edge; i--)
        {
            if (atoms[i].Mark == ';')
            {
                edge = first;
                break;
            }

            // ", and a refusal in June would": the clause has its verb behind.
            if (OpensClause(atoms, i, first))
                break;
            if (grammar.Is(atoms[i], _since))
                return Side.Past;
            var side = At(atoms, i);
            if (side != Side.Unknown)
                return side;
        }

        for (var j = end; j < Math.Min(atoms.Length, end + Reach); j++)
        {
            var side = At(atoms, j);
            if (side != Side.Unknown)
                return side;
        }

        for (i--; i >= edge; i--)
        {
            var side = At(atoms, i);
            if (side != Side.Unknown)
                return side;
        }

        return Side.Unknown;
    }

    private bool OpensClause(ReadOnlySpan<DateAtom> atoms, int i, int first) =>
        grammar.Is(atoms[i], _clause) || (grammar.Is(atoms[i], _and) && i > 0 && (atoms[i - 1].Mark == ',' || i == first - 2));

    /// <summary>"held": past; "will be held", "to be held": future; "will have held": future.</summary>
    private Side Participle(ReadOnlySpan<DateAtom> atoms, int i)
    {
        if (i > 1 && grammar.Is(atoms[i - 1], _be))
            return grammar.Is(atoms[i - 2], _future) || grammar.Is(atoms[i - 2], _to) || grammar.Is(atoms[i - 2], _may) ? Side.Future : Side.Past;
        return i > 1 && grammar.Is(atoms[i - 1], _have) && grammar.Is(atoms[i - 2], _future) ? Side.Future : Side.Past;
    }

    /// <summary>"plans to leave": future; "had to leave", "failed to leave", "had been due to leave": past.</summary>
    private Side Infinitive(ReadOnlySpan<DateAtom> atoms, int to)
    {
        if (to == 0)
            return Side.Future;
        ref readonly var governor = ref atoms[to - 1];
        // "24 hours to leave": the verb stands before.
        if ((governor is { Kind: AtomKind.Word, Case: LetterCase.Lower, Mark: '\0' } && grammar.IsPlain(governor)) || grammar.Is(governor, _units))
            return Side.Unknown;
        if (grammar.Is(governor, _was) || grammar.Is(governor, _had))
            return Side.Past;
        if (grammar.Is(governor, _prospect) || grammar.Is(governor, _planned))
            return to > 2 && grammar.Is(atoms[to - 2], _been) && grammar.Is(atoms[to - 3], _had) ? Side.Past : Side.Future;
        return grammar.Is(governor, _past) || IsRegularPast(governor) ? Side.Past : Side.Future;
    }

    /// <summary>"a still unspecified date"</summary>
    private bool IsAdjective(ReadOnlySpan<DateAtom> atoms, int i) =>
        i > 0 && i + 1 < atoms.Length && atoms[i + 1] is { Kind: AtomKind.Word, Case: LetterCase.Lower } && !grammar.Is(atoms[i + 1], _preposition)
        && (grammar.Is(atoms[i - 1], _article) || (i > 1 && grammar.Is(atoms[i - 1], _adverb) && grammar.Is(atoms[i - 2], _article)));

    private static bool IsRegularPast(in DateAtom atom) =>
        atom.Kind == AtomKind.Word && atom.Mark == 'e' && atom.Case == LetterCase.Lower;

    private Side At(ReadOnlySpan<DateAtom> atoms, int i)
    {
        ref readonly var atom = ref atoms[i];
        if (atom.Kind != AtomKind.Word)
            return Side.Unknown;
        if (grammar.IsPlain(atom))
        {
            if (atom.Case != LetterCase.Lower)
                return Side.Unknown;
            if (i > 0 && grammar.Is(atoms[i - 1], _to) && atom.Mark == '\0')
                return Infinitive(atoms, i - 1);
            return atom.Mark == 'e' && !IsAdjective(atoms, i) ? Participle(atoms, i) : Side.Unknown;
        }

        // "5 AM" is no verb.
        if (atom.Case == LetterCase.Upper && grammar.Is(atom, _clock))
            return Side.Unknown;
        if (i > 0 && grammar.Is(atom, _effect) && grammar.Is(atoms[i - 1], _take))
            return Side.Future;
        if (grammar.Is(atom, _future) || grammar.Is(atom, _planned))
        {
            // "the plans", "523 votes"
            if (i > 0 && grammar.Is(atom, _noun) && (atoms[i - 1].Kind == AtomKind.Number || grammar.Is(atoms[i - 1], _determiner)))
                return Side.Unknown;
            if (i > 0 && grammar.Is(atoms[i - 1], _to))
                return Infinitive(atoms, i - 1);
            // "is set to", but "set a record"
            if (grammar.Is(atom, _set) && !(i + 1 < atoms.Length && (grammar.Is(atoms[i + 1], _to) || grammar.Is(atoms[i + 1], _for))))
                return Side.Past;
            // "had been scheduled for Friday" tells what is over.
            return i > 1 && grammar.Is(atoms[i - 1], _been) ? Side.Past : Side.Future;
        }

        if (grammar.Is(atom, _have) && !grammar.Is(atom, _had))
            return HasParticiple(atoms, i + 1) ? Participle(atoms, i) : Side.Present;
        if (grammar.Is(atom, _past) || grammar.Is(atom, _participle))
        {
            // "won't"
            if (i + 2 < atoms.Length && atoms[i + 1] is { Mark: '\'', Glued: true } && atoms[i + 2].Glued && grammar.Is(atoms[i + 2], _nt))
                return grammar.Is(atom, _won) ? Side.Future : Side.Past;
            if (i > 0 && grammar.Is(atoms[i - 1], _to))
                return Infinitive(atoms, i - 1);
            return grammar.Is(atom, _past) ? Participle(atoms, i) : Side.Unknown;
        }

        if (grammar.Is(atom, _be) && i > 0 && grammar.Is(atoms[i - 1], _to))
            return Infinitive(atoms, i - 1);
        if (grammar.Is(atom, _present) || (grammar.Is(atom, _may) && atom.Case == LetterCase.Lower))
            return Side.Present;
        return atom.Mark == 'e' && atom.Case == LetterCase.Lower ? Participle(atoms, i) : Side.Unknown;
    }

    /// <summary>"has left", "has not yet fallen", but "has doubts".</summary>
    private bool HasParticiple(ReadOnlySpan<DateAtom> atoms, int from)
    {
        for (var i = from; i < Math.Min(atoms.Length, from + 3); i++)
        {
            if (IsRegularPast(atoms[i]) || grammar.Is(atoms[i], _participle) || grammar.Is(atoms[i], _past) || grammar.Is(atoms[i], _been))
                return true;
        }

        return false;
    }
}
