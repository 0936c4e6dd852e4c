using Grid.Features.Shards;
using Grid.Primitives;

namespace Grid.Grains.Shards;

/// <summary>What changes cost: each step is timed, never what lies between two steps.</summary>
internal sealed partial class FeatureShardGrain
{
    private int ApplyDelivery(EventBatch events, ref DeliveryCursor cursor)
    {
        var start = _time.GetTimestamp();
        var handled = _state.ApplyDelivery(events, ref cursor, _options.StepEvents);
        _cost.Applied(handled, _time.GetTimestamp() - start, _state.PageBytes);
        return handled;
    }

    private int ApplyPush(EventBatch events, long receivedMs, ref PushCursor cursor, Span<EventOutcome> outcomes)
    {
        var start = _time.GetTimestamp();
        var handled = _state.ApplyPush(events, receivedMs, ref cursor, _options.StepEvents, outcomes);
        _cost.Applied(handled, _time.GetTimestamp() - start, _state.PageBytes);
        return handled;
    }
}
