using System.Globalization;
using System.Net;
using Pipeline.Inspect.Correcting;
using Pipeline.Inspect.Data;
using Pipeline.Inspect.Parts;
using Pipeline.Inspect.Plain;

namespace Pipeline.Inspect;

/// <summary>An output folder as one HTML file without scripts: the overview, then the articles with their marks.</summary>
public static class Report
{
    /// <summary>Writes the file; under its name only once it is complete.</summary>
    /// <param name="folder">The output folder.</param>
    /// <param name="target">The HTML file; an existing one is replaced.</param>
    /// <param name="most">At most so many articles, in the order of the output.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Stops between articles.</param>
    /// <returns>How many articles are shown, and how many there are.</returns>
    /// <exception cref="UserFileException">The folder holds no complete output, or the file cannot be written.</exception>
    public static (long Shown, long All) Write(string folder, string target, int most, TimeProvider time, CancellationToken stop)
    {
        using var store = OutputStore.Open(folder);
        _ = new CorrectionDesk(store, "", time);
        // Otherwise each article would be looked for in the files.
        store.TryReadIntoMemory(stop);
        var partial = target + ".partial";
        try
        {
            long shown, all;
            using (var page = new StreamWriter(partial))
                (shown, all) = Write(store, page, most, stop);
            File.Move(partial, target, overwrite: true);
            return (shown, all);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFileException(target, 0, $"cannot be written: {e.Message}", e);
        }
        finally
        {
            if (File.Exists(partial))
                File.Delete(partial);
        }
    }

    internal static (long Shown, long All) Write(OutputStore store, TextWriter page, int most, CancellationToken stop)
    {
        var palette = new RolePalette(store.Labels);
        var overview = Overview.Of(store, palette, links: false);
        var name = Path.GetFileName(store.Folder.TrimEnd('/', '\\'));
        page.Write("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        page.Write("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">");
        page.Write($"<title>{Encode(name)} · Pipeline</title><style>{Style()}</style></head><body>\n<header><h1>{Encode(name)}</h1><ul class=\"counts\">");
        foreach (var (table, count, _) in overview.Counts)
            page.Write($"<li><b>{Number(count)}</b> {table}</li>");
        page.Write("</ul></header>\n<div class=\"charts\">");
        foreach (var chart in overview.Charts)
            page.Write($"<section class=\"chart\"><h2>{Encode(chart.Title)}</h2>{chart.Svg}</section>\n");
        page.Write("</div>\n");

        var all = overview.Counts[0].Count;
        var articles = store.Query($"SELECT article_id, title, date FROM articles ORDER BY n LIMIT {most.ToString(CultureInfo.InvariantCulture)}");
        page.Write("<h2>Articles</h2>");
        if (articles.Count < all)
            page.Write($"<p class=\"notice\">The first {Number(articles.Count)} of {Number(all)} articles are shown; the overview counts all of them.</p>");
        page.Write("<p class=\"legend\">");
        foreach (var look in palette.All)
            page.Write($"<span class=\"role\" style=\"--role:{look.Color}\"><b>{Encode(look.Mark)}</b> {Encode(look.Label)}</span> ");
        page.Write("<span class=\"name\">name</span> <span class=\"date\">date</span></p>\n<ol class=\"contents\">");
        foreach (var row in articles)
            page.Write($"<li><a href=\"#a{Encode(row.Text("article_id"))}\">{Encode(TitleOf(row))}</a> <small>{row.Text("date")}</small></li>\n");
        page.Write("</ol>\n");
        foreach (var row in store.Stream($"SELECT * FROM file_articles LIMIT {most.ToString(CultureInfo.InvariantCulture)}"))
        {
            stop.ThrowIfCancellationRequested();
            WriteArticle(page, ArticleReading.Of(store, row), palette);
        }

        page.Write("</body></html>\n");
        return (articles.Count, all);
    }

    private static void WriteArticle(TextWriter page, ArticleReading reading, RolePalette palette)
    {
        var row = reading.Article;
        page.Write($"<article id=\"a{Encode(row.Text("article_id"))}\"><h2>{Encode(TitleOf(row))}</h2><p class=\"byline\">");
        page.Write(Encode(string.Join(" · ", new[] { row.Text("author"), row.Text("date"), row.Text("source") }.Where(part => part.Length > 0))));
        page.Write("</p>\n");
        foreach (var block in reading.Blocks)
        {
            if (block.Sentences.Count == 0)
            {
                page.Write($"<h3>{Encode(reading.Text[block.Start..block.End])}</h3>\n");
                continue;
            }

            page.Write("<p>");
            var at = block.Start;
            foreach (var sentence in block.Sentences)
            {
                var look = palette[sentence.Role];
                page.Write(Encode(reading.Text[at..sentence.Start]));
                page.Write($"<span class=\"sentence\" style=\"--role:{look.Color}\"><span class=\"tag\" title=\"{Encode(look.Label)}\">{Encode(look.Mark)} {(sentence.Row.Number("confidence") * 100).ToString("0", CultureInfo.InvariantCulture)}{(sentence.Row.Flag("corrected") ? "✎" : "")}</span>");
                at = sentence.Start;
                foreach (var mark in sentence.Marks)
                {
                    page.Write(Encode(reading.Text[at..mark.Start]));
                    page.Write($"<span class=\"{(mark.IsDate ? "date" : "name")}\" tabindex=\"0\" data-tip=\"{Encode(SentenceText.Tip(mark))}\">{Encode(reading.Text[mark.Start..mark.End])}</span>");
                    at = mark.End;
                }

                page.Write(Encode(reading.Text[at..sentence.End]));
                page.Write("</span>");
                at = sentence.End;
            }

            page.Write("</p>\n");
        }

        page.Write("</article>\n");
    }

    private static string TitleOf(Row row) => row.Text("title") is { Length: > 0 } title ? title : "(no title)";

    private static string Encode(string text) => WebUtility.HtmlEncode(VisibleText.Of(text));

    private static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Style()
    {
        using var reader = new StreamReader(typeof(Report).Assembly.GetManifestResourceStream("assets/report.css")!);
        return reader.ReadToEnd();
    }
}
