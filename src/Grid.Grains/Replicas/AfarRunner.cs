using System.Runtime.InteropServices;
using Grid.Abstractions;
using Grid.Grains.Catalogue;
using Grid.Grains.Models;
using Grid.Grains.Predictions;
using Grid.Grains.Rollouts;
using Grid.Inference.Hosting;
using Grid.Inference.Rows;
using Grid.Inference.Scheduling;
using Grid.Primitives;

namespace Grid.Grains.Replicas;

/// <summary>Runs other silos' vectors on this silo's replica. Thread-safe.</summary>
internal sealed class AfarRunner(ModelReconciler models, CatalogueReplica catalogue, TensorFollowers followers, TimeProvider time)
{
    /// <returns>Values, or the failure; never throws what concerns the request.</returns>
    public async Task<AfarAnswer> RunAsync(AfarRun run, CancellationToken cancellationToken)
    {
        try
        {
            var deadline = DeadlineOf(run.DeadlineMs);
            using var replica = await AcquireAsync(run.Version, deadline, cancellationToken);
            if (replica.Digest.ToString() != run.Digest)
            {
                return AfarAnswer.Failed(GridError.Unavailable(
                    Target(run.Version),
                    $"has the content {replica.Digest} here, and {run.Digest} where the features are.",
                    "Send it again: one of the two silos is behind the catalogue.",
                    retryAfterMs: 1000));
            }

            using var buffer = replica.Rent(run.Rows);
            if (Fill(replica, buffer, run) is { } bad)
            {
                return AfarAnswer.Failed(bad);
            }

            var result = await replica.RunAsync(buffer, new RunContext(run.Tenant, deadline, cancellationToken));
            return result.IsOk ? Answer(replica, buffer) : AfarAnswer.Failed(result.Error);
        }
        catch (GridException e)
        {
            return AfarAnswer.Failed(e.Error);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return AfarAnswer.Failed(GivenUp(run.Version));
        }
    }

    /// <returns>Tensors, or the failure; never throws what concerns the request.</returns>
    public async Task<AfarTensorAnswer> RunTensorsAsync(AfarTensors request, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        try
        {
            var deadline = DeadlineOf(request.DeadlineMs);
            using var replica = await AcquireAsync(request.Version, deadline, cancellationToken);
            var answer = await replica.RunTensorsAsync(request.Inputs, request.Outputs, new RunContext(TensorIds.Tenant, deadline, cancellationToken));
            return new AfarTensorAnswer(null, replica.Digest.ToString(), [.. answer], followers.Answered(replica, request.Revision, request.Inputs, answer, start));
        }
        catch (GridException e)
        {
            return AfarTensorAnswer.Failed(e.Error);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return AfarTensorAnswer.Failed(GivenUp(request.Version));
        }
    }

    private async ValueTask<Replica> AcquireAsync(VersionKey key, long deadline, CancellationToken cancellationToken)
    {
        if (!catalogue.Current.Versions.ContainsKey(key))
        {
            // The caller is ahead by a change.
            await catalogue.PullAsync(cancellationToken);
        }

        return await models.AcquireAsync(key, deadline, cancellationToken);
    }

    private long DeadlineOf(int ms) => ms > 0 ? time.GetTimestamp() + (long)(ms * (time.TimestampFrequency / 1000.0)) : 0;

    private static GridError GivenUp(VersionKey key) => new(GridErrorCode.Cancelled, Target(key), "the caller gave up before the run started.");

    private static string Target(VersionKey key) => $"version '{key.Version}' of model '{key.Model}'";

    private static GridError? Fill(in Replica replica, RowBuffer buffer, AfarRun run)
    {
        var floats = MemoryMarshal.Cast<byte, float>(run.Vectors.Span);
        var inputs = replica.Signature.Inputs.Length;
        var width = 0;
        for (var input = 0; input < inputs; input++)
        {
            width += buffer.Row(0, input).Length;
        }

        if (floats.Length != width * run.Rows)
        {
            return GridError.Invalid(Target(run.Version), $"was sent {run.Rows} vectors of {floats.Length} values together; it takes {width} for each.", "The silos run different builds: finish the upgrade.");
        }

        for (var row = 0; row < run.Rows; row++)
        {
            for (var input = 0; input < inputs; input++)
            {
                var into = buffer.Row(row, input);
                floats[..into.Length].CopyTo(into);
                floats = floats[into.Length..];
            }
        }

        return null;
    }

    private static AfarAnswer Answer(in Replica replica, RowBuffer buffer)
    {
        var lengths = new int[replica.OutputNames.Length];
        for (var output = 0; output < lengths.Length; output++)
        {
            lengths[output] = buffer.Output(output).Length / buffer.Rows;
        }

        var layout = new OutputLayout([.. replica.OutputNames], lengths);
        var width = lengths.Sum();
        var bytes = new byte[width * buffer.Rows * sizeof(float)];
        var floats = MemoryMarshal.Cast<byte, float>(bytes.AsSpan());
        for (var row = 0; row < buffer.Rows; row++)
        {
            OutputValues.Of(buffer, layout, row).CopyTo(floats[(row * width)..]);
        }

        return new AfarAnswer(null, layout, bytes);
    }
}
