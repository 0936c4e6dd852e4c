using Grid.Monitoring.Formats;
using Grid.Monitoring.Statistics;

namespace Grid.Monitoring.Sketches;

/// <summary>
/// Quantiles of a stream in bounded memory (Karnin, Lang and Liberty, 2016): levels of values, each standing for 2^level of the stream; a full level
/// is sorted and every second value moves up, starting at a random one of the first two. With K = 200 a rank is off by about 1.33 % of the count.
/// </summary>
/// <remarks>The coin is a generator in the sketch's own state, so that the same stream gives the same bytes. Not thread-safe.</remarks>
public sealed class KllSketch
{
    public const int DefaultK = 200;

    private const int LeastCapacity = 8;
    private const int MaximumLevels = 60;

    private readonly List<List<double>> _levels = [[]];
    private ulong _coin = 0x9E3779B97F4A7C15;
    private int _held;

    /// <param name="k">Size of the top level, 8 to 65,535: the larger, the closer.</param>
    public KllSketch(int k = DefaultK)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, LeastCapacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, ushort.MaxValue);
        K = k;
    }

    public int K { get; }

    public long Count { get; private set; }

    /// <summary>NaN without values.</summary>
    public double Minimum { get; private set; } = double.NaN;

    /// <summary>NaN without values.</summary>
    public double Maximum { get; private set; } = double.NaN;

    /// <summary>Values held, whatever the count.</summary>
    internal int Held => _held;

    /// <param name="value">Finite.</param>
    public void Add(double value)
    {
        _levels[0].Add(value);
        _held++;
        Count++;
        Widen(value, value);
        if (_levels[0].Count >= LeastCapacity)
        {
            Compress();
        }
    }

    public void Merge(KllSketch other)
    {
        while (_levels.Count < other._levels.Count)
        {
            _levels.Add([]);
        }

        for (var i = 0; i < other._levels.Count; i++)
        {
            _levels[i].AddRange(other._levels[i]);
        }

        _held += other._held;
        Count += other.Count;
        if (other.Count > 0)
        {
            Widen(other.Minimum, other.Maximum);
        }

        Compress();
    }

    /// <summary>The value below which a share of the stream lies; NaN without values.</summary>
    /// <param name="share">0 to 1.</param>
    public double Quantile(double share)
    {
        if (Count == 0 || share <= 0)
        {
            return Minimum;
        }

        if (share >= 1)
        {
            return Maximum;
        }

        var sample = Items();
        double target = share * sample.TotalWeight, seen = 0;
        for (var i = 0; i < sample.Count; i++)
        {
            seen += sample.Weights[i];
            if (seen >= target)
            {
                return sample.Values[i];
            }
        }

        return Maximum;
    }

    /// <summary>Share of the stream at or below the value; NaN without values.</summary>
    public double Rank(double value)
    {
        double below = 0;
        for (var level = 0; level < _levels.Count; level++)
        {
            foreach (var v in _levels[level])
            {
                below += v <= value ? Math.ScaleB(1, level) : 0;
            }
        }

        return below / Count;
    }

    /// <summary>What is held, as a weighted sample whose weights add up to the count.</summary>
    internal WeightedSample Items()
    {
        var values = new double[_held];
        var weights = new double[_held];
        var at = 0;
        for (var level = 0; level < _levels.Count; level++)
        {
            foreach (var v in _levels[level])
            {
                values[at] = v;
                weights[at++] = Math.ScaleB(1, level);
            }
        }

        Array.Sort(values, weights);
        return new WeightedSample(values, weights);
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write((ushort)K);
        writer.Write7BitEncodedInt64(Count);
        writer.Write(Minimum);
        writer.Write(Maximum);
        writer.Write(_coin);
        writer.Write7BitEncodedInt(_levels.Count);
        foreach (var level in _levels)
        {
            writer.Write7BitEncodedInt(level.Count);
            foreach (var v in level)
            {
                writer.Write(v);
            }
        }
    }

    internal static KllSketch Read(BinaryReader reader)
    {
        var sketch = new KllSketch(reader.ReadUInt16())
        {
            Count = reader.Read7BitEncodedInt64(),
            Minimum = reader.ReadDouble(),
            Maximum = reader.ReadDouble(),
            _coin = reader.ReadUInt64(),
        };
        var levels = Binary.ReadLength(reader, MaximumLevels);
        sketch._levels.Clear();
        long weight = 0;
        for (var i = 0; i < levels; i++)
        {
            var values = new double[Binary.ReadLength(reader, 4 * (sketch.K + LeastCapacity))];
            for (var j = 0; j < values.Length; j++)
            {
                values[j] = reader.ReadDouble();
            }

            sketch._levels.Add([.. values]);
            sketch._held += values.Length;
            weight += (long)values.Length << i;
        }

        return levels > 0 && weight == sketch.Count ? sketch : throw new InvalidDataException($"the weights of a quantile sketch add up to {weight}, not to its count {sketch.Count}");
    }

    private void Widen(double low, double high)
    {
        Minimum = double.IsNaN(Minimum) ? low : Math.Min(Minimum, low);
        Maximum = double.IsNaN(Maximum) ? high : Math.Max(Maximum, high);
    }

    // Capacities shrink by 2/3 from the top level down, so that memory is about 3 K.
    private int Capacity(int level) => Math.Max(LeastCapacity, (int)Math.Ceiling(K * Math.Pow(2.0 / 3, _levels.Count - 1 - level)));

    private void Compress()
    {
        for (var level = 0; level < _levels.Count; level++)
        {
            if (_levels[level].Count < Capacity(level))
            {
                continue;
            }

            if (level + 1 == _levels.Count)
            {
                _levels.Add([]);
            }

            var values = _levels[level];
            values.Sort();

            // One of an odd number stays, so that weights add up to the count.
            var pairs = values.Count / 2;
            var kept = values.Count % 2 == 1 ? values[^1] : double.NaN;
            var start = Toss() ? 1 : 0;
            for (var i = 0; i < pairs; i++)
            {
                _levels[level + 1].Add(values[(2 * i) + start]);
            }

            values.Clear();
            if (!double.IsNaN(kept))
            {
                values.Add(kept);
            }

            _held -= pairs;
        }
    }

    // xorshift64*
    private bool Toss()
    {
        _coin ^= _coin >> 12;
        _coin ^= _coin << 25;
        _coin ^= _coin >> 27;
        return ((_coin * 0x2545F4914F6CDD1D) >> 63) != 0;
    }
}
