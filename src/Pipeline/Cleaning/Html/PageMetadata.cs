using System.Text.Json;

namespace Pipeline.Cleaning.Html;

/// <summary>What a page states about its article, each from the most trusted place that has it.</summary>
internal sealed class PageMetadata
{
    private readonly PageTree _tree;
    private readonly Dictionary<string, string> _meta = new(StringComparer.OrdinalIgnoreCase);
    private readonly JsonLd _json = new();
    private readonly List<string> _authors = [];
    private string? _titleElement, _heading, _canonical, _pageLanguage, _time, _itemDate;
    private int _headings;

    private PageMetadata(PageTree tree) => _tree = tree;

    public string? Title { get; private set; }

    public string? Author { get; private set; }

    public DateOnly? Date { get; private set; }

    public string? Url { get; private set; }

    public string? Language { get; private set; }

    /// <summary>The page's summary of its article.</summary>
    public string? Description => Meta("description") ?? Meta("og:description");

    /// <summary>The body that JSON-LD states, or <see langword="null"/>.</summary>
    public string? StatedBody => _json.Body;

    public static PageMetadata Read(PageTree tree)
    {
        var metadata = new PageMetadata(tree);
        metadata.Collect();
        metadata.Decide();
        return metadata;
    }

    private void Collect()
    {
        var nodes = _tree.Nodes;
        for (var i = 1; i < nodes.Length; i++)
        {
            switch (nodes[i].Tag)
            {
                case Tag.Meta:
                    CollectMeta(i);
                    break;
                case Tag.Link when _tree.Attribute(i, "rel") is { } rel:
                    if (rel.Equals("canonical", StringComparison.OrdinalIgnoreCase))
                        _canonical ??= _tree.Attribute(i, "href");
                    break;
                case Tag.Html:
                    _pageLanguage ??= _tree.Attribute(i, "lang") ?? _tree.Attribute(i, "xml:lang");
                    break;
                case Tag.Title:
                    _titleElement ??= NullIfEmpty(_tree.TextOf(i, 400));
                    break;
                case Tag.H1:
                    _headings++;
                    _heading ??= NullIfEmpty(_tree.TextOf(i, 400));
                    break;
                case Tag.Time:
                    CollectTime(i);
                    break;
                case Tag.Script when _tree.TryGetAttribute(i, "type", out var type)
                        && type.Contains("ld+json", StringComparison.OrdinalIgnoreCase):
                    _json.Read(nodes[i].Raw.In(_tree.Source));
                    break;
                default:
                    CollectItem(i);
                    break;
            }
        }
    }

    private void CollectMeta(int node)
    {
        var name = _tree.Attribute(node, "property") ?? _tree.Attribute(node, "name")
            ?? _tree.Attribute(node, "itemprop") ?? _tree.Attribute(node, "http-equiv");
        if (name is null || name.Length > 60 || _tree.Attribute(node, "content") is not { Length: < 1000 } content)
            return;
        _meta.TryAdd(name, content);
    }

    private void CollectTime(int node)
    {
        if (_tree.Attribute(node, "datetime") is not { } value)
            return;
        var isPublication = (_tree.Attribute(node, "itemprop") ?? "").Contains("datePublished", StringComparison.OrdinalIgnoreCase)
            || (_tree.Attribute(node, "class") ?? "").Contains("publish", StringComparison.OrdinalIgnoreCase)
            || _tree.TryGetAttribute(node, "pubdate", out _);
        if (isPublication)
            _itemDate ??= value;
        _time ??= value;
    }

    private void CollectItem(int node)
    {
        var source = _tree.Nodes[node].Source;
        if (_tree.Nodes[node].Tag == Tag.Text || source.Length < 8)
            return;
        var attributes = source.In(_tree.Source);
        if (attributes.Contains("itemprop", StringComparison.OrdinalIgnoreCase) && _tree.Attribute(node, "itemprop") is { } item)
        {
            if (item.Equals("datePublished", StringComparison.OrdinalIgnoreCase))
                _itemDate ??= _tree.Attribute(node, "content") ?? _tree.Attribute(node, "datetime") ?? _tree.TextOf(node, 60);
            else if (item.Equals("author", StringComparison.OrdinalIgnoreCase))
                AddAuthor(_tree.TextOf(node, 120));
        }
        else if (attributes.Contains("author", StringComparison.OrdinalIgnoreCase)
            && (_tree.Attribute(node, "rel") ?? "").Equals("author", StringComparison.OrdinalIgnoreCase))
        {
            AddAuthor(_tree.TextOf(node, 120));
        }
    }

