using Pipeline.Cleaning;
using Pipeline.Evaluating;
using Pipeline.Reading;
using Pipeline.Training;

namespace Pipeline.Tests.Cleaning;

public class LineModelTests
{
    private static readonly string Data = Path.Combine(Repository.Root, "data", "cleaning");

    /// <summary>Run on purpose only: writes the weights anew (see data/cleaning/README.md).</summary>
    [Fact(Explicit = true)]
    public void Trains_the_line_model_again()
    {
        var sites = BodyGold.Pages(Repository.Shared("benchmarks/extraction"))
            .Select(page => MarkedPage.FromHtml(page.Id, page.Html, page.Body)).ToList();
        LineModelTrainer.Train(MarkedPage.Read(Path.Combine(Data, "train.pages")), sites, out var file);
        File.WriteAllText(Path.Combine(Repository.Root, "src", "Pipeline", "Cleaning", "line-model.tsv"), file);
    }

    [Theory]
    [InlineData("\n\n")]
    [InlineData("\n")]
    public void Keeps_the_body_and_drops_the_noise_of_the_marked_pages(string separator)
    {
        long body = 0, bodyKept = 0, noise = 0, noiseLeft = 0;
        int titles = 0, titlesFound = 0, headings = 0, headingsFound = 0;
        var log = new List<string>();
        foreach (var path in Directory.GetFiles(Path.Combine(Data, "pages"), "*.page").Order(StringComparer.Ordinal))
        {
            foreach (var page in MarkedPage.Read(path))
            {
                var text = new ArticleCleaner().Clean(Plain(page.Render(separator)));
                var kept = Lines(text);
                foreach (var (mark, line) in page.Lines)
                {
                    var has = kept.Remove(line, out var kind);
                    switch (mark)
                    {
                        case LineMark.Noise:
                            noise += line.Length;
                            noiseLeft += has ? line.Length : 0;
                            if (has)
                                log.Add($"left in {page.Id}: {line}");
                            break;
                        case LineMark.Title:
                            titles++;
                            titlesFound += text.Title == line ? 1 : 0;
                            if (text.Title != line)
                                log.Add($"title of {page.Id}: {text.Title} instead of {line}");
                            break;
                        default:
                            body += line.Length;
                            bodyKept += has ? line.Length : 0;
                            if (!has)
                                log.Add($"lost in {page.Id}: {line}");
                            if (mark != LineMark.Heading)
                                break;
                            headings++;
                            headingsFound += has && kind == BlockKind.Heading ? 1 : 0;
                            break;
                    }
                }
            }
        }

        log.Add($"body kept {100.0 * bodyKept / body:F3}%, noise left {100.0 * noiseLeft / noise:F2}% of {noise}, titles {titlesFound}/{titles}, headings {headingsFound}/{headings}");
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', log));
        Assert.True(bodyKept >= body * 0.998, log[^1]);
        Assert.True(noiseLeft <= noise * 0.1, log[^1]);
        Assert.True(titlesFound >= titles * 0.9, log[^1]);
        Assert.True(headingsFound >= headings * 0.95, log[^1]);
    }

    /// <summary>Run on purpose only: prints what is kept and left of other people's pages, by the shipped weights and by weights that have not seen the page.</summary>
    [Fact(Explicit = true)]
    public void Scores_whole_sites_rendered_as_text()
    {
        const int Folds = 5;
        var own = MarkedPage.Read(Path.Combine(Data, "train.pages"));
        var sites = BodyGold.Pages(Repository.Shared("benchmarks/extraction"))
            .Select(page => MarkedPage.FromHtml(page.Id, page.Html, page.Body)).ToList();
        var shipped = sites.ConvertAll(page => Judged(LineModel.Default, page));
        var unseen = Enumerable.Range(0, Folds).SelectMany(fold =>
        {
            var model = LineModelTrainer.Train(own, [.. sites.Where((_, i) => i % Folds != fold)], out _);
            return sites.Where((_, i) => i % Folds == fold).Select(page => Judged(model, page));
        }).ToList();
        foreach (var (name, pages) in new[] { ("shipped", shipped), ("out of fold", unseen) })
        {
            long body = pages.Sum(p => p.Body), kept = pages.Sum(p => p.Kept), noise = pages.Sum(p => p.Noise), left = pages.Sum(p => p.Left);
            var worst = pages.MaxBy(p => p.Body - p.Kept);
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{name}: body kept {100.0 * kept / body:F2}%, without the worst page {100.0 * (kept - worst.Kept) / (body - worst.Body):F2}%, noise left {100.0 * left / noise:F2}%");
        }

        Assert.Equal(sites.Count, unseen.Count);
    }

    private static (long Body, long Kept, long Noise, long Left) Judged(LineModel model, MarkedPage page)
    {
        var buffer = PlainTextScanner.Scan(page.Render("\n\n"), 0, markdown: false);
        using var context = new PageContext(buffer, null);
        new LineJudge(model).Judge(context, null, fromMarkup: false, keepAll: false);
        var kept = buffer.Lines.Where(line => line.Role is LineRole.Body or LineRole.Heading)
            .Select(line => buffer[line].ToString()).GroupBy(line => line, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        var (body, bodyKept, noise, left) = (0L, 0L, 0L, 0L);
        foreach (var (mark, text) in page.Lines)
        {
            var line = string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            var has = kept.TryGetValue(line, out var count) && count > 0;
            if (has)
                kept[line] = count - 1;
            if (mark == LineMark.Noise)
                (noise, left) = (noise + line.Length, left + (has ? line.Length : 0));
            else if (mark is LineMark.Body or LineMark.Heading or LineMark.RunIn)
                (body, bodyKept) = (body + line.Length, bodyKept + (has ? line.Length : 0));
        }

        return (body, bodyKept, noise, left);
    }

    internal static Article Plain(string content) => new() { Id = "a", Source = "a", Content = content };

    /// <summary>The lines of a body with what they are; a run-in heading and its paragraph are one.</summary>
    private static Dictionary<string, BlockKind> Lines(ArticleText text)
    {
        var lines = new Dictionary<string, BlockKind>(StringComparer.Ordinal);
        for (var i = 0; i < text.Blocks.Count; i++)
        {
            var (start, kind) = (text.Blocks[i].Span.Start, text.Blocks[i].Kind);
            if (kind == BlockKind.RunInHeading)
                i++;
            lines[text.Text[start..text.Blocks[i].Span.End]] = kind;
        }

        return lines;
    }
}
