using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Pipeline.Training;

/// <summary>The first stage: a maximum entropy classifier, trained by Microsoft.ML (L-BFGS, one thread: the same data give the same weights).</summary>
internal static class FirstStage
{
    /// <summary>What was learnt: for each column one weight a label.</summary>
    internal sealed record Weights(float[] ByColumn, float[] Biases);

    /// <summary>One training sentence in Microsoft.ML's terms.</summary>
    internal sealed class Row
    {
        /// <summary>The label's number from 0; Microsoft.ML adds the 1 of its keys itself.</summary>
        public uint Label { get; init; }

        public float Weight { get; init; }

        public VBuffer<float> Features { get; init; }
    }

    public static Weights Train(IReadOnlyList<Row> rows, int columns, int labels, float l2, int iterations)
    {
        var model = Fit(rows, columns, labels, l2, iterations).Model;
        var buffers = default(VBuffer<float>[]);
        model.GetWeights(ref buffers!, out var count);
        var weights = new float[columns * labels];
        for (var l = 0; l < count; l++)
        {
            foreach (var (column, weight) in buffers[l].Items())
                weights[(column * labels) + l] = weight;
        }

        return new Weights(weights, [.. model.GetBiases()]);
    }

    internal static MulticlassPredictionTransformer<MaximumEntropyModelParameters> Fit(
        IReadOnlyList<Row> rows, int columns, int labels, float l2, int iterations)
    {
        var ml = new MLContext(seed: 1);
        var trainer = ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            LabelColumnName = nameof(Row.Label),
            FeatureColumnName = nameof(Row.Features),
            ExampleWeightColumnName = nameof(Row.Weight),
            L1Regularization = 0,
            L2Regularization = l2,
            HistorySize = 8,
            OptimizationTolerance = 1e-4f,
            MaximumNumberOfIterations = iterations,
            NumberOfThreads = 1,
            DenseOptimizer = true,
        });
        return trainer.Fit(View(ml, rows, columns, labels));
    }

    internal static IDataView View(MLContext ml, IReadOnlyList<Row> rows, int columns, int labels)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, columns);
        schema[nameof(Row.Label)].ColumnType = new KeyDataViewType(typeof(uint), labels);
        return ml.Data.LoadFromEnumerable(rows, schema);
    }
}
