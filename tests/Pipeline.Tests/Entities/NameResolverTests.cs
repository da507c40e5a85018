using System.Runtime.InteropServices;
using Pipeline.Entities;

namespace Pipeline.Tests.Entities;

public class NameResolverTests
{
    // The mentions of one article, "type:name" separated by " | "; what stands between them is written as it is.
    private static List<RawMention> Resolve(string marked)
    {
        var text = new System.Text.StringBuilder();
        var pool = new NamePool();
        var mentions = new List<RawMention>();
        for (var i = 0; i < marked.Length; i++)
        {
            if (marked[i] != '[')
            {
                text.Append(marked[i]);
                continue;
            }

            var close = marked.IndexOf(']', i);
            var parts = marked[(i + 1)..close].Split(':', 2);
            Assert.True(TagSet.TryParse(parts[0], out var type));
            mentions.Add(new RawMention
            {
                Sentence = 0, Span = new TextSpan(text.Length, text.Length + parts[1].Length), Type = type, Confidence = 1, Name = pool.Of(parts[1]),
            });
            text.Append(parts[1]);
            i = close;
        }

        new NameResolver(pool).Resolve(text.ToString(), CollectionsMarshal.AsSpan(mentions));
        return mentions;
    }

    [Theory]
    [InlineData("[PERSON:Vladimir Putin] met [PERSON:Putin]", 1, "Vladimir Putin")]
    [InlineData("[PERSON:Xi Jinping] met [PERSON:Xi]", 1, "Xi Jinping")]
    [InlineData("[PERSON:Marine Le Pen] met [PERSON:Le Pen]", 1, "Marine Le Pen")]
    [InlineData("[PERSON:Kim Jong Un] and [PERSON:Kim Yo Jong]", 1, "Kim Yo Jong")]
    [InlineData("[PERSON:Ada Obi] left. [PERSON:Uche Obi] came. [PERSON:Obi] spoke", 2, "Uche Obi")]
    [InlineData("[PERSON:Obi] spoke", 0, "Obi")]
    [InlineData("the [ORG:North Atlantic Treaty Organization] ([ORG:NATO]) and [ORG:NATO]", 2, "North Atlantic Treaty Organization")]
    [InlineData("[ORG:NATO] only", 0, "NATO")]
    [InlineData("[ORG:European Commission] and the [ORG:Commission]", 1, "European Commission")]
    [InlineData("[ORG:Alternative for Germany] or [ORG:AfD]", 1, "Alternative for Germany")]
    [InlineData("the [ORG:EU]", 0, "European Union")]
    [InlineData("the [GPE:U.S.]", 0, "United States")]
    [InlineData("[GPE:America]", 0, "United States")]
    [InlineData("the [GPE:DPRK]", 0, "North Korea")]
    [InlineData("[GPE:Pyongyang] in [GPE:North Korea]", 0, "Pyongyang")]
    [InlineData("[GPE:ANKARA] said", 0, "Ankara")]
    [InlineData("[NORP:Chinese] of [GPE:China]", 0, "Chinese")]
    [InlineData("[GPE:Seoul] and the [GPE:North]", 1, "North Korea")]
    [InlineData("[GPE:Sudan] and the [GPE:South]", 1, "South")]
    [InlineData("[GPE:Seoul] and the [LOC:South]", 1, "South")]
    public void Gives_one_name_to_one_thing(string marked, int mention, string canonical) =>
        Assert.Equal(canonical, Resolve(marked)[mention].Canonical?.Text);

