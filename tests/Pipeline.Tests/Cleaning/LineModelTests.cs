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
