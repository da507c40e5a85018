namespace Pipeline.Evaluating;

/// <summary>Precision, recall and F1 of one label.</summary>
internal sealed record LabelScore(string Label, double Precision, double Recall, double F1, int Support);

/// <summary>A range of confidences, what it promised and what it kept.</summary>
internal sealed record ReliabilityBin(double From, double To, int Count, double Confidence, double Accuracy);

/// <summary>
/// The figures of a role classifier. Macro-F1 is the mean over the labels that occur in gold or prediction; micro-F1 is
/// accuracy, for each sentence has one label; the expected calibration error is over ten equal ranges of confidence.
/// </summary>
internal sealed record RoleScores
{
    private const int Bins = 10;

    public required int Articles { get; init; }

    public required int Sentences { get; init; }

    public required double Macro { get; init; }

    public required double Micro { get; init; }

    public required double CalibrationError { get; init; }

    public required IReadOnlyList<LabelScore> Labels { get; init; }

    /// <summary>Rows are gold, columns predicted, in the order of the label list.</summary>
    public required int[][] Confusion { get; init; }

    public required IReadOnlyList<ReliabilityBin> Reliability { get; init; }

    /// <summary>Computes the figures.</summary>
    public static RoleScores Of(IReadOnlyList<string> labels, IReadOnlyList<RolePrediction> predictions)
    {
        var confusion = labels.Select(_ => new int[labels.Count]).ToArray();
        foreach (var p in predictions)
            confusion[p.Gold][p.Predicted]++;
        var (macro, micro) = Means(confusion);
        var bins = Reliable(predictions);
        return new RoleScores
        {
            Articles = predictions.Select(p => p.Article).Distinct().Count(),
            Sentences = predictions.Count,
            Macro = macro,
            Micro = micro,
            CalibrationError = bins.Sum(b => b.Count * Math.Abs(b.Confidence - b.Accuracy)) / Math.Max(1, predictions.Count),
            Labels = [.. labels.Select((label, l) => Score(label, l, confusion))],
            Confusion = confusion,
            Reliability = bins,
        };
    }

    /// <summary>Macro-F1 and micro-F1 of a confusion matrix.</summary>
    public static (double Macro, double Micro) Means(int[][] confusion)
    {
        double sum = 0, right = 0, all = 0;
        var occurring = 0;
        for (var l = 0; l < confusion.Length; l++)
        {
            int gold = 0, predicted = 0;
            for (var other = 0; other < confusion.Length; other++)
            {
                gold += confusion[l][other];
                predicted += confusion[other][l];
            }

            right += confusion[l][l];
            all += gold;
            if (gold + predicted == 0)
                continue;
            occurring++;
            sum += 2.0 * confusion[l][l] / (gold + predicted);
        }

        return (sum / Math.Max(1, occurring), right / Math.Max(1, all));
    }

    private static LabelScore Score(string label, int l, int[][] confusion)
    {
        var gold = confusion[l].Sum();
        var predicted = confusion.Sum(row => row[l]);
        var right = confusion[l][l];
        return new LabelScore(
            label,
            predicted > 0 ? (double)right / predicted : 0,
            gold > 0 ? (double)right / gold : 0,
            gold + predicted > 0 ? 2.0 * right / (gold + predicted) : 0,
            gold);
    }

    private static List<ReliabilityBin> Reliable(IReadOnlyList<RolePrediction> predictions)
    {
        var count = new int[Bins];
        var confidence = new double[Bins];
        var right = new int[Bins];
        foreach (var p in predictions)
        {
            var bin = Math.Min(Bins - 1, (int)(p.Confidence * Bins));
            count[bin]++;
            confidence[bin] += p.Confidence;
            right[bin] += p.Gold == p.Predicted ? 1 : 0;
        }

        var bins = new List<ReliabilityBin>();
        for (var b = 0; b < Bins; b++)
        {
            if (count[b] > 0)
                bins.Add(new ReliabilityBin((double)b / Bins, (b + 1.0) / Bins, count[b], confidence[b] / count[b], (double)right[b] / count[b]));
        }

        return bins;
    }
}
