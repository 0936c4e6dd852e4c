namespace Grid.Inference.Scheduling;

/// <summary>What one tenant has waiting for one replica, oldest first. Guarded by the scheduler's lock.</summary>
internal sealed class TenantQueue(string tenant)
{
    public string Tenant { get; } = tenant;

    public PendingRun? Head { get; private set; }

    public PendingRun? Tail { get; private set; }

    public int Count { get; private set; }

    /// <summary>Rows that wait and that no worker has taken.</summary>
    public int Rows { get; set; }

    /// <summary>Rows that it may still take in this turn (deficit round robin, Shreedhar and Varghese 1995).</summary>
    public int Deficit { get; set; }

    /// <summary>True where this turn's quantum was given.</summary>
    public bool HasQuantum { get; set; }

    public void Append(PendingRun run)
    {
        run.Queue = this;
        run.Previous = Tail;
        run.Next = null;
        if (Tail is null)
        {
            Head = run;
        }
        else
        {
            Tail.Next = run;
        }

        Tail = run;
        Count++;
        Rows += run.Rows;
    }

    public void Unlink(PendingRun run)
    {
        if (run.Previous is null)
        {
            Head = run.Next;
        }
        else
        {
            run.Previous.Next = run.Next;
        }

        if (run.Next is null)
        {
            Tail = run.Previous;
        }
        else
        {
            run.Next.Previous = run.Previous;
        }

        run.Queue = null;
        run.Previous = run.Next = null;
        Count--;
        Rows -= run.Rows - run.Taken;
    }
}
