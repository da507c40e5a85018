using Pipeline.Entities;

namespace Pipeline.Training;

/// <summary>
/// Fits the calibration on names that the weights have not seen: half of the documents is tagged by a model of the other
/// half and the other way round. Files of the guide's types decide where there are any, since only they can say whether
/// a type is right.
/// </summary>
internal static class CalibrationFit
{
    private const int Folds = 4;

    public static EntityCalibration Fit(
        IReadOnlyList<(ConllDocument Document, EntityTags Tags)> documents, EntityTrainingOptions options)
    {
        var quiet = options with { Progress = null };
        var samples = new List<(int Type, double LogOdds, bool Right)>();
        var wanted = documents.Any(d => d.Tags == EntityTags.Guide) ? EntityTags.Guide : EntityTags.Conll;
        for (var fold = 0; fold < Folds; fold++)
        {
            var rest = new List<(ConllDocument, EntityTags)>();
            var held = new List<(ConllDocument, EntityTags)>();
            for (var i = 0; i < documents.Count; i++)
            {
                if (documents[i].Tags == wanted && i % Folds == fold) held.Add(documents[i]);
                else rest.Add(documents[i]);
            }

            if (held.Count == 0 || rest.Count == 0) continue;
            Collect(EntityTraining.TrainModel(rest, quiet, WordClusters.Empty), held, samples);
        }

        return FitCurves(samples);
    }

    private static void Collect(
        EntityModel model, List<(ConllDocument Document, EntityTags Tags)> held, List<(int, double, bool)> samples)
    {
        var tagger = new EntityTagger(model);
        var words = new ArticleWords();
        var names = new List<TaggedName>();
        foreach (var (document, tags) in held)
        {
            names.Clear();
            tagger.Tag(document.Text, document.Tokens, document.Sentences, names);
            words.Prepare(document.Text, document.Tokens, document.Sentences, model.Clusters);
            var gold = EntityTraining.Gold(words, document, tags);
            foreach (var name in names)
            {
                var right = gold.TryGetValue(name.Tokens, out var types) && (types >> name.Type & 1) != 0;
                samples.Add((name.Type, EntityCalibration.LogOdds(name.Probability), right));
            }
        }
    }

    // Newton's method on a curve for all, then a shift for each type, held back by a prior of a few names.
    private static EntityCalibration FitCurves(List<(int Type, double LogOdds, bool Right)> samples)
    {
        double slope = 1, offset = 0;
        for (var step = 0; step < 50 && samples.Count > 0; step++)
        {
            double gs = -(slope - 1), go = -offset, hss = 1, hso = 0, hoo = 1;
            foreach (var (_, x, right) in samples)
            {
                var p = 1 / (1 + Math.Exp(-(slope * x + offset)));
                var d = (right ? 1 : 0) - p;
                var w = p * (1 - p);
                gs += d * x;
                go += d;
                hss += w * x * x;
                hso += w * x;
                hoo += w;
            }

            var determinant = hss * hoo - hso * hso;
            slope += (hoo * gs - hso * go) / determinant;
            offset += (hss * go - hso * gs) / determinant;
        }

        var values = new float[EntityCalibration.Count];
        for (var type = 0; type < TagSet.Types; type++)
        {
            var shift = 0.0;
            for (var step = 0; step < 30; step++)
            {
                double g = -shift * 4, h = 4;
                foreach (var (t, x, right) in samples)
                {
                    if (t != type) continue;
                    var p = 1 / (1 + Math.Exp(-(slope * x + offset + shift)));
                    g += (right ? 1 : 0) - p;
                    h += p * (1 - p);
                }

                shift += g / h;
            }

            values[type] = (float)Math.Round(slope, 4);
            values[TagSet.Types + type] = (float)Math.Round(offset + shift, 4);
        }

        return new EntityCalibration(values);
    }
}
