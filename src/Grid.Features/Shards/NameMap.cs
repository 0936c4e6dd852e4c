using Grid.Features.Plans;
using Grid.Primitives;

namespace Grid.Features.Shards;

/// <summary>What the names of a batch are in a plan. Kept for the next batch, which often shares the table of names.</summary>
internal sealed class NameMap
{
    private string[]? _names;
    private FeaturePlan? _plan;
    private int[] _events = new int[16];
    private int[] _ids = new int[16];

    public void Bind(EventBatch batch, FeaturePlan plan)
    {
        if (ReferenceEquals(batch.Names, _names) && ReferenceEquals(plan, _plan))
        {
            return;
        }

        if (_events.Length < batch.Names.Length)
        {
            _events = new int[batch.Names.Length * 2];
            _ids = new int[batch.Names.Length * 2];
        }

        for (var i = 0; i < batch.Names.Length; i++)
        {
            _events[i] = plan.EventOrdinal(batch.Names[i]);
            _ids[i] = plan.NameId(batch.Names[i]);
        }

        _names = batch.Names;
        _plan = plan;
    }

    /// <summary>Ordinal of the event type, or -1.</summary>
    public int Event(int name) => _events[name];

    /// <summary>Id of the field's name, or -1.</summary>
    public int Field(int name) => _ids[name];
}
