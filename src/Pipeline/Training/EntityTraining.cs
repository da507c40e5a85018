using Pipeline.Entities;

namespace Pipeline.Training;

/// <summary>A file of entity training and how its tags are to be understood.</summary>
/// <param name="Path">A CoNLL file: one token a line, the tag in the last column.</param>
/// <param name="Tags">The scheme of its tags.</param>
public readonly record struct EntityTrainingFile(string Path, EntityTags Tags);

/// <summary>Trains an entity model from CoNLL files.</summary>
public static class EntityTraining
{
    /// <summary>Trains and returns the bytes of the model file.</summary>
    /// <exception cref="UserFileException">A file is missing, broken, or has tags of another scheme.</exception>
    public static byte[] Train(IReadOnlyList<EntityTrainingFile> files, EntityTrainingOptions options)
    {
        var documents = new List<(ConllDocument Document, EntityTags Tags)>();
        foreach (var file in files)
        {
            var read = ConllFile.Read(file.Path);
            var tags = file.Tags == EntityTags.Auto ? TagMapping.Detect(read) : file.Tags;
            foreach (var document in read)
            {
                documents.Add((document, tags));
                if (tags != EntityTags.Guide && HyphenSplit.Copy(document) is { } copy) documents.Add((copy, tags));
            }

            options.Progress?.Invoke($"{file.Path}: {read.Count} documents, tags as {tags}");
        }

        var model = TrainModel(documents, options, WordClusters.Empty);
        options.Progress?.Invoke("calibrating");
        return model.With(CalibrationFit.Fit(documents, options)).ToBytes();
    }

    internal static EntityModel TrainModel(
        IReadOnlyList<(ConllDocument Document, EntityTags Tags)> documents, EntityTrainingOptions options, WordClusters clusters)
    {
        var words = new ArticleWords();
        var trainer = new CrfTrainer();
        foreach (var (document, tags) in documents)
        {
            words.Prepare(document.Text, document.Tokens, document.Sentences, clusters);
            trainer.Add(words, document.Sentences, Masks(words, document, tags), tags == EntityTags.Guide ? options.OwnWeight : 1);
        }

        return trainer.Train(options, clusters);
    }

    internal static ulong[] Masks(ArticleWords words, ConllDocument document, EntityTags tags)
    {
        var masks = new ulong[document.Tokens.Length];
        var untagged = 1UL << TagSet.Outside | Spread(TagMapping.Untagged(tags), 0) | Spread(TagMapping.Untagged(tags), 8)
            | Spread(TagMapping.Untagged(tags), 16) | Spread(TagMapping.Untagged(tags), 24);
        Array.Fill(masks, untagged);
        foreach (var sentence in document.Sentences)
        {
            foreach (var name in NameTag.Names(document.Tags.AsSpan(sentence.First, sentence.Length), sentence.First))
            {
                var types = TagMapping.TypesOf(tags, name.Type, Classes(words, name.Tokens), words.Units[name.Tokens.End - 1]);
                for (var i = name.Tokens.First; i < name.Tokens.End; i++)
                    masks[i] = types == 0 ? AnyTag : Spread(types, TagSet.TagOf(0, i - name.Tokens.First, name.Tokens.Length));
            }
        }

        return masks;
    }

    /// <summary>The names of a document and the types that they can have (bits).</summary>
    internal static Dictionary<TokenRange, int> Gold(ArticleWords words, ConllDocument document, EntityTags tags)
    {
        var gold = new Dictionary<TokenRange, int>();
        foreach (var sentence in document.Sentences)
        {
            foreach (var name in NameTag.Names(document.Tags.AsSpan(sentence.First, sentence.Length), sentence.First))
                gold[name.Tokens] = TagMapping.TypesOf(tags, name.Type, Classes(words, name.Tokens), words.Units[name.Tokens.End - 1]);
        }

        return gold;
    }

    private const ulong AnyTag = (1UL << 33) - 1;

    private static ulong Spread(int types, int position) => (ulong)types << position;

    private static uint Classes(ArticleWords words, TokenRange name)
    {
        if (name.Length == 1) return words.Units[name.First];
        var classes = words.Begins[name.First] & words.Lasts[name.End - 1];
        for (var i = name.First + 1; i < name.End - 1; i++) classes &= words.Insides[i];
        return classes;
    }
}
