using Pipeline.Training;

namespace Pipeline.Tests.Entities;

public class NameTagTests
{
    [Theory]
    [InlineData("I-PER I-PER O I-LOC", "0-2 PER,3-4 LOC")]
    [InlineData("I-PER B-PER O", "0-1 PER,1-2 PER")]
    [InlineData("B-ORG I-ORG B-ORG", "0-2 ORG,2-3 ORG")]
    [InlineData("I-ORG I-LOC", "0-1 ORG,1-2 LOC")]
    [InlineData("B-GPE L-GPE U-GPE O U-LOC", "0-2 GPE,2-3 GPE,4-5 LOC")]
    [InlineData("O O", "")]
    public void Reads_every_scheme(string tags, string names) =>
        Assert.Equal(names, string.Join(',', NameTag.Names(tags.Split(' ')).Select(n => $"{n.Tokens.First}-{n.Tokens.End} {n.Type}")));
}
