using System.Text.Json;

namespace Grid.Storage.Predictions;

/// <summary>
/// Gathers what was not logged, a run of drops of one model and tenant into one gap, and writes gaps that have ended, or are old. Thread-safe; bounded:
/// beyond so many models and tenants at once, one gap speaks for all others.
/// </summary>
internal sealed class GapKeeper(string folder, string writer, TimeProvider time)
{
    public const string FolderName = ".gaps";

    private const int MaxOpen = 10_000;

    /// <summary>A gap that goes on is written in parts, so that a reader, and a crash, find most of it.</summary>
    private static readonly TimeSpan PartAfter = TimeSpan.FromMinutes(1);

    private static readonly (string?, string?, string?) Others = (null, null, null);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string? Workspace, string? Tenant, string? Model), PredictionGap> _open = [];
    private readonly List<PredictionGap> _closed = [];
    private long _written;

    /// <summary>One prediction was not logged.</summary>
    /// <returns>Whether a gap begins with it.</returns>
    public bool Missed(PredictionLayout layout, string tenant)
    {
        var now = time.GetUtcNow();
        var key = ((string?)layout.Version.Workspace, (string?)tenant, (string?)layout.Version.Model);
        lock (_lock)
        {
            if (!_open.ContainsKey(key) && _open.Count >= MaxOpen)
            {
                key = Others;
            }

            var isOpen = _open.TryGetValue(key, out var gap);
            _open[key] = isOpen
                ? gap! with { To = now, Rows = gap.Rows + 1 }
                : new PredictionGap(PredictionGapReason.BufferFull, now, now, 1, key.Item1, key.Item2, key.Item3, writer);
            return !isOpen;
        }
    }

    /// <summary>A gap that is known whole.</summary>
    public void Add(PredictionGap gap)
    {
        lock (_lock)
        {
            _closed.Add(gap);
        }
    }

    /// <summary>Writes gaps; one that cannot be written stays, and is tried again.</summary>
    /// <param name="all">Also those that may go on.</param>
    /// <exception cref="IOException">They cannot be written.</exception>
    public async Task WriteAsync(bool all, CancellationToken cancellationToken)
    {
        PredictionGap[] gaps;
        var now = time.GetUtcNow();
        lock (_lock)
        {
            foreach (var (key, gap) in _open.Where(g => all || now - g.Value.From >= PartAfter || now > g.Value.To + TimeSpan.FromSeconds(1)).ToArray())
            {
                _open.Remove(key);
                _closed.Add(gap);
            }

            gaps = [.. _closed];
        }

        if (gaps.Length == 0)
        {
            return;
        }

        var target = Path.Combine(folder, FolderName);
        Directory.CreateDirectory(target);
        var path = Path.Combine(target, PredictionFileName.Of(now, writer, _written, "json"));
        var staging = path + ".tmp";
        try
        {
            await File.WriteAllBytesAsync(staging, JsonSerializer.SerializeToUtf8Bytes(gaps, PredictionJson.Default.Gaps), cancellationToken);
            File.Move(staging, path);
        }
        catch
        {
            File.Delete(staging);
            throw;
        }

        _written++;
        lock (_lock)
        {
            _closed.RemoveRange(0, gaps.Length);
        }
    }
}
