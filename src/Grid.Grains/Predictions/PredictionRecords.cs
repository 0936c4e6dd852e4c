using Grid.Abstractions;
using Grid.Storage.Predictions;

namespace Grid.Grains.Predictions;

/// <summary>Rows of the log as they are sent.</summary>
internal static class PredictionRecords
{
    public static async Task<PredictionRecord?> FindAsync(PredictionLog? log, string workspace, string id, CancellationToken cancellationToken) =>
        log is not null && await log.Files.FindAsync(workspace, id, cancellationToken) is { } row ? Of(row) : null;

    private static PredictionRecord Of(LoggedPrediction row) => new()
    {
        Id = row.Id,
        Tenant = row.Tenant,
        Entity = row.Entity,
        AsOfMs = row.TimeMs,
        AnsweredMs = row.AtMs,
        Model = row.Layout.Version.Model,
        Version = row.Layout.Version.Version,
        Digest = row.Layout.Digest,
        Views = row.Layout.Views,
        Revision = row.Revision,
        LatencyUs = row.LatencyUs,
        TraceId = row.TraceId,
        Runtime = row.Layout.Runtime,
        FeatureNames = row.Layout.Features,
        Features = row.Vector,
        OutputNames = row.Layout.Outputs,
        Values = row.Output,
    };
}
