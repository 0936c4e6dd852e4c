using Grid.Monitoring.Formats;

namespace Grid.Monitoring.Detectors;

/// <summary>
/// Adaptive windowing (Bifet and Gavaldà, 2007): keeps the longest recent window whose halves, at every cut, could have one mean, in a histogram of
/// O(log n) buckets of doubling size. Starts anew on the first sample after a detection. Not thread-safe.
/// </summary>
internal sealed class Adwin(double delta = 0.002, int clock = 32, int maximumBuckets = 5, int minimumWindow = 5, int grace = 10)
{
    // Bounds what a stored state may ask for: 2^48 samples do not happen.
    private const int MaximumRows = 48;

    // Row r holds buckets of 2^r samples, oldest first; the last row is the oldest.
    private readonly List<List<(double Total, double Variance)>> _rows = [[]];
    private long _ticks;
    private bool _detected;

    public long Width { get; private set; }

    public double Total { get; private set; }

    /// <summary>Sum of squared deviations over the window.</summary>
    public double Variance { get; private set; }

    /// <summary>True where the sample led to a cut: the mean before it and after it differ.</summary>
    public bool Add(double value)
    {
        if (_detected)
        {
            _rows.Clear();
            _rows.Add([]);
            (Width, Total, Variance, _ticks, _detected) = (0, 0, 0, 0, false);
        }

        Insert(value);
        Compress();
        _detected = Shrink();
        return _detected;
    }

    private void Insert(double value)
    {
        _rows[0].Add((value, 0));
        Width++;
        if (Width > 1)
        {
            var d = value - (Total / (Width - 1));
            Variance += (Width - 1) * d * d / Width;
        }

        Total += value;
    }

    private void Compress()
    {
        for (var r = 0; r < _rows.Count && _rows[r].Count > maximumBuckets; r++)
        {
            if (r + 1 == _rows.Count)
            {
                _rows.Add([]);
            }

            double size = 1L << r;
            var (a, b) = (_rows[r][0], _rows[r][1]);
            var d = (a.Total - b.Total) / size;
            _rows[r + 1].Add((a.Total + b.Total, a.Variance + b.Variance + (size * d * d / 2)));
            _rows[r].RemoveRange(0, 2);
        }
    }

    private bool Shrink()
    {
        _ticks++;
        if (_ticks % clock != 0 || Width <= grace)
        {
            return false;
        }

        var shrunk = false;
        while (FindCut())
        {
            shrunk = true;
            DropOldest();
        }

        return shrunk;
    }

    private bool FindCut()
    {
        long n0 = 0;
        double u0 = 0;
        for (var r = _rows.Count - 1; r >= 0; r--)
        {
            foreach (var bucket in _rows[r])
            {
                n0 += 1L << r;
                u0 += bucket.Total;
                var n1 = Width - n0;
                if (n0 >= minimumWindow && n1 >= minimumWindow && Differ(n0, n1, (u0 / n0) - ((Total - u0) / n1)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private bool Differ(long n0, long n1, double difference)
    {
        var confidence = Math.Log(2 * Math.Log(Width) / delta);
        var m = (1.0 / (n0 - minimumWindow + 1)) + (1.0 / (n1 - minimumWindow + 1));
        return Math.Abs(difference) > Math.Sqrt(2 * m * (Variance / Width) * confidence) + (2.0 / 3 * confidence * m);
    }

    private void DropOldest()
    {
        var r = _rows.Count - 1;
        double size = 1L << r;
        var bucket = _rows[r][0];
        _rows[r].RemoveAt(0);
        Width -= 1L << r;
        Total -= bucket.Total;
        var d = (bucket.Total / size) - (Total / Width);
        Variance -= bucket.Variance + (size * Width * d * d / (size + Width));
        while (_rows.Count > 1 && _rows[^1].Count == 0)
        {
            _rows.RemoveAt(_rows.Count - 1);
        }
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write(Width);
        writer.Write(Total);
        writer.Write(Variance);
        writer.Write(_ticks);
        writer.Write(_detected);
        writer.Write7BitEncodedInt(_rows.Count);
        foreach (var row in _rows)
        {
            writer.Write7BitEncodedInt(row.Count);
            foreach (var (total, variance) in row)
            {
                writer.Write(total);
                writer.Write(variance);
            }
        }
    }

    internal void Read(BinaryReader reader)
    {
        Width = reader.ReadInt64();
        Total = reader.ReadDouble();
        Variance = reader.ReadDouble();
        _ticks = reader.ReadInt64();
        _detected = reader.ReadBoolean();
        _rows.Clear();
        var rows = Binary.ReadLength(reader, MaximumRows);
        for (var r = 0; r < rows; r++)
        {
            var row = new List<(double, double)>();
            var buckets = Binary.ReadLength(reader, maximumBuckets + 1);
            for (var b = 0; b < buckets; b++)
            {
                row.Add((reader.ReadDouble(), reader.ReadDouble()));
            }

            _rows.Add(row);
        }
    }
}
