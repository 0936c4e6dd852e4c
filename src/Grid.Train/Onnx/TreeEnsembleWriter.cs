using Grid.Train.Boosting;

namespace Grid.Train.Onnx;

/// <summary>
/// Writes trees as an ONNX file: <c>features</c> float[N, width] to a TreeEnsembleRegressor, for a probability followed by Sigmoid, to one float[N, 1].
/// Opset 15, ai.onnx.ml 3, IR 8. Field numbers are those of onnx.proto.
/// </summary>
internal static class TreeEnsembleWriter
{
    public const string Input = "features";
    public const string ProbabilityOutput = "probability";
    public const string ValueOutput = "value";

    private const int IrVersion = 8;
    private const int Opset = 15;
    private const int MlOpset = 3;
    private const int FloatElements = 1;
    private const int NumberAttribute = 2;
    private const int TextAttribute = 3;
    private const int FloatsAttribute = 6;
    private const int NumbersAttribute = 7;
    private const int TextsAttribute = 8;

    public static string OutputOf(Objective objective) => objective == Objective.Binary ? ProbabilityOutput : ValueOutput;

    public static byte[] Write(FloatTrees trees, int width, Objective objective)
    {
        var output = OutputOf(objective);
        var sums = objective == Objective.Binary ? "sums" : output;
        var graph = new OnnxMessage().Message(1, Ensemble(trees, sums));
        if (objective == Objective.Binary)
        {
            graph.Message(1, new OnnxMessage().Text(1, sums).Text(2, output).Text(3, "sigmoid").Text(4, "Sigmoid"));
        }

        graph.Text(2, "trees").Message(11, Tensor(Input, width)).Message(12, Tensor(output, 1));
        return new OnnxMessage()
            .Number(1, IrVersion)
            .Text(2, "grid-train")
            .Message(7, graph)
            .Message(8, new OnnxMessage().Text(1, "").Number(2, Opset))
            .Message(8, new OnnxMessage().Text(1, "ai.onnx.ml").Number(2, MlOpset))
            .ToArray();
    }

    private static OnnxMessage Ensemble(FloatTrees trees, string output)
    {
        List<long> treeIds = [], nodeIds = [], featureIds = [], trueIds = [], falseIds = [], missing = [], targetTrees = [], targetNodes = [], targets = [];
        List<float> thresholds = [], weights = [];
        List<string> modes = [];
        for (var index = 0; index < trees.Trees.Count; index++)
        {
            // Inner nodes keep their numbers; leaves are numbered after them.
            var tree = trees.Trees[index];
            var inner = tree.Features.Length;
            for (var node = 0; node < inner; node++)
            {
                Node(node, "BRANCH_LEQ", tree.Features[node], trees.Thresholds(index)[node], Id(tree.Left[node]), Id(tree.Right[node]), tree.MissingLeft[node]);
            }

            for (var leaf = 0; leaf < tree.Leaves.Length; leaf++)
            {
                Node(inner + leaf, "LEAF", 0, 0, 0, 0, false);
                targetTrees.Add(index);
                targetNodes.Add(inner + leaf);
                targets.Add(0);
                weights.Add(trees.Leaves(index)[leaf]);
            }

            int Id(int child) => child >= 0 ? child : inner + ~child;

            void Node(int id, string mode, int feature, float threshold, int left, int right, bool missingLeft)
            {
                treeIds.Add(index);
                nodeIds.Add(id);
                modes.Add(mode);
                featureIds.Add(feature);
                thresholds.Add(threshold);
                trueIds.Add(left);
                falseIds.Add(right);
                missing.Add(missingLeft ? 1 : 0);
            }
        }

        return new OnnxMessage()
            .Text(1, Input)
            .Text(2, output)
            .Text(3, "trees")
            .Text(4, "TreeEnsembleRegressor")
            .Message(5, new OnnxMessage().Text(1, "n_targets").Number(3, 1).Number(20, NumberAttribute))
            .Message(5, Text("aggregate_function", "SUM"))
            .Message(5, Text("post_transform", "NONE"))
            .Message(5, Numbers("nodes_treeids", treeIds))
            .Message(5, Numbers("nodes_nodeids", nodeIds))
            .Message(5, Numbers("nodes_featureids", featureIds))
            .Message(5, Texts("nodes_modes", modes))
            .Message(5, Floats("nodes_values", thresholds))
            .Message(5, Numbers("nodes_truenodeids", trueIds))
            .Message(5, Numbers("nodes_falsenodeids", falseIds))
            .Message(5, Numbers("nodes_missing_value_tracks_true", missing))
            .Message(5, Numbers("target_treeids", targetTrees))
            .Message(5, Numbers("target_nodeids", targetNodes))
            .Message(5, Numbers("target_ids", targets))
            .Message(5, Floats("target_weights", weights))
            .Text(7, "ai.onnx.ml");
    }

    private static OnnxMessage Text(string name, string value) => new OnnxMessage().Text(1, name).Text(4, value).Number(20, TextAttribute);

    private static OnnxMessage Numbers(string name, List<long> values) => new OnnxMessage().Text(1, name).Numbers(8, values).Number(20, NumbersAttribute);

    private static OnnxMessage Floats(string name, List<float> values) => new OnnxMessage().Text(1, name).Floats(7, values).Number(20, FloatsAttribute);

    private static OnnxMessage Texts(string name, List<string> values)
    {
        var message = new OnnxMessage().Text(1, name);
        foreach (var value in values)
        {
            message.Text(9, value);
        }

        return message.Number(20, TextsAttribute);
    }

    private static OnnxMessage Tensor(string name, int width)
    {
        var shape = new OnnxMessage().Message(1, new OnnxMessage().Text(2, "N")).Message(1, new OnnxMessage().Number(1, width));
        return new OnnxMessage().Text(1, name).Message(2, new OnnxMessage().Message(1, new OnnxMessage().Number(1, FloatElements).Message(2, shape)));
    }
}