    [Theory]
    [InlineData("[GPE:Pyongyang]", 0, "PRK")]
    [InlineData("[NORP:North Korean]", 0, "PRK")]
    [InlineData("[ORG:Russian Foreign Ministry]", 0, "RUS")]
    [InlineData("[ORG:Bundestag]", 0, "DEU")]
    [InlineData("[ORG:State Duma]", 0, "RUS")]
    [InlineData("[ORG:Bank of Russia]", 0, "RUS")]
    [InlineData("[GPE:China]'s [ORG:Foreign Ministry]", 1, "CHN")]
    [InlineData("[GPE:India] and [GPE:India]; the [ORG:Supreme Court]", 2, "IND")]
    [InlineData("[GPE:Bellwood], [GPE:Ohio]", 0, "USA")]
    [InlineData("[GPE:Korea]", 0, "KOR")]
    [InlineData("[GPE:China], [GPE:China] and [GPE:South Korea]: the [GPE:North]", 3, "PRK")]
    [InlineData("[GPE:China] and [GPE:Pyongyang]: the [GPE:South]", 2, "KOR")]
    [InlineData("[GPE:Pyongyang] and the [LOC:North]", 1, null)]
    [InlineData("[GPE:Algerian Republic]", 0, "DZA")]
    [InlineData("[GPE:East Timor]", 0, "TLS")]
    [InlineData("[GPE:Bellwood] ([GPE:Ohio])", 0, "USA")]
    [InlineData("[GPE:Obscureville] in [GPE:Chile]; [GPE:Obscureville]", 2, "CHL")]
    [InlineData("[GPE:Hyderabad]", 0, "IND")]
    [InlineData("[GPE:Karachi] and [GPE:Hyderabad]", 1, "PAK")]
    [InlineData("[GPE:Delhi], [GPE:Karachi] and [GPE:Hyderabad]", 2, "IND")]
    [InlineData("[GPE:Kenya] and the [ORG:Senate]", 1, "KEN")]
    [InlineData("[GPE:Japan] and the [ORG:Senate]", 1, "USA")]
    [InlineData("[ORG:Supreme Court of Nepal]. [GPE:India]: the [ORG:Supreme Court]", 2, "NPL")]
    [InlineData("[ORG:Ministry of Oil] in [GPE:Baghdad]", 0, "IRQ")]
    [InlineData("[GPE:Italy] and the [ORG:Commission]", 1, null)]
    [InlineData("[ORG:China Railway Bureau Group]", 0, null)]
    [InlineData("[ORG:Irish Republican Army]", 0, null)]
    [InlineData("[GPE:Kenya] and the [ORG:Kenyatta University]", 1, null)]
    [InlineData("[ORG:Supreme Court]", 0, null)]
    [InlineData("[GPE:Obscureville]", 0, null)]
    [InlineData("[ORG:NATO] in [GPE:France]", 0, null)]
    [InlineData("[ORG:European Commission] in [GPE:France]", 0, null)]
    [InlineData("[ORG:German Wings] in [GPE:France]", 0, null)]
    [InlineData("[NORP:Soviet]", 0, null)]
    [InlineData("[NORP:Western]", 0, null)]
    [InlineData("[LOC:Black Sea] off [GPE:Romania]", 0, null)]
    [InlineData("[PERSON:Jordan Georgia]", 0, null)]
    public void Gives_a_country_to_polities_peoples_and_state_organs_only(string marked, int mention, string? country) =>
        Assert.Equal(country, CountryTable.CodeOf(Resolve(marked)[mention].Country));

    [Fact]
    public void Keeps_nothing_of_one_article_for_the_next()
    {
        var pool = new NamePool();
        var resolver = new NameResolver(pool);
        RawMention Mention(string name, EntityType type) =>
            new() { Span = new TextSpan(0, name.Length), Type = type, Confidence = 1, Name = pool.Of(name) };

        RawMention[] first = [Mention("Kenya", EntityType.Gpe), Mention("Ada Obi", EntityType.Person)];
        resolver.Resolve("Kenya", first);
        RawMention[] second = [Mention("Supreme Court", EntityType.Org), Mention("Obi", EntityType.Person)];
        resolver.Resolve("Supreme Court", second);
        Assert.Null(second[0].Country);
        Assert.Equal("Obi", second[1].Canonical?.Text);
    }
}
