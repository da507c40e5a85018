using Pipeline.Cleaning;

namespace Pipeline.Tests.Cleaning;

public class CleaningDataTests
{
    public static TheoryData<string, string, string, string> Cues
    {
        get
        {
            var data = new TheoryData<string, string, string, string>();
            foreach (var cue in NoiseCue.ReadAll())
                data.Add(cue.Name, cue.Where, cue.Example, cue.Counter);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cues))]
    public void Every_cue_finds_its_example_and_not_its_counter_example(string name, string where, string example, string counter)
    {
        _ = name;
        Assert.True(Has(where, example), $"not found in: {example}");
        Assert.False(Has(where, counter), $"found in: {counter}");
    }

    private static bool Has(string where, string line)
    {
        var found = NoisePhrases.Default.Find(line);
        return where switch
        {
            "start" => found.Start > 0,
            "whole" => found.Whole > 0,
            "part" => found.Part > 0,
            _ => NoisePhrases.Default.EndsBody(line),
        };
    }

    [Theory]
    [InlineData("By Rosa Imanova", "Rosa Imanova")]
    [InlineData("By Rosa Imanova and Joe Holub", "Rosa Imanova; Joe Holub")]
    [InlineData("Written by Tomás de la Vega", "Tomás de la Vega")]
    [InlineData("By JOANNA WEX in Osh", "JOANNA WEX")]
    [InlineData("By noon the square was empty", null)]
    [InlineData("By the end of May they had left", null)]
    [InlineData("Bystanders Rosa and Joe", null)]
    public void Reads_the_author_of_a_byline(string line, string? author) => Assert.Equal(author, LineShapes.AuthorOf(line));

    [Theory]
    [InlineData("2024-11-08T20:30:00Z", null, "2024-11-08")]
    [InlineData("20241108", null, "2024-11-08")]
    [InlineData("Published: 8 November 2024, 09:41", null, "2024-11-08")]
    [InlineData("Nov. 8, 2024", null, "2024-11-08")]
    [InlineData("8 de noviembre de 2024", null, "2024-11-08")]
    [InlineData("08.11.2024", null, "2024-11-08")]
    [InlineData("25/11/2024", null, "2024-11-25")]
    [InlineData("11/08/2024", "en-US", "2024-11-08")]
    [InlineData("08/11/2024", "fr", "2024-11-08")]
    [InlineData("08/11/2024", "en-GB", "2024-11-08")]
    [InlineData("08/11/2024", "en", null)]
    [InlineData("08/11/2024", null, null)]
    [InlineData("31 February 2024", null, null)]
    [InlineData("November 8", null, null)]
    [InlineData("version 2024.1", null, null)]
    [InlineData("tel. 555-2024-11", null, null)]
    public void Reads_a_date_but_does_not_guess_one(string text, string? language, string? date) => Assert.Equal(
        date, PublicationDate.TryRead(text, language, out var read) ? read.ToString("yyyy-MM-dd", null) : null);

    [Theory]
    [InlineData("https://a.example/2024/11/08/story", "2024-11-08")]
    [InlineData("https://a.example/news/2024-11-08-story.html", "2024-11-08")]
    [InlineData("https://a.example/news/20241108-story", "2024-11-08")]
    [InlineData("https://a.example/news/2024/story", null)]
    [InlineData("https://a.example/article-14848164", null)]
    public void Reads_the_date_of_an_address(string url, string? date) => Assert.Equal(
        date, PublicationDate.TryReadAddress(url, out var read) ? read.ToString("yyyy-MM-dd", null) : null);

    [Theory]
    [InlineData("PYONGYANG, Nov. 11, 2024 (KCNA) - The treaty was ratified on Monday, the agency said in its report.", "2024-11-11", DateSource.Dateline)]
    [InlineData("ANKARA (Reuters) - The treaty was ratified on Monday, the agency said in its report.", null, DateSource.None)]
    [InlineData("Published: 11 November 2024\n\nThe treaty was ratified on Monday, the agency said in its long report.", "2024-11-11", DateSource.Text)]
    [InlineData("On November 11, 2024, the treaty was ratified, the agency said in its report of the day.", null, DateSource.None)]
    public void Finds_the_date_of_a_text(string content, string? date, DateSource from)
    {
        var text = new ArticleCleaner().Clean(LineModelTests.Plain(content));
        Assert.Equal(date, text.Date?.ToString("yyyy-MM-dd", null));
        Assert.Equal(from, text.DateFrom);
    }

    [Theory]
    [InlineData("The ministers met in the capital and agreed on the terms of a treaty that will be signed in June.", "en")]
    [InlineData("Die Minister trafen sich in der Hauptstadt und einigten sich auf die Bedingungen für einen Vertrag.", "de")]
    [InlineData("Les ministres se sont réunis dans la capitale et ont convenu des termes de cet accord pour les années.", "fr")]
    [InlineData("Los ministros se reunieron en la capital y acordaron los términos de un tratado que será firmado por todos.", "es")]
    [InlineData("Os ministros se reuniram na capital e não chegaram a um acordo sobre os termos que são mais difíceis.", "pt")]
    [InlineData("Министры встретились в столице и договорились об условиях, но не о том, как это будет и что для них важно.", "ru")]
    [InlineData("部长们在首都会晤，并就条约的条件达成一致。", "zh")]
    [InlineData("大臣たちは首都で会い、条約の条件に合意した。", "ja")]
    [InlineData("Osh Bishkek Almaty Tashkent", null)]
    [InlineData("1234 5678", null)]
    public void Names_a_language_only_where_the_text_shows_it(string text, string? language) =>
        Assert.Equal(language, LanguageDetector.Detect(text));
}
