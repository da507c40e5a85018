using Pipeline.Cleaning;
using Pipeline.Training;

namespace Pipeline.Tests.Cleaning;

public class PageTailTests
{
    private const string Body =
        """
        Who owns the river?

        The ministers of the four river states met in Osh on Tuesday and agreed on nothing, although the snow had melted early and the reservoirs stood at half of what the treaty foresees for the season.

        They will meet again in the spring, when the quarrel over water begins anew, and nobody in the four capitals expects the gauges that were promised in 1998 to have been mended by then, let alone read.

        The canal will not be finished before the end of the decade, say the engineers, who have said so for twenty years and have been right each time, to the sorrow of the farmers who live below it.
        """;

    private static readonly string Data = Path.Combine(Repository.Root, "data", "cleaning");

    [Theory]
    [InlineData("Rosa Imanova\n\nRosa Imanova\n\nI am a hydrologist with a weakness for maps. Before that I spent six years as a translator.\n\nArticles: 12\n\nLeave a comment")]
    [InlineData("Rosa Imanova\n\nI have reported from the mountains since 2009, first for the radio and now on my own account.\n\n63 pieces\n\nWrite a response")]
    [InlineData("Rosa Imanova\n\nRosa Imanova heads the water desk at the Institute for Rivers in Almaty.\n\nAll contributions by Rosa Imanova")]
    [InlineData("Joe Holub grew up in Arua and now divides his time between Kampala and The Hague.\n\nWas this piece useful to you?\n\nYes\n\nNo")]
    [InlineData("What others are reading\n\n1. Grain barges queue for a third week\n\n2. Who pays for the lighthouse keepers?\n\n3. Minister blames fog")]
    [InlineData("This piece ran in the Harbour Courier on 4 May and appears here by arrangement with its editors.\n\nLicensed under CC BY-ND 4.0.")]
    [InlineData("Zur Person\n\nKatrin Brandstätter arbeitet seit 2016 als freie Korrespondentin in Tiflis.\n\nArtikel drucken\n\nImpressum")]
    [InlineData("Have a tip for the desk? Tell us.\n\nPrivacy policy")]
    public void Drops_a_tail_in_words_of_its_own(string tail) =>
        Assert.EndsWith("who live below it.", Clean($"{Body}\n\n{tail}"), StringComparison.Ordinal);

    [Theory]
    [InlineData("I am a pensioner with a bad hip, and I have measured the river every morning for thirty years.", "Share")]
    [InlineData("Final Thoughts\n\nI have worked on that canal as a student, and I hold no grudge. I studied its books because no one else would.", "Leave a comment")]
    [InlineData("“The gauges lie,” says Rosa Imanova, who has read them for thirty years and keeps a list of the lies in her kitchen.\n\nImanova is a professor of hydrology at the university of Osh. She still teaches on Mondays.", "Related")]
    [InlineData("Joe Holub, director of the canal, was not reached for comment.", "Tags: water")]
    [InlineData("“We have no water and no ministers,” said an old man at the gate of the lock.", "Comments (3)")]
    [InlineData("Then the ministers went to lunch.", "Copyright Harbour Press")]
    [InlineData("So who will tell the farmers of the lower bank that there is not enough for you and for us?", "Print")]
    [InlineData("The talks begin again with these points:\n\n1. Reopening of the bridge at Karasu\n\n2. A common tariff for grain", "Follow us")]
    [InlineData("Next Tuesday the Border Guard holds an evening for residents at the culture centre.", "Next")]
    public void Keeps_a_last_paragraph_that_only_looks_like_a_tail(string end, string tail)
    {
        var text = Clean($"{Body}\n\n{end}\n\n{tail}");
        Assert.EndsWith($"who live below it.\n\n{end}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Keeps_portraits_under_names()
    {
        var portraits = "Maria Lopez\n\nLopez is a former prosecutor who taught law in Cuenca. She has voted against the government four times.\n\n"
            + "Esteban Quiroga\n\nQuiroga is a lecturer at the naval academy and the author of a book on fishing rights.\n\n"
            + "Tomasa Villar\n\nVillar is the youngest. She worked as a clerk of the same court for eleven years and knows every file.";
        Assert.EndsWith(portraits, Clean($"{Body}\n\n{portraits}\n\nShare\n\nLeave a comment"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tails.pages", 0.999, 0.15)]
    [InlineData("ends.pages", 0.97, 0.02)]
    public void Tells_tails_from_ends(string file, double bodyKept, double noiseLeft)
    {
        double body = 0, kept = 0, noise = 0, left = 0;
        var log = new List<string>();
        foreach (var page in MarkedPage.Read(Path.Combine(Data, file)))
        {
            var lines = Clean(page.Render("\n\n")).Split("\n\n").ToHashSet(StringComparer.Ordinal);
            foreach (var (mark, line) in page.Lines)
            {
                var has = lines.Contains(line);
                if (mark == LineMark.Noise)
                    (noise, left) = (noise + line.Length, left + (has ? line.Length : 0));
                else if (mark != LineMark.Title)
                    (body, kept) = (body + line.Length, kept + (has ? line.Length : 0));
                if (mark != LineMark.Title && has == (mark == LineMark.Noise))
                    log.Add($"{page.Id}: {(has ? "left" : "lost")}: {line}");
            }
        }

        log.Add($"{file}: body kept {100 * kept / body:F3}%, noise left {100 * left / noise:F2}% of {noise}");
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', log));
        Assert.True(kept >= body * bodyKept && left <= noise * noiseLeft, log[^1]);
    }

    private static string Clean(string content) => new ArticleCleaner().Clean(LineModelTests.Plain(content)).Text;
}
