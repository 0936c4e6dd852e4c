using Grid.Grains.Catalogue;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Grid.Grains.Ownership;

/// <summary>
/// Whether this silo still is a member, where there is doubt. One that others have taken a shard from may have been declared dead and not have heard of it, being
/// cut off from them: until its next look at the members it would wake the shard again and take it back, and they it from it. So it looks at once, which ends a silo
/// that is dead, and takes no epoch before it has looked. Thread-safe.
/// </summary>
internal sealed partial class OwnMembership(IClusterMembershipService membership, ILogger<OwnMembership> logger)
{
    private readonly JoinedPull<bool> _looks = new(() => LookAsync(membership, logger));
    private volatile Task _looked = Task.CompletedTask;

    /// <summary>A shard of this silo was taken over.</summary>
    public void Doubt() => _looked = _looks.AskAsync(CancellationToken.None);

    /// <summary>Returns when this silo has looked since it was last in doubt.</summary>
    public Task LookedAsync(CancellationToken cancellationToken) => _looked.WaitAsync(cancellationToken);

    private static async Task<bool> LookAsync(IClusterMembershipService membership, ILogger logger)
    {
        try
        {
            // The runtime lets who asks join a read that is under way, and that may have begun before this silo was declared dead; the second has not.
            await membership.Refresh();
            await membership.Refresh();
            return true;
        }
        catch (Exception e)
        {
            // The members are where the epochs are: without them none is taken either.
            LogFailed(logger, e);
            return false;
        }
    }

    [LoggerMessage(EventId = 2411, Level = LogLevel.Warning, Message = "A shard of this silo was taken over, and the members could not be read")]
    private static partial void LogFailed(ILogger logger, Exception error);
}
