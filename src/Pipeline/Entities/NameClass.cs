namespace Pipeline.Entities;

/// <summary>
/// What a word list says of its entries. Each but the geographic ones is the file of the same name in <c>Lists</c>;
/// those come from <c>countries.tsv</c>. The numbers are part of the feature space: new ones go to the end.
/// </summary>
internal enum NameClass
{
    FirstName,
    Surname,
    Title,
    OrganisationHead,
    PlaceHead,
    EventHead,
    LawHead,
    Calendar,
    Demonym,
    Country,
    City,
    Region,
    Organisation,
    Place,
    Group,
    Product,
    Role,
    Team,
    Event,
    Law,
    ProductHead,
    CompanySuffix,
    Common,
    PolityHead,
    SiteHead,
    BodyHead,
    ThingHead,
}
