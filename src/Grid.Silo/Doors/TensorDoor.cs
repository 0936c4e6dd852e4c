using Grid.Client;
using Grid.Grains.Catalogue;
using Grid.Grains.Models;
using Grid.Inference.Hosting;
using Grid.Inference.Scheduling;
using Grid.Primitives;

namespace Grid.Silo.Doors;

/// <summary>Runs tensors on the replica of this silo.</summary>
internal sealed class TensorDoor(CatalogueReplica catalogue, ModelHost host, ModelReconciler models, TimeProvider time)
{
    /// <summary>Callers by tensor name no tenant; they share one turn.</summary>
    private const string Caller = "tensors";

    public async ValueTask<TensorPrediction> RunAsync(
        ModelKey model,
        IReadOnlyList<Tensor> inputs,
        string? version,
        IReadOnlyList<string>? outputs,
        TimeSpan? deadline,
        CancellationToken cancellationToken)
    {
        var until = deadline is { } wait ? time.GetTimestamp() + (long)(wait.TotalSeconds * time.TimestampFrequency) : 0;
        var key = Resolve(model, version);
        if (!host.TryAcquire(key, out var replica))
        {
            await models.EnsureAsync(key, cancellationToken);
            replica = await host.AcquireAsync(key, cancellationToken);
        }

        using (replica)
        {
            var answer = await replica.RunTensorsAsync(inputs, outputs, new RunContext(Caller, until, cancellationToken));
            return new TensorPrediction(model.Model, key.Version, replica.Digest.ToString(), answer);
        }
    }

    private VersionKey Resolve(ModelKey model, string? version)
    {
        var snapshot = catalogue.Current;
        if (!snapshot.Models.TryGetValue(model, out var entry))
        {
            throw ModelCatalogue.UnknownModel(model, snapshot).ToException();
        }

        return new VersionKey(model.Workspace, model.Model, version ?? entry.Entry.Live ?? throw ModelCatalogue.NothingLive(model).ToException());
    }
}
