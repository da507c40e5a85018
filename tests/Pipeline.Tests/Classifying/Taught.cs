using System.Globalization;
using Pipeline.Classifying;
using Pipeline.Training;

namespace Pipeline.Tests.Classifying;

/// <summary>Small labelled articles, made by hand, and a model taught by them.</summary>
internal static class Taught
{
    public static RoleTrainingOptions Options { get; } = new() { Folds = 3, L2 = 0.5f, Iterations = 30, Threads = 2 };

    private static readonly string[] Facts = ["The ministers met in Ankara on Monday", "Exports fell by 4 percent in 2020", "The treaty was signed in June", "Troops crossed the river last year"];
    private static readonly string[] Motives = ["The government fears a split at home", "Beijing wants cheap gas", "Its leaders seek more influence", "The party depends on rural voters"];
    private static readonly string[] Effects = ["The deal could lead to higher prices", "Prices may rise next year", "Analysts expect a wider war", "The region will probably split"];

    private static readonly Lazy<RoleModel> Small = new(() => new RoleTrainer(Options).Train(Articles(12), stop: CancellationToken.None).Model);

    public static RoleModel Model => Small.Value;

    public static List<LabelledArticle> Articles(int count) => [.. Enumerable.Range(0, count).Select(Article)];

    private static LabelledArticle Article(int number)
    {
        var rows = new List<(string Text, string Section, int Paragraph)>();
        var roles = new List<string>();
        for (var i = 0; i < 9; i++)
        {
            var (role, pool) = (i / 3) switch { 0 => ("context", Facts), 1 => ("motivation", Motives), _ => ("implication", Effects) };
            var text = $"{pool[(i + number) % pool.Length]}, said source {(number * 7) + i}.";
            rows.Add((text, number % 2 == 0 ? "" : "Section " + role[..3], (i / 3) + 1));
            roles.Add(role);
        }

        var id = "a" + number.ToString(CultureInfo.InvariantCulture);
        return new LabelledArticle(
            LabelledArticle.Cut(id, "labels.csv", "Talks in Ankara", rows), roles, [.. Enumerable.Range(1, 9).Select(i => i.ToString(CultureInfo.InvariantCulture))])
        {
            Group = id,
            Path = "labels.csv",
            Lines = [.. Enumerable.Range(0, 9).Select(i => (number * 9) + i + 2)],
        };
    }
}
