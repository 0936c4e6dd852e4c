using System.Diagnostics.Metrics;
using Grid.Inference.Diagnostics;
using Grid.Inference.Hosting;
using Grid.Inference.Manifests;
using Grid.Inference.Tests.Support;

namespace Grid.Inference.Tests;

public sealed class InstrumentTests
{
    private static readonly byte[] Identity = OnnxBuilder.Identity(OnnxBuilder.Float, null, 1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Runs_AreMeasuredUnderTheirNamesUnitsAndTags(bool perModel)
    {
        var seen = new List<string>();
        using var factory = new OneMeterFactory();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, factory))
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((i, _, tags, _) => Note(i, tags, ""));
        listener.SetMeasurementEventCallback<int>((i, value, tags, _) => Note(i, tags, $"={value}"));
        listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Note(i, tags, $"={value}"));
        listener.Start();
        await using var test = new TestHost(new FaultPoints { WorkersAreStepped = true }, new ModelHostOptions { MetricsPerModel = perModel }, new InferenceInstruments(factory));
        using var inline = await test.LoadAsync("a", Identity, new ModelManifest { Limits = new() { Inline = InlineMode.Always } });
        using var queued = await test.LoadAsync("b", Identity, new ModelManifest { Limits = new() { Inline = InlineMode.Never, Queue = 2 } });
        using var onInline = new Requests(inline);
        using var onQueued = new Requests(queued);

        onInline.Post("t", rows: 3);
        onQueued.Post("t");
        onQueued.Post("t");
        onQueued.Post("t");
        listener.RecordObservableInstruments();
        test.Host.Scheduler.TryStep();

        var (a, b) = perModel ? ("model=default/a,version=1", "model=default/b,version=1") : ("", "");
        string[] expected =
        [
            $"grid.inference.run.duration s {a}", $"grid.inference.batch.rows {{row}} {a}=3", $"grid.inference.runs {{run}} {Join(a, "mode=inline,outcome=ok")}=1",
            $"grid.inference.refused {{request}} {Join(b, "reason=queue_full")}=1",
            "grid.inference.queue.length {request} =2", $"grid.inference.workers {{thread}} ={Environment.ProcessorCount}", "grid.inference.workers.busy {thread} =0", "grid.inference.run.oldest s ",
            $"grid.inference.memory.budget By ={2L << 30}", $"grid.inference.loaded.bytes By ={test.Host.LoadedBytes}",
            $"grid.inference.run.duration s {b}", $"grid.inference.batch.rows {{row}} {b}=2", $"grid.inference.runs {{run}} {Join(b, "mode=queued,outcome=ok")}=1",
            $"grid.inference.queue.duration s {b}", $"grid.inference.queue.duration s {b}",
        ];
        Assert.Equal(expected, seen);

        static string Join(string a, string b) => a.Length == 0 ? b : $"{a},{b}";

        void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags, string value) =>
            seen.Add($"{instrument.Name} {instrument.Unit} {string.Join(',', tags.ToArray().Select(t => $"{t.Key}={t.Value}"))}{value}");
    }

    private sealed class OneMeterFactory : IMeterFactory
    {
        private readonly List<Meter> _meters = [];

        public Meter Create(MeterOptions options)
        {
            options.Scope = this;
            _meters.Add(new Meter(options));
            return _meters[^1];
        }

        public void Dispose() => _meters.ForEach(static m => m.Dispose());
    }
}
