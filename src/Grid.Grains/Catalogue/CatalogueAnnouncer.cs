using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Runtime.Services;

namespace Grid.Grains.Catalogue;

/// <summary>
/// Tells every other active silo of a new revision, and waits until those that answer have it. A silo that is slow costs one change a second; until it
/// answers again the next ones do not wait for it. Thread-safe.
/// </summary>
internal sealed partial class CatalogueAnnouncer(
    IServiceProvider services,
    IClusterMembershipService membership,
    ILocalSiloDetails local,
    TimeProvider time,
    ILogger<CatalogueAnnouncer> logger)
    : GrainServiceClient<ICatalogueGrainService>(services)
{
    /// <summary>A silo that does not answer in this time pulls by itself within a second; a change is promised everywhere in that.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>The one call that is under way to each silo, so that one that is frozen holds one message and not one for each change.</summary>
    private readonly ConcurrentDictionary<SiloAddress, Announcement> _underWay = new();

    /// <returns>How many active silos have not said that they have it.</returns>
    public async Task<int> AnnounceAsync(long revision)
    {
        var waited = new List<Task<bool>>();
        var late = 0;
        foreach (var member in membership.CurrentSnapshot.Members.Values)
        {
            if (member.Status != SiloStatus.Active || member.SiloAddress.Equals(local.SiloAddress))
            {
                continue;
            }

            if (Tell(member.SiloAddress, revision) is { } telling)
            {
                waited.Add(telling);
            }
            else
            {
                late++;
            }
        }

        if (waited.Count > 0)
        {
            // The delay is on the same clock as everything else of the silo; what is late then goes on by itself.
            var all = Task.WhenAll(waited);
            using var over = new CancellationTokenSource();
            await Task.WhenAny(all, Task.Delay(Patience, time, over.Token));
            await over.CancelAsync();
            late += waited.Count(static task => !task.IsCompletedSuccessfully || !task.Result);
        }

        if (late > 0)
        {
            LogSlow(revision, late);
        }

        return late;
    }

    /// <summary>The call that tells a silo; null where an earlier one has been without an answer for so long that nobody waits for it.</summary>
    private Task<bool>? Tell(SiloAddress silo, long revision)
    {
        var next = new Announcement(time.GetTimestamp());
        var known = _underWay.GetOrAdd(silo, next);
        if (known == next)
        {
            // Off the caller's actor, which may be gone before a slow silo answers.
            _ = Task.Run(() => RunAsync(silo, revision, next));
            return next.Task;
        }

        return time.GetElapsedTime(known.StartedAt) < Patience ? FollowAsync(known, silo, revision) : null;
    }

    /// <summary>A silo that was told of an earlier revision may have read the store before this one was there: it is told again.</summary>
    private async Task<bool> FollowAsync(Announcement known, SiloAddress silo, long revision)
    {
        await known.Task;
        return Tell(silo, revision) is { } telling && await telling;
    }

    private async Task RunAsync(SiloAddress silo, long revision, Announcement announcement)
    {
        var has = false;
        try
        {
            has = await GetGrainService(silo).AdvanceAsync(revision) >= revision;
        }
        catch (Exception e)
        {
            // It pulls by itself, or it is gone; the change is in the store.
            LogMissed(e, revision, silo);
        }
        finally
        {
            _underWay.TryRemove(silo, out _);
            announcement.End(has);
        }
    }

    [LoggerMessage(EventId = 2010, Level = LogLevel.Warning, Message = "Revision {Revision} is not yet confirmed by {Silos} silos; they pull it by themselves")]
    private partial void LogSlow(long revision, int silos);

    [LoggerMessage(EventId = 2011, Level = LogLevel.Warning, Message = "Silo {Silo} could not be told of revision {Revision}; it pulls by itself")]
    private partial void LogMissed(Exception error, long revision, SiloAddress silo);
}
