using Grid.Grains.Signals;
using Grid.Monitoring.Signals;
using Grid.Primitives;

namespace Grid.Grains.Tests.Monitoring;

public sealed class EventDeliveryTests
{
    [Fact]
    public void AnEvent_IsNotTold_BeforeItIsSaved()
    {
        var outbox = new Outbox<int>();
        var sink = new Sink();
        var saves = 0;
        var delivery = new EventDelivery<int>([sink], outbox, TimeProvider.System, () => Task.FromResult(++saves), CancellationToken.None);
        outbox.Send(1, ["sink"]);
        delivery.Start();
        Assert.Empty(sink.Told);

        outbox.BeginSave();
        outbox.Send(2, ["sink"]);
        outbox.EndSave();
        delivery.Start();
        Assert.Equal([1], sink.Told);
        Assert.Equal((1, 1), (saves, outbox.Pending.Count));

        outbox.BeginSave();
        outbox.EndSave();
        delivery.Start();
        Assert.Equal([1, 2], sink.Told);
        Assert.Empty(outbox.Pending);
    }

    /// <summary>Takes everything at once.</summary>
    private sealed class Sink : IEventSink<int>
    {
        public List<int> Told { get; } = [];

        public string Name => "sink";

        public ValueTask<GridError?> SendAsync(int what, CancellationToken cancellationToken)
        {
            Told.Add(what);
            return default;
        }
    }
}