    private void AddAuthor(string name)
    {
        if (_authors.Count < 8 && AuthorNames.Clean(name) is { } clean && !_authors.Contains(clean, StringComparer.OrdinalIgnoreCase))
            _authors.Add(clean);
    }

    private void Decide()
    {
        var site = Meta("og:site_name");
        var stated = _json.Headline ?? Meta("og:title") ?? Meta("twitter:title") ?? Meta("dc.title") ?? Meta("headline");
        Title = _headings == 1 && _heading is { Length: > 8 } && (stated is null || SharesWords(_heading, stated))
            ? _heading
            : WithoutSite(stated ?? _heading ?? _titleElement, site);

        Author = AuthorNames.Join(_json.Authors) ?? AuthorNames.Join(_authors)
            ?? AuthorNames.Join([Meta("author") ?? Meta("article:author") ?? Meta("dc.creator") ?? Meta("byl")
                ?? Meta("parsely-author") ?? Meta("sailthru.author") ?? ""]);

        Url = Absolute(_canonical) ?? Absolute(Meta("og:url"));
        Language = LanguageTag(_json.Language) ?? LanguageTag(_pageLanguage) ?? LanguageTag(Meta("content-language"))
            ?? LanguageTag(Meta("og:locale"));

        foreach (var value in (ReadOnlySpan<string?>)
            [_json.Published, Meta("article:published_time"), Meta("og:published_time"), Meta("datePublished"), Meta("date"),
             Meta("pubdate"), Meta("publishdate"), Meta("publish-date"), Meta("publication_date"), Meta("dc.date"),
             Meta("dc.date.issued"), Meta("dcterms.created"), Meta("dcterms.date"), Meta("sailthru.date"), Meta("parsely-pub-date"),
             Meta("article.published"), Meta("cXenseParse:recs:publishtime"), Meta("displaydate"), Meta("ptime"), Meta("pdate"),
             Meta("article_date_original"), Meta("rnews:datePublished"), _itemDate, _time, Meta("article:modified_time"),
             Meta("og:updated_time"), _json.Modified])
        {
            if (value is not null && PublicationDate.TryRead(value, Language, out var date))
            {
                Date = date;
                break;
            }
        }
    }

    private string? Meta(string name) => _meta.GetValueOrDefault(name);

    private static bool SharesWords(string a, string b)
    {
        int words = 0, shared = 0;
        foreach (var range in a.AsSpan().Split(' '))
        {
            var word = a.AsSpan()[range];
            if (word.Length < 4)
                continue;
            words++;
            shared += b.AsSpan().Contains(word, StringComparison.OrdinalIgnoreCase) ? 1 : 0;
        }

        return shared * 2 >= words;
    }

    /// <summary>A title without " | Site" or " - Site" behind it.</summary>
    private static string? WithoutSite(string? title, string? site)
    {
        if (title is null)
            return null;
        foreach (var mark in (ReadOnlySpan<string>)[" | ", " - ", " – ", " — ", " « ", " » ", " :: "])
        {
            var at = title.LastIndexOf(mark, StringComparison.Ordinal);
            if (at <= 0)
                continue;
            var tail = title.AsSpan(at + mark.Length).Trim();
            var isSite = site is not null && tail.Equals(site, StringComparison.OrdinalIgnoreCase);
            if (isSite || (mark is " | " or " « " or " :: " && tail.Count(' ') < 4 && at > tail.Length))
                return title[..at].Trim();
        }

        return title;
    }

