namespace Pipeline.Writing;

/// <summary>
/// The table that a shard writes beside the contract's: where each of its rows of <c>articles.csv</c> and
/// <c>errors.csv</c> stands in the order of the whole input, so that merging needs nothing else.
/// </summary>
internal static class ShardOrder
{
    public const string Name = "shard";

    public static readonly Table Table = new(Name, "One row an input of this shard, in input order.", ["position"],
    [
        new("position", ColumnType.Integer, "Number of the input in the whole run, from 0."),
        new("table", ColumnType.Text, "Where its row stands: articles or errors."),
        new("number", ColumnType.Integer, "Line or number of the record in its file, by which records with one id are told apart."),
        new("repeats", ColumnType.Integer, "How often '@number' was put behind the source in this shard."),
    ]);
}
