using Grid.Abstractions;

namespace Grid.Client.Wire;

/// <summary>Logged predictions in wire form.</summary>
public static class WireRecords
{
    public static PredictionRecordBody ToBody(PredictionRecord record) => new()
    {
        PredictionId = record.Id,
        Tenant = record.Tenant,
        Entity = record.Entity,
        AsOf = new WireTime(record.AsOfMs),
        Answered = new WireTime(record.AnsweredMs),
        Model = record.Model,
        Version = record.Version,
        Digest = record.Digest,
        Views = record.Views,
        CatalogueRevision = record.Revision,
        LatencyUs = record.LatencyUs,
        TraceId = record.TraceId.Length == 0 ? null : record.TraceId,
        Runtime = record.Runtime,
        FeatureNames = record.FeatureNames,
        Features = new WireFloats(record.Features),
        OutputNames = record.OutputNames,
        Outputs = new WireFloats(record.Values),
    };

    public static PredictionRecord FromBody(PredictionRecordBody body) => new()
    {
        Id = body.PredictionId,
        Tenant = body.Tenant,
        Entity = body.Entity,
        AsOfMs = body.AsOf.UnixMs,
        AnsweredMs = body.Answered.UnixMs,
        Model = body.Model,
        Version = body.Version,
        Digest = body.Digest,
        Views = body.Views,
        Revision = body.CatalogueRevision,
        LatencyUs = body.LatencyUs,
        TraceId = body.TraceId ?? "",
        Runtime = body.Runtime,
        FeatureNames = [.. body.FeatureNames],
        Features = body.Features.Values,
        OutputNames = [.. body.OutputNames],
        Values = body.Outputs.Values,
    };

    public static ReplayBody ToBody(Replay replay) => new()
    {
        Logged = ToBody(replay.Logged),
        Outputs = new WireFloats(replay.Values),
        Runtime = replay.Runtime,
        Equal = replay.IsEqual,
        MaxDifference = double.IsFinite(replay.MaxDifference) ? replay.MaxDifference : null,
    };

    public static Replay FromBody(ReplayBody body) =>
        new(FromBody(body.Logged), body.Outputs.Values, body.Runtime, body.Equal, body.MaxDifference ?? double.NaN);
}
