using System.Numerics;
using System.Runtime.InteropServices;

namespace Grid.Monitoring.Feeding;

/// <summary>
/// A bounded ring between the prediction path of one replica and the collector: any number of writers, one reader, no lock, no allocation, never waits.
/// When it fills up it takes every 2nd, 4th… row, and counts what it leaves out, until the reader has caught up.
/// </summary>
/// <remarks>Each slot carries a turn number (Vyukov's bounded queue): a writer owns the slot whose turn it took, and publishes by the next number.</remarks>
public sealed class PredictionFeed
{
    public const int DefaultCapacity = 4096;

    // Below one row in 1,024 the sample says little, and a reader that far behind needs another cure.
    private const int MaximumStride = 1024;

    private readonly int _columns;
    private readonly int _words;
    private readonly int _mask;
    private readonly float[] _values;
    private readonly ulong[] _missing;
    private readonly string[] _tenants;
    private readonly long[] _times;
    private readonly long[] _turns;
    private Position _tail;
    private Position _head;
    private Position _tick;
    private Position _skipped;
    private volatile int _stride = 1;

    /// <param name="columns">Features and outputs of a row, 1 to 4,096.</param>
    /// <param name="capacity">Rows it holds: a power of two, 64 to 1,048,576. Default 4,096 (400 KB at 24 features).</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of its range.</exception>
    public PredictionFeed(int columns, int capacity = DefaultCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns, Sketches.SketchLayout.MaximumColumns);
        if (!BitOperations.IsPow2(capacity) || capacity is < 64 or > 1 << 20)
        {
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "A power of two from 64 to 1,048,576.");
        }

        _columns = columns;
        _words = (columns + 63) / 64;
        _mask = capacity - 1;
        _values = new float[capacity * columns];
        _missing = new ulong[capacity * _words];
        _tenants = new string[capacity];
        _times = new long[capacity];
        _turns = new long[capacity];
        for (var i = 0; i < capacity; i++)
        {
            _turns[i] = i;
        }
    }

    public int Columns => _columns;

    /// <summary>Rows offered and not taken, since the start.</summary>
    public long Skipped => Volatile.Read(ref _skipped.Value);

    /// <summary>Every how many rows one is taken: 1 unless the ring filled up.</summary>
    public int Stride => _stride;

    /// <summary>Offers a row; true where it was taken. Thread-safe, never waits.</summary>
    /// <param name="features">What the model read.</param>
    /// <param name="outputs">What it answered; together one value a column.</param>
    /// <param name="tenant">Whose row it is: rows of one tenant that follow each other show how much features repeat.</param>
    /// <param name="missing">A bit a feature, set where the value was missing and a default was used; empty for none.</param>
    /// <param name="timeMs">When the prediction counts, Unix milliseconds; read only where the collector divides rows by their own time.</param>
    public bool Offer(ReadOnlySpan<float> features, ReadOnlySpan<float> outputs, string tenant, ReadOnlySpan<ulong> missing = default, long timeMs = 0)
    {
        if (features.Length + outputs.Length != _columns)
        {
            throw new ArgumentException($"A row has {_columns} values, this one {features.Length} + {outputs.Length}.", nameof(features));
        }

        var stride = _stride;
        if (stride > 1 && (Interlocked.Increment(ref _tick.Value) & (stride - 1)) != 0)
        {
            Interlocked.Increment(ref _skipped.Value);
            return false;
        }

        long turn;
        int slot;
        while (true)
        {
            turn = Volatile.Read(ref _tail.Value);
            slot = (int)turn & _mask;
            var free = Volatile.Read(ref _turns[slot]) - turn;
            if (free == 0 && Interlocked.CompareExchange(ref _tail.Value, turn + 1, turn) == turn)
            {
                break;
            }

            if (free < 0)
            {
                // Full: the reader is a whole round behind. A race of two writers to double the stride does no harm.
                _stride = Math.Min(stride * 2, MaximumStride);
                Interlocked.Increment(ref _skipped.Value);
                return false;
            }
        }

        var row = _values.AsSpan(slot * _columns, _columns);
        features.CopyTo(row);
        outputs.CopyTo(row[features.Length..]);
        var bits = _missing.AsSpan(slot * _words, _words);
        bits.Clear();
        missing[..Math.Min(missing.Length, _words)].CopyTo(bits);
        _tenants[slot] = tenant;
        _times[slot] = timeMs;
        Volatile.Write(ref _turns[slot], turn + 1);
        return true;
    }

    /// <summary>Takes the oldest row, for the one reader; false where there is none.</summary>
    internal bool TryTake(Span<float> values, Span<ulong> missing, out string tenant, out long timeMs)
    {
        var turn = _head.Value;
        var slot = (int)turn & _mask;
        if (Volatile.Read(ref _turns[slot]) != turn + 1)
        {
            tenant = "";
            timeMs = 0;
            return false;
        }

        _values.AsSpan(slot * _columns, _columns).CopyTo(values);
        _missing.AsSpan(slot * _words, _words).CopyTo(missing);
        tenant = _tenants[slot];
        timeMs = _times[slot];
        Volatile.Write(ref _turns[slot], turn + _mask + 1);
        _head.Value = turn + 1;
        return true;
    }

    /// <summary>Called by the reader when it has emptied the ring: one step back towards every row.</summary>
    internal void Relax()
    {
        if (_stride > 1)
        {
            _stride /= 2;
        }
    }

    // Each on cache lines of its own: writers and the reader would fight over a shared one.
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct Position
    {
        [FieldOffset(64)]
        public long Value;
    }
}
