using Grid.Abstractions;

namespace Grid.Client.Wire;

/// <summary>Models and versions in wire form.</summary>
public static class WireModels
{
    public static ModelBody ToBody(ModelInfo info) => new()
    {
        Workspace = info.Workspace,
        Model = info.Model,
        Live = info.Live,
        Versions = info.Versions,
        Revision = info.Revision,
        Rollout = info.Rollout is { } rollout ? WireRollouts.ToBody(rollout) : null,
        Aliases = info.Aliases.Count > 0 ? info.Aliases : null,
        Tags = info.Tags.Count > 0 ? info.Tags : null,
    };

    public static ModelInfo FromBody(ModelBody body) => new(body.Workspace, body.Model, body.Live, [.. body.Versions], body.Revision)
    {
        Rollout = body.Rollout is { } rollout ? WireRollouts.FromBody(rollout) : null,
        Aliases = body.Aliases ?? [],
        Tags = body.Tags ?? [],
    };

    public static VersionBody ToBody(VersionInfo info) => new()
    {
        Workspace = info.Workspace,
        Model = info.Model,
        Version = info.Version,
        Digest = info.Digest,
        State = WireEnum.NameOf(info.State),
        Files = [.. info.Files.Select(f => new ArtifactFileBody { Name = f.Name, Digest = f.Digest, Bytes = f.Bytes })],
        Inputs = [.. info.Inputs.Select(ToBody)],
        Outputs = [.. info.Outputs.Select(ToBody)],
        Manifest = info.Manifest,
        Registered = new WireTime(info.RegisteredMs),
        Replicas = [.. info.Replicas.Select(r => new ReplicaBody { Silo = r.Silo, State = r.State, Reason = r.Reason, Revision = r.Revision })],
        Lineage = info.Lineage is { } l ? new LineageBody { Parent = l.Parent, Signal = l.Signal, DataSet = l.DataSet, Code = l.Code, Metrics = l.Metrics } : null,
        Tags = info.Tags.Count > 0 ? info.Tags : null,
    };

    public static VersionInfo FromBody(VersionBody body) => new(
        body.Workspace,
        body.Model,
        body.Version,
        body.Digest,
        WireEnum.TryParse<VersionState>(body.State, out var state) ? state : default,
        [.. body.Files.Select(f => new ArtifactFile(f.Name, f.Digest, f.Bytes))],
        [.. body.Inputs.Select(FromBody)],
        [.. body.Outputs.Select(FromBody)],
        body.Manifest,
        body.Registered.UnixMs,
        [.. body.Replicas.Select(r => new ReplicaReport(r.Silo, r.State, r.Reason, r.Revision))])
    {
        Lineage = body.Lineage is { } l ? new Lineage(l.Parent, l.Signal, l.DataSet, l.Code, l.Metrics) : null,
        Tags = body.Tags ?? [],
    };

    private static TensorSpecBody ToBody(TensorSpec spec) => new() { Name = spec.Name, DataType = spec.DataType, Shape = spec.Shape };

    private static TensorSpec FromBody(TensorSpecBody body) => new(body.Name, body.DataType, [.. body.Shape]);
}
