namespace Grid.Storage.Sqlite;

/// <summary>
/// Lets one writer of the process at a time to the database, those in a hurry first. The engine alone would make the loser of a race
/// sleep and poll, so that an append could wait many times as long as the snapshot chunk it met. Thread-safe.
/// </summary>
internal sealed class WriteGate
{
    private readonly object _lock = new();
    private bool _isTaken;
    private int _urgentWaiting;

    /// <summary>Waits for the turn; disposing the result ends it.</summary>
    public Turn Enter(bool isUrgent)
    {
        lock (_lock)
        {
            _urgentWaiting += isUrgent ? 1 : 0;
            while (_isTaken || (!isUrgent && _urgentWaiting > 0))
            {
                Monitor.Wait(_lock);
            }

            _urgentWaiting -= isUrgent ? 1 : 0;
            _isTaken = true;
        }

        return new Turn(this);
    }

    private void Leave()
    {
        lock (_lock)
        {
            _isTaken = false;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>The turn of one writer.</summary>
    internal readonly struct Turn(WriteGate gate) : IDisposable
    {
        public void Dispose() => gate.Leave();
    }
}
