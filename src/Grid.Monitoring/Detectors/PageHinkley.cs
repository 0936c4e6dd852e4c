namespace Grid.Monitoring.Detectors;

/// <summary>The test of Page (1954) and Hinkley on the mean of a stream; starts anew after a detection. Constant memory, not thread-safe.</summary>
internal sealed class PageHinkley(int minimumSamples = 30, double delta = 0.005, double threshold = 50, double alpha = 0.9999, PageHinkleySide side = PageHinkleySide.Both)
{
    private long _count;
    private double _mean;
    private double _up;
    private double _leastUp = double.PositiveInfinity;
    private double _down;
    private double _mostDown = double.NegativeInfinity;
    private bool _detected;

    /// <summary>True where the sample completes the evidence of a change.</summary>
    public bool Add(double value)
    {
        if (_detected)
        {
            (_count, _mean, _up, _down, _leastUp, _mostDown, _detected) = (0, 0, 0, 0, double.PositiveInfinity, double.NegativeInfinity, false);
        }

        _count++;
        _mean += (value - _mean) / _count;
        var deviation = value - _mean;
        _up = (alpha * _up) + deviation - delta;
        _down = (alpha * _down) + deviation + delta;
        _leastUp = Math.Min(_leastUp, _up);
        _mostDown = Math.Max(_mostDown, _down);
        _detected = _count >= minimumSamples
            && ((side.HasFlag(PageHinkleySide.Up) && _up - _leastUp > threshold) || (side.HasFlag(PageHinkleySide.Down) && _mostDown - _down > threshold));
        return _detected;
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write(_count);
        foreach (var v in (ReadOnlySpan<double>)[_mean, _up, _leastUp, _down, _mostDown])
        {
            writer.Write(v);
        }

        writer.Write(_detected);
    }

    internal void Read(BinaryReader reader)
    {
        _count = reader.ReadInt64();
        _mean = reader.ReadDouble();
        _up = reader.ReadDouble();
        _leastUp = reader.ReadDouble();
        _down = reader.ReadDouble();
        _mostDown = reader.ReadDouble();
        _detected = reader.ReadBoolean();
    }
}
