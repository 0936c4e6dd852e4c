namespace Grid.Inference.Rows;

/// <summary>Keeps things for the next user, up to a number; the rest is disposed. Thread-safe, allocates nothing after it has filled.</summary>
internal sealed class BoundedPool<T>(int capacity, Action<T> dispose) where T : class
{
    private readonly Lock _lock = new();
    private readonly Stack<T> _kept = new(capacity);
    private bool _closed;

    public T? TryRent()
    {
        lock (_lock)
        {
            return _kept.TryPop(out var item) ? item : null;
        }
    }

    public void Return(T item)
    {
        lock (_lock)
        {
            if (!_closed && _kept.Count < capacity)
            {
                _kept.Push(item);
                return;
            }
        }

        dispose(item);
    }

    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
        }

        while (TryRent() is { } item)
        {
            dispose(item);
        }
    }
}
