using System.Text;
using Pipeline.Entities;
using Pipeline.Segmenting;

namespace Pipeline.Training;

/// <summary>
/// Copies of sentences as the project's segmenter would cut them: newswire sets keep <c>Jae-myung</c> in one token, the
/// segmenter makes three of it, and a model must have seen both.
/// </summary>
internal static class HyphenSplit
{
    /// <summary>The sentences that have a name with a hyphen inside a token, cut at their hyphens; <see langword="null"/> where there are none.</summary>
    public static ConllDocument? Copy(ConllDocument document)
    {
        var text = new StringBuilder();
        var tokens = new List<Token>();
        var tags = new List<string>();
        var sentences = new List<TokenRange>();
        foreach (var sentence in document.Sentences)
        {
            if (!HasHyphenatedName(document, sentence)) continue;
            var first = tokens.Count;
            for (var i = sentence.First; i < sentence.End; i++)
            {
                var tag = document.Tags[i];
                foreach (var part in Parts(document.Tokens[i].In(document.Text).ToString(), tag))
                {
                    tokens.Add(new Token(text.Length, text.Length + part.Length));
                    text.Append(part).Append(' ');
                    tags.Add(tag);
                    if (tag.StartsWith("B-", StringComparison.Ordinal)) tag = "I-" + tag[2..];
                }
            }

            sentences.Add(new TokenRange(first, tokens.Count));
        }

        return sentences.Count == 0 ? null : new ConllDocument(
            document.Id, text.ToString(), [.. tokens], [.. sentences], [.. tags], [.. tags.Select(t => new[] { t })]);
    }

    private static bool HasHyphenatedName(ConllDocument document, TokenRange sentence)
    {
        for (var i = sentence.First; i < sentence.End; i++)
        {
            if (document.Tags[i] != "O" && Parts(document.Tokens[i].In(document.Text).ToString(), document.Tags[i]).Count > 1) return true;
        }

        return false;
    }

    // "German-born" is one name in CoNLL and only half of one in the guide: such words stay as they are.
    private static List<string> Parts(string word, string tag)
    {
        if (tag.EndsWith("-MISC", StringComparison.Ordinal) || word.Length < 3) return [word];
        var parts = new List<string>();
        var start = 0;
        for (var i = 1; i + 1 < word.Length; i++)
        {
            if (word[i] != '-' || i == start || !char.IsLetter(word[i - 1]) || !char.IsLetter(word[i + 1])) continue;
            parts.Add(word[start..i]);
            parts.Add("-");
            start = i + 1;
        }

        parts.Add(word[start..]);
        return parts;
    }
}
