namespace Grid.Storage.PostgreSql;

/// <summary>Blocks of one shard that follow one another, so that they move the shard's row together or not at all.</summary>
internal sealed class BlockRun
{
    /// <summary>The places of the blocks in the batch.</summary>
    public List<int> Places { get; } = [];

    public long OwnerId { get; private set; }

    public long Epoch { get; private set; }

    public long First { get; private set; }

    public long Last { get; private set; }

    /// <summary>A block of the shard did not follow: it and all after it wait until this run's fate is known.</summary>
    public bool IsClosed { get; private set; }

    public bool IsMoved { get; set; }

    public void Start(long ownerId, AppendRequest request, int place)
    {
        Places.Clear();
        Places.Add(place);
        OwnerId = ownerId;
        Epoch = request.Epoch;
        First = Last = request.Sequence;
        IsClosed = IsMoved = false;
    }

    /// <summary>Takes a block that follows the last one.</summary>
    /// <returns>False if it does not follow; no later one is taken then.</returns>
    public bool TryExtend(AppendRequest request, int place)
    {
        if (IsClosed || request.Epoch != Epoch || request.Sequence != Last + 1)
        {
            IsClosed = true;
            return false;
        }

        Places.Add(place);
        Last++;
        return true;
    }
}
