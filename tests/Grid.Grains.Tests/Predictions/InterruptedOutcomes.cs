using Grid.Storage;

namespace Grid.Grains.Tests.Predictions;

/// <summary>The outcomes of a store, with something that happens once, just after those of a tenant were read.</summary>
internal sealed class InterruptedOutcomes(IOutcomeStore store, string tenant, Func<Task> interrupt) : IOutcomeStore
{
    private bool _hasHappened;

    public Task<IReadOnlyList<OutcomeVerdict>> ReportAsync(string workspace, string tenant, IReadOnlyList<OutcomeRecord> outcomes, CancellationToken cancellationToken) =>
        store.ReportAsync(workspace, tenant, outcomes, cancellationToken);

    public async Task<IReadOnlyList<StoredOutcome>> ReadAsync(string workspace, string tenantRead, string model, DateTimeOffset from, DateTimeOffset to, StoredOutcome? after, int max, CancellationToken cancellationToken)
    {
        var read = await store.ReadAsync(workspace, tenantRead, model, from, to, after, max, cancellationToken);
        if (tenantRead == tenant && !_hasHappened)
        {
            _hasHappened = true;
            await interrupt();
        }

        return read;
    }

    public Task<long> EraseAsync(string workspace, string tenant, string? entity, CancellationToken cancellationToken) => store.EraseAsync(workspace, tenant, entity, cancellationToken);

    public Task<long> EraseByIdAsync(string workspace, string tenant, IReadOnlyList<string> predictionIds, CancellationToken cancellationToken) =>
        store.EraseByIdAsync(workspace, tenant, predictionIds, cancellationToken);
}
