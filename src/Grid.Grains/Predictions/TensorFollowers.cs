using Grid.Grains.Monitoring;
using Grid.Inference.Hosting;
using Grid.Inference.Tensors;
using Grid.Primitives;

namespace Grid.Grains.Predictions;

/// <summary>All that follow the answers to requests by tensors: the prediction log and the monitors. Thread-safe.</summary>
internal sealed class TensorFollowers(PredictionRecorder recorder, MonitorFeeds monitors)
{
    /// <param name="replica">The version that answered.</param>
    /// <param name="revision">The catalogue revision that chose it.</param>
    /// <param name="inputs">What was asked.</param>
    /// <param name="outputs">What was answered.</param>
    /// <param name="taken">When the request was taken up, a time stamp of the silo's clock.</param>
    /// <returns>The id of the first row in the log; null where the version is not logged or the request is none of rows.</returns>
    public string? Answered(in Replica replica, long revision, IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> outputs, long taken)
    {
        if (!replica.SupportsRows)
        {
            return null;
        }

        var isLogged = recorder.Wants(replica);
        if ((!isLogged && !monitors.IsEnabled) || TensorRows.Of(replica, inputs, outputs) is not { } rows)
        {
            return null;
        }

        if (monitors.IsEnabled)
        {
            monitors.OfferTensors(replica, rows);
        }

        return isLogged ? recorder.Answered(replica, revision, rows, taken) : null;
    }
}
