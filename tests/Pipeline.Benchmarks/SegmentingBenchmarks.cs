using BenchmarkDotNet.Attributes;
using Pipeline.Cleaning;
using Pipeline.Reading;
using Pipeline.Segmenting;

namespace Pipeline.Benchmarks;

/// <summary>One long article of news prose: about 1 MB, 4,000 paragraphs.</summary>
[MemoryDiagnoser]
public class SegmentingBenchmarks
{
    private const string Paragraph =
        "NAIROBI (Reuters) - The minister's spokesman, Gen. A. B. Otieno, said on Jan. 5 that it wouldn't pay more than "
        + "$2.5 billion. “We have no plans,” he added at 5 p.m. Friday. U.S. officials declined to comment.";

    private readonly Segmenter segmenter = new();
    private readonly ArticleText article = Create(4000);

    [Benchmark]
    public SegmentedArticle Segment() => segmenter.Segment(article);

    private static ArticleText Create(int paragraphs)
    {
        var text = string.Join("\n\n", Enumerable.Repeat(Paragraph, paragraphs));
        return new ArticleText
        {
            Article = new Article { Id = "a", Source = "a", Content = text },
            Text = text,
            Blocks = Enumerable.Range(0, paragraphs)
                .Select(i => i * (Paragraph.Length + 2))
                .Select(start => new Block(BlockKind.Paragraph, new TextSpan(start, start + Paragraph.Length), ""))
                .ToArray(),
        };
    }
}
