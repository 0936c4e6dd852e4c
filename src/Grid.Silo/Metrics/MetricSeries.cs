using Prometheus;

namespace Grid.Silo.Metrics;

/// <summary>One series of an instrument: what a measurement with its tags goes to.</summary>
internal abstract class MetricSeries
{
    /// <summary>The scrape that saw the series last.</summary>
    public long SeenInScrape { get; set; }

    public abstract void Record(double value);

    /// <summary>Removes the series from what is emitted.</summary>
    public abstract void Remove();

    public sealed class OfCounter(Counter family, string[] labels) : MetricSeries
    {
        private readonly Counter.Child _child = family.WithLabels(labels);

        // A counter that goes down is a bug of its owner; a scrape must not fail for it.
        public override void Record(double value) => _child.Inc(Math.Max(0, value));

        public override void Remove() => family.RemoveLabelled(labels);
    }

    public sealed class OfObservedCounter(Counter family, string[] labels) : MetricSeries
    {
        private readonly Counter.Child _child = family.WithLabels(labels);

        public override void Record(double value) => _child.IncTo(value);

        public override void Remove() => family.RemoveLabelled(labels);
    }

    public sealed class OfUpDown(Gauge family, string[] labels) : MetricSeries
    {
        private readonly Gauge.Child _child = family.WithLabels(labels);

        public override void Record(double value) => _child.Inc(value);

        public override void Remove() => family.RemoveLabelled(labels);
    }

    public sealed class OfGauge(Gauge family, string[] labels) : MetricSeries
    {
        private readonly Gauge.Child _child = family.WithLabels(labels);

        public override void Record(double value) => _child.Set(value);

        public override void Remove() => family.RemoveLabelled(labels);
    }

    public sealed class OfHistogram(Histogram family, string[] labels) : MetricSeries
    {
        private readonly Histogram.Child _child = family.WithLabels(labels);

        public override void Record(double value) => _child.Observe(value);

        public override void Remove() => family.RemoveLabelled(labels);
    }
}
