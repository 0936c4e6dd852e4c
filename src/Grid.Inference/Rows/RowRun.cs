using Grid.Inference.Hosting;
using Grid.Inference.Scheduling;

namespace Grid.Inference.Rows;

/// <summary>The run of a row buffer.</summary>
internal sealed class RowRun(LoadedModel model, RowBuffer buffer, RowBlock block) : PendingRun(model)
{
    public RowBlock Block { get; } = block;

    public override int Rows => buffer.Rows;

    public override bool CanShare => true;

    protected override void OnCompleted() => buffer.GatherValues();
}
