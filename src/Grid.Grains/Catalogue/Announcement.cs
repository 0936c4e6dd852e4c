namespace Grid.Grains.Catalogue;

/// <summary>One call that tells a silo of a revision.</summary>
internal sealed class Announcement(long startedAt)
{
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long StartedAt => startedAt;

    /// <summary>True where the silo has the revision; never fails.</summary>
    public Task<bool> Task => _ended.Task;

    public void End(bool hasRevision) => _ended.SetResult(hasRevision);
}
