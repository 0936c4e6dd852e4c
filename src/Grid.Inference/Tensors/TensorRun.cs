using Grid.Inference.Hosting;
using Grid.Inference.Scheduling;
using Grid.Primitives;

namespace Grid.Inference.Tensors;

/// <summary>The run of one request by tensors. It shares with none: its shapes are its own.</summary>
internal sealed class TensorRun(LoadedModel model, IReadOnlyList<Tensor> inputs, IReadOnlyList<string> outputs, int weight) : PendingRun(model)
{
    public override int Rows => weight;

    public override bool CanShare => false;

    /// <summary>In the order asked for, once the run has ended well.</summary>
    public IReadOnlyList<Tensor> Outputs { get; private set; } = [];

    public void Execute() => Outputs = Model.RunTensors(inputs, outputs);
}
