using System.Diagnostics;

namespace Grid.Grains.Ingestion;

/// <summary>What one reader has done; written on its scheduler, read by the metrics too.</summary>
internal sealed class IngestCounts(IngestInstruments instruments, TagList tags)
{
    private long _delivered;
    private long _redelivered;
    private long _duplicates;
    private long _gaps;
    private long _deadLettered;

    public long Delivered => _delivered;

    public long Redelivered => _redelivered;

    public long Duplicates => _duplicates;

    public long Gaps => _gaps;

    public long DeadLettered => _deadLettered;

    public void Applied(int events, int skipped)
    {
        _delivered += events - skipped;
        _duplicates += skipped;
        instruments.Delivered.Add(events - skipped, tags);
        if (skipped > 0)
        {
            instruments.Duplicates.Add(skipped, tags);
        }
    }

    public void SentAgain(int events)
    {
        _redelivered += events;
        instruments.Redelivered.Add(events, tags);
    }

    public void Gap()
    {
        _gaps++;
        instruments.Gaps.Add(1, tags);
    }

    public void SetAside(int records)
    {
        _deadLettered += records;
        instruments.DeadLettered.Add(records, tags);
    }

    public void Parked() => instruments.ParkedTotal.Add(1, tags);
}
