using Grid.Abstractions;
using Grid.Grains.Shards;
using Grid.Inference.Tensors;
using Grid.Monitoring.Feeding;
using Grid.Primitives;

namespace Grid.Grains.Monitoring;

/// <summary>
/// What this silo has seen of one version and not reported yet: rows in a bounded ring, counts, and some predictions that may get an outcome. Thread-safe; what the
/// prediction path calls neither waits nor allocates.
/// </summary>
internal sealed class VersionFeed(VersionKey key, double slowMs, MonitoringOptions options, TimeProvider time)
{
    /// <summary>A ring of a wide version is shorter: this many bytes hold it.</summary>
    private const int RingBytes = 1 << 20;

    private const int StackValues = 256;

    private readonly RecentQueue<RecentPrediction> _recent = new(options.RecentPredictions);
    private readonly RecentQueue<TrialPair> _pairs = new(options.RecentPredictions);
    private readonly Lock _binding = new();
    private readonly double _slowMs = slowMs;
    private long _requests;
    private long _failed;
    private long _refused;
    private long _slow;
    private Source? _source;

    public VersionKey Key => key;

    /// <summary>What the rows are made of; null until the version has answered.</summary>
    public Source? Rows => Volatile.Read(ref _source);

    /// <summary>Nobody reports it any longer; the next answer begins a new one.</summary>
    public bool IsRetired { get; set; }

    /// <summary>Takes note of what the rows are made of, at the first answer and whenever the views have changed.</summary>
    public void Bind(BoundVector vector) => Bind(ColumnsOf(vector), string.Join('+', vector.Inputs.Select(static input => input.Fingerprint.Hex[..16])));

    /// <summary>The same for a version that nobody can ask for an entity, as far as its requests are rows.</summary>
    public void Bind(MonitorColumns columns) => Bind(columns, fingerprint: "");

    /// <summary>Takes note of a request by tensors: rows of no tenant, and of now.</summary>
    public void OfferTensors(TensorRows rows)
    {
        if (Rows is not { Columns.IsEventClock: false } source)
        {
            return;
        }

        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        for (var row = 0; row < rows.Vectors.Length; row++)
        {
            Offer(source.Ring, rows.Vectors[row], rows.Values[row], tenant: "", nowMs);
        }
    }

    /// <summary>Takes note of an answer that was given.</summary>
    public void Offer(string tenant, BoundVector vector, VectorRow row, Prediction answer)
    {
        OfferRow(tenant, vector, row, answer.Values, answer.AsOfMs);
        if (answer.Values.Length > 0)
        {
            _recent.Add(new RecentPrediction(answer.Id, tenant, answer.Entity, answer.AsOfMs, answer.Values[^1]));
        }
    }

    /// <summary>Takes note of what a version on trial and the live one said of the same features.</summary>
    public void Compare(in TrialPair pair) => _pairs.Add(pair);

    /// <summary>Takes note of a row, whether or not anybody got the answer.</summary>
    public void OfferRow(string tenant, BoundVector vector, VectorRow row, ReadOnlySpan<float> outputs, long asOfMs)
    {
        if (Rows is not { } source)
        {
            return;
        }

        var timeMs = source.Columns.IsEventClock ? asOfMs : time.GetUtcNow().ToUnixTimeMilliseconds();
        if (vector.Inputs.Length == 1)
        {
            Offer(source.Ring, row.Input(vector, 0), outputs, tenant, timeMs);
        }
        else
        {
            Span<float> stack = stackalloc float[StackValues];
            var joined = vector.Count <= StackValues ? stack[..vector.Count] : new float[vector.Count];
            row.CopyTo(vector, joined);
            Offer(source.Ring, joined, outputs, tenant, timeMs);
        }
    }

    /// <summary>Counts a request. What the caller did wrong says nothing about the version.</summary>
    public void Count(double ms, GridErrorCode? error)
    {
        switch (error)
        {
            case null:
                if (_slowMs > 0 && ms > _slowMs)
                {
                    Interlocked.Increment(ref _slow);
                }

                break;
            case GridErrorCode.Overloaded or GridErrorCode.DeadlineExceeded:
                Interlocked.Increment(ref _refused);
                break;
            case GridErrorCode.Internal or GridErrorCode.Unavailable or GridErrorCode.Corrupt:
                Interlocked.Increment(ref _failed);
                break;
            default:
                return;
        }

        Interlocked.Increment(ref _requests);
    }

    /// <summary>What was counted since the last call.</summary>
    public MonitorLoad TakeLoad()
    {
        // Parts before the whole: what is counted in between must not make more failures than requests.
        var failed = Interlocked.Exchange(ref _failed, 0);
        var refused = Interlocked.Exchange(ref _refused, 0);
        var slow = Interlocked.Exchange(ref _slow, 0);
        return new MonitorLoad(Interlocked.Exchange(ref _requests, 0), failed, refused, slow, _slowMs);
    }

    public RecentPrediction[] TakeRecent() => _recent.Take();

    public TrialPair[] TakePairs() => _pairs.Take();

    private void Bind(MonitorColumns columns, string fingerprint)
    {
        var width = columns.Features.Length + columns.Outputs.Length;
        if (width is < 1 or > Grid.Monitoring.Sketches.SketchLayout.MaximumColumns)
        {
            return;
        }

        lock (_binding)
        {
            // Rows of other columns, or of another clock, do not go into one ring.
            var ring = _source is { } known && known.Columns.Fits(columns)
                ? known.Ring
                : new PredictionFeed(width, Math.Clamp((int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(RingBytes / (width * sizeof(float)))), 64, options.RingRows));
            Volatile.Write(ref _source, new Source(ring, columns, fingerprint));
        }
    }

    private static void Offer(PredictionFeed ring, ReadOnlySpan<float> features, ReadOnlySpan<float> outputs, string tenant, long timeMs)
    {
        // A NaN among the features is a value that was not there, as in a training file.
        Span<ulong> missing = stackalloc ulong[(features.Length + 63) / 64];
        missing.Clear();
        for (var i = 0; i < features.Length; i++)
        {
            if (float.IsNaN(features[i]))
            {
                missing[i >> 6] |= 1UL << (i & 63);
            }
        }

        if (features.Length + outputs.Length == ring.Columns)
        {
            ring.Offer(features, outputs, tenant, missing, timeMs);
        }
    }

    private static MonitorColumns ColumnsOf(BoundVector vector) => new(
        [.. vector.Inputs.SelectMany(static input => input.Columns).Select(static column => column.Name)], NamesOf(vector.Layout.Names, vector.Layout.Lengths), vector.HasEventClock);

    /// <summary>Names of the columns that outputs make.</summary>
    public static string[] NamesOf(IReadOnlyList<string> outputs, IReadOnlyList<int> lengths) =>
    [
        .. outputs.SelectMany((name, i) => lengths[i] == 1 ? [name] : Enumerable.Range(0, lengths[i]).Select(place => FormattableString.Invariant($"{name}[{place}]"))),
    ];

    /// <summary>What the rows of a version are made of, as of the views in force. Immutable but for the ring.</summary>
    internal sealed record Source(PredictionFeed Ring, MonitorColumns Columns, string Fingerprint);
}
