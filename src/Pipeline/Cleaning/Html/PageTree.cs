using System.Net;

namespace Pipeline.Cleaning.Html;

/// <summary>An element or a run of text of a page. Indices are into the tree's nodes; 0 is the root, so 0 means none.</summary>
internal struct PageNode
{
    public Tag Tag;

    /// <summary>Its element's parent.</summary>
    public int Parent;

    /// <summary>Behind its last descendant, since nodes stand in document order.</summary>
    public int End;

    /// <summary>Of a text its characters in the source, of an element the attributes of its start tag.</summary>
    public TextSpan Source;

    /// <summary>Of a raw element (script, title …) its content in the source.</summary>
    public TextSpan Raw;
}

/// <summary>A page as a flat tree in document order, over the page's own characters. Immutable once parsed.</summary>
internal sealed class PageTree(string source, List<PageNode> nodes)
{
    public string Source { get; } = source;

    public int Count => Nodes.Length;

    public ReadOnlySpan<PageNode> Nodes => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(nodes);

    /// <summary>The value of an attribute, entities undecoded; <see langword="false"/> where the element has none.</summary>
    public bool TryGetAttribute(int node, string name, out ReadOnlySpan<char> value)
    {
        value = default;
        var span = Nodes[node].Source;
        if (Nodes[node].Tag == Tag.Text || span.Length <= name.Length)
            return false;
        var attributes = new AttributeReader(span.In(Source));
        while (attributes.Next(out var attribute, out var text))
        {
            if (!attribute.Equals(name, StringComparison.OrdinalIgnoreCase))
                continue;
            value = text;
            return true;
        }

        return false;
    }

    /// <summary>The value of an attribute, decoded and trimmed; <see langword="null"/> where there is none or it is empty.</summary>
    public string? Attribute(int node, string name)
    {
        if (!TryGetAttribute(node, name, out var value))
            return null;
        var text = value.Trim();
        return text.IsEmpty ? null : text.Contains('&') ? WebUtility.HtmlDecode(text.ToString()).Trim() : text.ToString();
    }

    /// <summary>The visible text below a node on one line, at most so many characters.</summary>
    public string TextOf(int node, int most = 2000)
    {
        var all = Nodes;
        if (Tags.Has(all[node].Tag, TagTraits.Raw))
        {
            using var raw = new LineBuffer(256);
            AppendText(raw, all[node].Raw.In(Source)[..Math.Min(all[node].Raw.Length, most)]);
            return raw.Slice(0, raw.Length).ToString();
        }

        using var buffer = new LineBuffer(256);
        for (var i = node + 1; i < all[node].End && buffer.Length < most; i++)
        {
            if (all[i].Tag == Tag.Text)
                AppendText(buffer, all[i].Source.In(Source));
            else if (Tags.Has(all[i].Tag, TagTraits.Skipped))
                i = all[i].End - 1;
            else if (Tags.Has(all[i].Tag, TagTraits.Block) || all[i].Tag == Tag.Br)
                buffer.AppendSpace();
        }

        return buffer.Slice(0, buffer.Length).ToString();
    }

    /// <summary>Appends source characters with their entities decoded.</summary>
    public static void AppendText(LineBuffer buffer, ReadOnlySpan<char> text)
    {
        while (true)
        {
            var ampersand = text.IndexOf('&');
            if (ampersand < 0)
            {
                buffer.Append(text);
                return;
            }

            buffer.Append(text[..ampersand]);
            text = text[ampersand..];
            const int LongestEntity = 32;
            var window = text.Length > LongestEntity ? text[..LongestEntity] : text;
            var end = window[1..].IndexOfAnyExcept(EntityCharacters) + 1;
            if (end > 1 && end < window.Length && window[end] == ';')
            {
                buffer.Append(WebUtility.HtmlDecode(text[..(end + 1)].ToString()));
                text = text[(end + 1)..];
            }
            else
            {
                buffer.Append("&");
                text = text[1..];
            }
        }
    }

    private static readonly System.Buffers.SearchValues<char> EntityCharacters =
        System.Buffers.SearchValues.Create("#0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
}

/// <summary>Reads the attributes of a start tag, one after the other.</summary>
internal ref struct AttributeReader(ReadOnlySpan<char> text)
{
    private ReadOnlySpan<char> _rest = text;

    public bool Next(out ReadOnlySpan<char> name, out ReadOnlySpan<char> value)
    {
        value = default;
        _rest = _rest.TrimStart(" \t\r\n\f/");
        var end = _rest.IndexOfAny(NameEnds);
        if (end == 0)
        {
            // A stray equals sign or quote begins a name in the standard too; here it is dropped.
            name = _rest[..1];
            _rest = _rest[1..];
            return true;
        }

        name = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? default : _rest[end..];
        if (name.IsEmpty)
            return false;
        var after = _rest.TrimStart(" \t\r\n\f");
        if (after.IsEmpty || after[0] != '=')
            return true;
        after = after[1..].TrimStart(" \t\r\n\f");
        if (!after.IsEmpty && after[0] is '"' or '\'')
        {
            var close = after[1..].IndexOf(after[0]);
            value = close < 0 ? after[1..] : after.Slice(1, close);
            _rest = close < 0 ? default : after[(close + 2)..];
        }
        else
        {
            var stop = after.IndexOfAny(" \t\r\n\f");
            value = stop < 0 ? after : after[..stop];
            _rest = stop < 0 ? default : after[stop..];
        }

        return true;
    }

    private static readonly System.Buffers.SearchValues<char> NameEnds = System.Buffers.SearchValues.Create(" \t\r\n\f/=");
}
