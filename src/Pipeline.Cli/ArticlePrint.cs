using System.Globalization;
using Pipeline.Cleaning;
using Pipeline.Inspect.Plain;
using Spectre.Console;

namespace Pipeline.Cli;

/// <summary>
/// An article for the terminal: a role is a colour and a letter, a name is underlined with its type behind it, a date with its
/// value. Without colours, as in a file, the letters and words remain. Text of the article is never taken as markup or as a control sequence.
/// </summary>
internal static class ArticlePrint
{
    public static void Print(IAnsiConsole console, ArticleResult result, IReadOnlyList<string> labels)
    {
        string[] known = ["context", "motivation", "implication"];
        var palette = new RolePalette([.. known.Where(labels.Contains), .. labels.Except(known)]);
        var article = result.Article.Article;
        if (article.Title is { } title)
            console.Write(new Text(VisibleText.Of(title) + "\n", new Style(decoration: Decoration.Bold)));
        string?[] about = [article.Author, article.Date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), article.Article.Source];
        console.Write(new Text(VisibleText.Of(string.Join(" · ", about.Where(part => !string.IsNullOrEmpty(part)))) + "\n", new Style(decoration: Decoration.Dim)));
        console.Write(new Paragraph(string.Join("   ", palette.All.Select(look => $"{look.Mark} {look.Label}")) + "   Name<TYPE COUNTRY>   date<value>\n"));

        var sentence = 0;
        foreach (var block in article.Blocks)
        {
            console.WriteLine();
            if (block.Kind != BlockKind.Paragraph)
            {
                console.Write(new Text(VisibleText.Of(block.Span.In(article.Text).ToString()) + "\n", new Style(decoration: Decoration.Bold | Decoration.Underline)));
                continue;
            }

            var paragraph = new Paragraph();
            for (; sentence < result.Roles.Count && result.Article.Sentences[sentence].Span.Start < block.Span.End; sentence++)
                Append(paragraph, result, sentence, palette);
            paragraph.Append("\n");
            console.Write(paragraph);
        }
    }

    private static void Append(Paragraph paragraph, ArticleResult result, int number, RolePalette palette)
    {
        var role = result.Roles[number];
        var look = palette[role.Role];
        var color = Color.FromHex(look.Color[1..]);
        paragraph.Append($"[{look.Mark}\u00A0{(role.Confidence * 100).ToString("0", CultureInfo.InvariantCulture)}]", new Style(Color.White, color));
        paragraph.Append(" ");
        var span = result.Article.Sentences[number].Span;
        var text = result.Article.Text;
        var at = span.Start;
        foreach (var (mark, tip, isDate) in Marks(result, number))
        {
            if (mark.Start < at)
                continue;
            paragraph.Append(VisibleText.Of(text, at, mark.Start), new Style(color));
            paragraph.Append(VisibleText.Of(text, mark.Start, mark.End), new Style(color, decoration: Decoration.Underline | (isDate ? Decoration.Italic : Decoration.Bold)));
            paragraph.Append(VisibleText.Of($"<{tip}>"), new Style(decoration: Decoration.Dim));
            at = mark.End;
        }

        paragraph.Append(VisibleText.Of(text, at, span.End), new Style(color));
        paragraph.Append(" ");
    }

    private static IEnumerable<(TextSpan Span, string Tip, bool IsDate)> Marks(ArticleResult result, int number) => result.Entities
        .Where(e => e.Sentence == number)
        .Select(e => (e.Span, Tip: e.Type.ToString().ToUpperInvariant() + (e.Country is null ? "" : " " + e.Country), IsDate: false))
        .Concat(result.Dates.Where(d => d.Sentence == number).Select(d => (d.Span, Tip: d.Value, IsDate: true)))
        .OrderBy(mark => mark.Span.Start);
}
