using Grid.Primitives;

namespace Grid.Storage;

/// <summary>One block on its way into the log. Belongs to the queue until it is taken for a commit, then to the commit.</summary>
internal sealed class AppendRequest(ShardKey shard, long epoch, long sequence, ReadOnlyMemory<byte> payload)
{
    private readonly TaskCompletionSource<AppendOutcome> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ShardKey Shard { get; } = shard;

    public long Epoch { get; } = epoch;

    public long Sequence { get; } = sequence;

    public ReadOnlyMemory<byte> Payload { get; } = payload;

    public long Checksum { get; } = RowChecksum.Block(shard, epoch, sequence, payload.Span);

    /// <summary>What the transaction under way says; holds only once that is committed.</summary>
    public AppendOutcome Outcome { get; set; }

    public Task<AppendOutcome> Done => _done.Task;

    public void Answer() => _done.TrySetResult(Outcome);

    public void Fail(Exception failure) => _done.TrySetException(failure);

    public void TakeBack(CancellationToken cancellationToken) => _done.TrySetCanceled(cancellationToken);
}