    private static string? Absolute(string? url) =>
        url is { Length: < 2000 } && (url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            || url.StartsWith("https://", StringComparison.OrdinalIgnoreCase)) ? url : null;

    /// <summary>A BCP 47 tag, or <see langword="null"/> where the text is none.</summary>
    internal static string? LanguageTag(string? text)
    {
        if (text is not { Length: >= 2 and <= 24 })
            return null;
        var tag = text.Trim().Replace('_', '-');
        var primary = tag.AsSpan();
        if (tag.IndexOf('-') is var dash and > 0)
            primary = primary[..dash];
        if (primary.Length is not (2 or 3))
            return null;
        foreach (var c in tag)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '-')
                return null;
        }

        return primary.ToString().ToLowerInvariant() + tag[primary.Length..];
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    /// <summary>The fields of an article among a page's JSON-LD.</summary>
    private sealed class JsonLd
    {
        private const int LargestScript = 2_000_000;
        private int _rank = -1;

        public string? Headline { get; private set; }

        public string? Published { get; private set; }

        public string? Modified { get; private set; }

        public string? Language { get; private set; }

        public string? Body { get; private set; }

        public List<string> Authors { get; } = [];

        public void Read(ReadOnlySpan<char> script)
        {
            if (script.Length > LargestScript)
                return;
            try
            {
                using var document = JsonDocument.Parse(
                    script.ToString(), new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
                Visit(document.RootElement, 0);
            }
            catch (JsonException)
            {
                // Broken JSON-LD is common; the page's other metadata count.
            }
            catch (InvalidOperationException)
            {
                // A string with an unpaired surrogate cannot be transcoded.
            }
        }

        private void Visit(JsonElement element, int depth)
        {
            if (depth > 6)
                return;
            if (element.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in element.EnumerateArray())
                    Visit(item, depth + 1);
            }
            else if (element.ValueKind == JsonValueKind.Object)
            {
                var rank = Rank(element);
                if (rank > _rank)
                {
                    _rank = rank;
                    Take(element);
                }

                if (element.TryGetProperty("@graph", out var graph))
                    Visit(graph, depth + 1);
                if (element.TryGetProperty("mainEntity", out var main))
                    Visit(main, depth + 1);
            }
        }

        private static int Rank(JsonElement element)
        {
            if (!element.TryGetProperty("@type", out var type))
                return -1;
            var text = type.ValueKind == JsonValueKind.Array && type.GetArrayLength() > 0 ? Text(type[0]) : Text(type);
            if (text is null)
                return -1;
            return text.EndsWith("NewsArticle", StringComparison.Ordinal) || text is "ReportageNewsArticle" ? 3
                : text.EndsWith("Article", StringComparison.Ordinal) || text is "BlogPosting" or "Report" ? 2
                : text is "WebPage" ? 0
                : -1;
        }

        private void Take(JsonElement element)
        {
            Headline = Property(element, "headline") ?? Headline;
            Published = Property(element, "datePublished") ?? Published;
            Modified = Property(element, "dateModified") ?? Modified;
            Language = Property(element, "inLanguage") ?? Language;
            Body = Property(element, "articleBody") ?? Body;
            if (element.TryGetProperty("author", out var author))
            {
                Authors.Clear();
                TakeAuthors(author);
            }
        }

        private void TakeAuthors(JsonElement author)
        {
            if (author.ValueKind == JsonValueKind.Array)
            {
                foreach (var one in author.EnumerateArray())
                {
                    if (one.ValueKind != JsonValueKind.Array && Authors.Count < 12)
                        TakeAuthors(one);
                }
            }
            else if ((author.ValueKind == JsonValueKind.Object ? Property(author, "name") : Text(author)) is { } name)
            {
                Authors.Add(name);
            }
        }

        private static string? Property(JsonElement element, string name) =>
            element.TryGetProperty(name, out var value) ? Text(value) : null;

        private static string? Text(JsonElement value)
        {
            if (value.ValueKind != JsonValueKind.String)
                return null;
            var text = value.GetString()!.Trim();
            return text.Length == 0 ? null : System.Net.WebUtility.HtmlDecode(text);
        }
    }
}
