using System.Collections.Frozen;

namespace Pipeline.Cleaning.Html;

/// <summary>What an element's name means for the tree and for the text.</summary>
[Flags]
internal enum TagTraits : ushort
{
    None = 0,

    /// <summary>Starts a line of its own.</summary>
    Block = 1,

    /// <summary>Has no content and no end tag.</summary>
    Void = 2,

    /// <summary>Its content is characters up to its own end tag.</summary>
    Raw = 4,

    /// <summary>Never part of an article's text.</summary>
    Skipped = 8,

    /// <summary>An end tag inside it does not reach elements outside it.</summary>
    Scope = 16,

    Heading = 32,

    /// <summary>Closes an open paragraph when it starts.</summary>
    ClosesParagraph = 64,
}

/// <summary>The element names that matter; all others are <see cref="Other"/>.</summary>
internal enum Tag : byte
{
    Other,
    Root,
    Text,
    A, Address, Article, Aside, B, Blockquote, Body, Br, Button, Canvas, Caption, Center, Cite, Code, Dd, Details, Dialog,
    Div, Dl, Dt, Em, Fieldset, Figcaption, Figure, Footer, Form, H1, H2, H3, H4, H5, H6, Head, Header, Hr, Html, I, Iframe,
    Img, Input, Label, Li, Link, Main, Menu, Meta, Nav, Noembed, Noframes, Noscript, Object, Ol, Optgroup, Option, P, Pre,
    Q, S, Script, Section, Select, Span, Strong, Style, Sub, Summary, Sup, Svg, Table, Tbody, Td, Template, Textarea, Tfoot,
    Th, Thead, Time, Title, Tr, U, Ul, Video, Audio, Math, Map, Area, Base, Col, Embed, Param, Source, Track, Wbr,
}

internal static class Tags
{
    private static readonly TagTraits[] Traits = CreateTraits();

    private static readonly FrozenDictionary<string, Tag>.AlternateLookup<ReadOnlySpan<char>> ByName =
        Enum.GetValues<Tag>().Where(t => t > Tag.Text)
            .ToFrozenDictionary(t => t.ToString(), StringComparer.OrdinalIgnoreCase)
            .GetAlternateLookup<ReadOnlySpan<char>>();

    public static Tag Of(ReadOnlySpan<char> name) => ByName.TryGetValue(name, out var tag) ? tag : Tag.Other;

    public static bool Has(Tag tag, TagTraits traits) => (Traits[(int)tag] & traits) != 0;

    public static int HeadingLevel(Tag tag) => tag is >= Tag.H1 and <= Tag.H6 ? tag - Tag.H1 + 1 : 0;

    private static TagTraits[] CreateTraits()
    {
        var traits = new TagTraits[256];
        void Add(TagTraits trait, params ReadOnlySpan<Tag> tags)
        {
            foreach (var tag in tags)
                traits[(int)tag] |= trait;
        }

        Add(TagTraits.Block | TagTraits.ClosesParagraph,
            Tag.Address, Tag.Article, Tag.Aside, Tag.Blockquote, Tag.Center, Tag.Details, Tag.Dialog, Tag.Div, Tag.Dl,
            Tag.Fieldset, Tag.Figcaption, Tag.Figure, Tag.Footer, Tag.Form, Tag.H1, Tag.H2, Tag.H3, Tag.H4, Tag.H5, Tag.H6,
            Tag.Header, Tag.Hr, Tag.Main, Tag.Menu, Tag.Nav, Tag.Ol, Tag.P, Tag.Pre, Tag.Section, Tag.Summary, Tag.Table, Tag.Ul,
            Tag.Li, Tag.Dd, Tag.Dt);
        Add(TagTraits.Block, Tag.Body, Tag.Html, Tag.Tr, Tag.Td, Tag.Th, Tag.Caption, Tag.Thead, Tag.Tbody, Tag.Tfoot, Tag.Root);
        Add(TagTraits.Void, Tag.Area, Tag.Base, Tag.Br, Tag.Col, Tag.Embed, Tag.Hr, Tag.Img, Tag.Input, Tag.Link, Tag.Meta,
            Tag.Param, Tag.Source, Tag.Track, Tag.Wbr);
        Add(TagTraits.Raw, Tag.Script, Tag.Style, Tag.Textarea, Tag.Title, Tag.Iframe, Tag.Noembed, Tag.Noframes, Tag.Noscript);
        Add(TagTraits.Skipped, Tag.Head, Tag.Script, Tag.Style, Tag.Textarea, Tag.Title, Tag.Iframe, Tag.Noembed, Tag.Noframes,
            Tag.Noscript, Tag.Template, Tag.Svg, Tag.Math, Tag.Select, Tag.Button, Tag.Canvas, Tag.Object, Tag.Video, Tag.Audio,
            Tag.Dialog, Tag.Option, Tag.Optgroup);
        Add(TagTraits.Scope, Tag.Root, Tag.Html, Tag.Table, Tag.Td, Tag.Th, Tag.Caption, Tag.Template, Tag.Object, Tag.Button);
        Add(TagTraits.Heading, Tag.H1, Tag.H2, Tag.H3, Tag.H4, Tag.H5, Tag.H6);
        return traits;
    }
}
