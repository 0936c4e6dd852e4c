using Grid.Abstractions;
using Grid.Grains.Catalogue;
using Grid.Grains.Models;
using Grid.Grains.Replicas;
using Grid.Inference.Hosting;
using Grid.Inference.Manifests;
using Grid.Inference.Repository;
using Grid.Inference.Rows;
using Grid.Inference.Scheduling;
using Grid.Primitives;

namespace Grid.Grains.Predictions;

/// <summary>Computes logged predictions again, in this silo, from their vectors and the content they were computed with. Thread-safe.</summary>
internal sealed class PredictionReplayer(PredictionLogs logs, CatalogueReplica catalogue, VersionFolders folders, ModelHost host, ModelReconciler models, ReplicaRoutes routes) : IDisposable
{
    /// <summary>No name of a version ends so, so a copy that is loaded for a replay is never asked for anything else.</summary>
    private const string CopySuffix = "~replay";

    /// <summary>Copies are loaded for one replay at a time: they take memory from what is served.</summary>
    private readonly SemaphoreSlim _copies = new(1);

    /// <exception cref="GridException">NotFound: the log does not have it. FailedPrecondition: its version has other content now, or does not take its vector.</exception>
    public async Task<Replay> ReplayAsync(string workspace, string id, CancellationToken cancellationToken)
    {
        var record = await logs.GetAsync(workspace, id, cancellationToken);
        var key = new VersionKey(workspace, record.Model, record.Version);
        var version = await FindAsync(key, record, cancellationToken);

        // A version that lives on other silos is not brought here for good by a look back.
        return version.State == VersionState.Retired || (!host.IsReady(key) && !routes.IsHere(key)) ? await ReplayCopyAsync(key, version, record, cancellationToken) : await ReplayServedAsync(key, record, cancellationToken);
    }

    public void Dispose() => _copies.Dispose();

    private async Task<VersionEntry> FindAsync(VersionKey key, PredictionRecord record, CancellationToken cancellationToken)
    {
        var snapshot = catalogue.Current;
        if (!snapshot.Versions.TryGetValue(key, out var version) && !(snapshot = await catalogue.PullAsync(cancellationToken)).Versions.TryGetValue(key, out version))
        {
            throw ModelCatalogue.UnknownVersion(key, snapshot).ToException();
        }

        return version.Entry.Digest == record.Digest
            ? version.Entry
            : throw new GridError(
                GridErrorCode.FailedPrecondition,
                $"version '{key.Version}' of model '{key.Model}'",
                $"has the content {version.Entry.Digest}; prediction '{record.Id}' was computed with {record.Digest}.",
                "Replay it in the grid that computed it.").ToException();
    }

    private async Task<Replay> ReplayServedAsync(VersionKey key, PredictionRecord record, CancellationToken cancellationToken)
    {
        using var replica = await models.AcquireAsync(key, deadline: 0, cancellationToken);
        return await RunAsync(replica, record, cancellationToken);
    }

    /// <summary>Nobody is served by a retired version, and that stays so.</summary>
    private async Task<Replay> ReplayCopyAsync(VersionKey key, VersionEntry version, PredictionRecord record, CancellationToken cancellationToken)
    {
        await _copies.WaitAsync(cancellationToken);
        var copy = key with { Version = key.Version + CopySuffix };
        try
        {
            var folder = await folders.EnsureAsync(version, cancellationToken);
            var package = await ModelPackage.FromFolderAsync(folder, cancellationToken: cancellationToken);
            await host.LoadAsync(copy, package, version.Manifest is { } yaml ? ModelManifest.Parse(yaml) : null, cancellationToken);
            using var replica = await host.AcquireAsync(copy, cancellationToken);
            return await RunAsync(replica, record, cancellationToken);
        }
        finally
        {
            await host.UnloadAsync(copy, CancellationToken.None);
            _copies.Release();
        }
    }

    private static async Task<Replay> RunAsync(Replica replica, PredictionRecord record, CancellationToken cancellationToken)
    {
        using var buffer = replica.Rent();
        Fill(buffer, replica.Signature.Inputs.Length, record);
        var result = await replica.RunAsync(buffer, new RunContext(record.Tenant, 0, cancellationToken));
        return result.IsOk ? Compare(record, Outputs(buffer, replica.OutputNames.Length)) : throw result.Error.ToException();
    }

    private static void Fill(RowBuffer buffer, int inputs, PredictionRecord record)
    {
        var wanted = 0;
        for (var input = 0; input < inputs; input++)
        {
            wanted += buffer.Row(0, input).Length;
        }

        if (wanted != record.Features.Length)
        {
            throw new GridError(GridErrorCode.Corrupt, $"prediction '{record.Id}'", $"has a vector of {record.Features.Length} values; its version takes {wanted}.", "Check the files of the log against a copy.").ToException();
        }

        var rest = record.Features.AsSpan();
        for (var input = 0; input < inputs; input++)
        {
            var row = buffer.Row(0, input);
            rest[..row.Length].CopyTo(row);
            rest = rest[row.Length..];
        }
    }

    private static float[] Outputs(RowBuffer buffer, int count)
    {
        var values = new List<float>();
        for (var output = 0; output < count; output++)
        {
            values.AddRange(buffer.Output(output));
        }

        return [.. values];
    }

    private static Replay Compare(PredictionRecord record, float[] values)
    {
        var isEqual = values.Length == record.Values.Length;
        var largest = isEqual ? 0 : double.NaN;
        for (var i = 0; i < Math.Min(values.Length, record.Values.Length); i++)
        {
            if (BitConverter.SingleToInt32Bits(values[i]) != BitConverter.SingleToInt32Bits(record.Values[i]))
            {
                isEqual = false;
                largest = Math.Max(largest, Math.Abs((double)values[i] - record.Values[i]));
            }
        }

        return new Replay(record, values, InferenceRuntime.Description, isEqual, largest);
    }
}
