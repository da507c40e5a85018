using Pipeline.Entities;

namespace Pipeline.Training;

/// <summary>A name of a CoNLL file, its type as written there.</summary>
internal readonly record struct ConllName(TokenRange Tokens, string Type);

/// <summary>Reads names from tags of the IOB1, IOB2, BILOU and IOBES schemes alike, as the CoNLL scorer does.</summary>
internal static class NameTag
{
    /// <summary>The names of a sentence, in order.</summary>
    public static List<ConllName> Names(ReadOnlySpan<string> tags, int offset = 0)
    {
        var names = new List<ConllName>();
        var first = -1;
        var type = "";
        for (var i = 0; i <= tags.Length; i++)
        {
            var tag = i < tags.Length ? tags[i] : "O";
            var kind = tag.Length > 1 && tag[1] == '-' ? tag[0] : 'O';
            var tagType = kind == 'O' ? "" : tag[2..];
            var starts = kind is 'B' or 'U' or 'S' || (kind != 'O' && (first < 0 || tagType != type));
            if (first >= 0 && (kind == 'O' || starts))
            {
                names.Add(new ConllName(new TokenRange(offset + first, offset + i), type));
                first = -1;
            }

            if (starts)
            {
                first = i;
                type = tagType;
            }
        }

        return names;
    }
}
