using System.Runtime.InteropServices;

namespace Grid.Inference.Hosting;

/// <summary>
/// The one thread on which sessions are made and ended, one after the other: workers and callers never do it, and two loads never compete
/// for memory. When it has nothing more to do after sessions ended, it gives freed memory back to the system.
/// </summary>
internal sealed partial class LoadThread
{
    private readonly object _lock = new();
    private readonly Queue<Action> _jobs = new();
    private readonly Thread _thread;
    private bool _isStopping;
    private bool _hasFreed;

    public LoadThread()
    {
        _thread = new Thread(Work) { IsBackground = true, Name = "grid-inference-load" };
        _thread.Start();
    }

    /// <summary>Jobs report their own failures and never throw. After the stop they run on the caller's thread, so that nothing is left behind.</summary>
    public void Post(Action job)
    {
        lock (_lock)
        {
            if (!_isStopping)
            {
                _jobs.Enqueue(job);
                Monitor.Pulse(_lock);
                return;
            }
        }

        job();
    }

    /// <summary>Says that a session was ended. Called on the thread itself, or after it has stopped.</summary>
    public void NoteFreed() => _hasFreed = true;

    /// <summary>Does what is posted, then ends.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _isStopping = true;
            Monitor.Pulse(_lock);
        }

        _thread.Join();
    }

    private void Work()
    {
        while (true)
        {
            Action? job;
            lock (_lock)
            {
                while (!_jobs.TryDequeue(out job) && !_isStopping && !_hasFreed)
                {
                    Monitor.Wait(_lock);
                }

                if (job is null && _isStopping)
                {
                    return;
                }
            }

            if (job is null)
            {
                _hasFreed = false;
                Trim();
            }
            else
            {
                job();
            }
        }
    }

    /// <summary>The C library keeps what native code frees; over many loads the process would only grow.</summary>
    private static void Trim()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = MallocTrim(0);
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
        {
            // musl has no such call, and returns memory by itself.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nint pad);
}
