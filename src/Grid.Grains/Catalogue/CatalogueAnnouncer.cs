using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Runtime.Services;

namespace Grid.Grains.Catalogue;

/// <summary>Tells every other active silo of a new revision, and waits until they have it or the wait is over.</summary>
internal sealed partial class CatalogueAnnouncer(
    IServiceProvider services,
    IClusterMembershipService membership,
    ILocalSiloDetails local,
    ILogger<CatalogueAnnouncer> logger)
    : GrainServiceClient<ICatalogueGrainService>(services)
{
    /// <summary>A silo that does not answer in this time pulls by itself within a second; a change is promised everywhere in that.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async Task AnnounceAsync(long revision)
    {
        var others = membership.CurrentSnapshot.Members.Values
            .Where(member => member.Status == SiloStatus.Active && !member.SiloAddress.Equals(local.SiloAddress))
            .Select(member => TellAsync(member.SiloAddress, revision))
            .ToArray();
        if (others.Length == 0)
        {
            return;
        }

        try
        {
            await Task.WhenAll(others).WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            LogSlow(revision, others.Count(task => !task.IsCompletedSuccessfully));
        }
    }

    private async Task TellAsync(SiloAddress silo, long revision)
    {
        try
        {
            await GetGrainService(silo).AdvanceAsync(revision);
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            LogMissed(e, revision, silo);
        }
    }

    [LoggerMessage(EventId = 2010, Level = LogLevel.Warning, Message = "Revision {Revision} is not yet confirmed by {Silos} silos; they pull it by themselves")]
    private partial void LogSlow(long revision, int silos);

    [LoggerMessage(EventId = 2011, Level = LogLevel.Warning, Message = "Silo {Silo} could not be told of revision {Revision}; it pulls by itself")]
    private partial void LogMissed(Exception error, long revision, SiloAddress silo);
}
