using Grid.Abstractions;

namespace Grid.Client.Wire;

/// <summary>Signals and figures of monitors in wire form.</summary>
public static class WireSignals
{
    public static SignalBody ToBody(SignalInfo s) => new()
    {
        Id = s.Id,
        Type = s.Type,
        Severity = s.Severity,
        Status = s.Status,
        Model = s.Model,
        Version = s.Version,
        Digest = s.Digest.Length > 0 ? s.Digest : null,
        Tenant = s.Tenant,
        Column = s.Column,
        Statistic = s.Statistic,
        Value = Finite(s.Value),
        Reference = Finite(s.Reference),
        Threshold = Finite(s.Threshold) ?? 0,
        P = Finite(s.P),
        Samples = s.Samples,
        EffectiveSamples = Finite(s.EffectiveSamples) ?? 0,
        From = new WireTime(s.FromMs),
        To = new WireTime(s.ToMs),
        OpenedAt = new WireTime(s.OpenedMs),
        UpdatedAt = new WireTime(s.UpdatedMs),
        AcknowledgedBy = s.AcknowledgedBy,
        Explanation = s.Explanation,
        Because = s.Because.Length > 0 ? s.Because : null,
        DataFrom = TimeOf(s.DataFromMs),
        DataTo = TimeOf(s.DataToMs),
        LabelledRows = s.DataToMs is null ? null : s.LabelledRows,
        Provisional = s.Provisional,
        Tenants = s.Tenants?.Select(static t => new SignalTenantBody
        {
            Tenant = t.Tenant,
            Statistic = t.Statistic,
            Value = Finite(t.Value),
            P = Finite(t.P),
            Samples = t.Samples,
            EffectiveSamples = Finite(t.EffectiveSamples) ?? 0,
            Share = Finite(t.Share) ?? 0,
            Without = Finite(t.Without),
        }).ToArray(),
    };

    public static SignalInfo FromBody(SignalBody b, string workspace) => new()
    {
        Id = b.Id,
        Type = b.Type,
        Severity = b.Severity,
        Status = b.Status,
        Workspace = workspace,
        Model = b.Model,
        Version = b.Version,
        Digest = b.Digest ?? "",
        Tenant = b.Tenant,
        Column = b.Column,
        Statistic = b.Statistic,
        Value = b.Value ?? double.NaN,
        Reference = b.Reference,
        Threshold = b.Threshold,
        P = b.P,
        Samples = b.Samples,
        EffectiveSamples = b.EffectiveSamples,
        FromMs = b.From.UnixMs,
        ToMs = b.To.UnixMs,
        OpenedMs = b.OpenedAt.UnixMs,
        UpdatedMs = b.UpdatedAt.UnixMs,
        AcknowledgedBy = b.AcknowledgedBy,
        Explanation = b.Explanation,
        Because = [.. b.Because ?? []],
        DataFromMs = b.DataFrom?.UnixMs,
        DataToMs = b.DataTo?.UnixMs,
        LabelledRows = b.LabelledRows ?? 0,
        Provisional = b.Provisional,
        Tenants = b.Tenants?.Select(static t => new SignalTenantInfo(
            t.Tenant, t.Statistic, t.Value ?? double.NaN, t.P ?? double.NaN, t.Samples, t.EffectiveSamples, t.Share, t.Without ?? double.NaN)).ToArray(),
    };

    public static RetrainBody ToBody(RetrainVerdict v) => new()
    {
        Start = v.Start, Reason = v.Reason, Explanation = v.Explanation, NotBefore = TimeOf(v.NotBeforeMs), SignalId = v.SignalId,
    };

    public static RetrainVerdict FromBody(RetrainBody b) => new(b.Start, b.Reason, b.Explanation, b.NotBefore?.UnixMs, b.SignalId);

    public static MonitorBody ToBody(MonitorStatus s) => new()
    {
        Model = s.Model,
        Versions = [.. s.Versions.Select(static v => new WatchedVersionBody { Version = v.Version, Baseline = v.Baseline, OpenRows = v.OpenRows, LateRows = v.LateRows, Window = v.Window is { } w ? ToBody(w) : null })],
        OpenSignals = s.OpenSignals,
        PendingEvents = s.PendingEvents,
        DroppedEvents = s.DroppedEvents,
        LabelledRows = s.LabelledRows,
        Retrain = ToBody(s.Retrain),
    };

    public static MonitorStatus FromBody(MonitorBody b, string workspace) => new(
        workspace,
        b.Model,
        [.. b.Versions.Select(static v => new WatchedVersion(v.Version, v.Baseline, v.OpenRows, v.LateRows, v.Window is { } w ? FromBody(w) : null))],
        b.OpenSignals,
        b.PendingEvents,
        b.DroppedEvents,
        b.LabelledRows,
        FromBody(b.Retrain));

    private static MonitorWindowBody ToBody(MonitorWindow w) => new()
    {
        From = new WireTime(w.FromMs),
        To = new WireTime(w.ToMs),
        Rows = w.Rows,
        SamplingRate = w.SamplingRate,
        Outcomes = w.Outcomes,
        Held = w.Held,
        Findings =
        [
            .. w.Findings.Select(static f => new FindingBody
            {
                Type = f.Type,
                Column = f.Column,
                Statistic = f.Statistic,
                Value = Finite(f.Value),
                Reference = Finite(f.Reference),
                Threshold = Finite(f.Threshold),
                P = Finite(f.P),
                Samples = f.Samples,
                EffectiveSamples = Finite(f.EffectiveSamples),
                Tested = f.Tested,
                Hit = f.Hit,
            }),
        ],
    };

    private static MonitorWindow FromBody(MonitorWindowBody b) => new(
        b.From.UnixMs,
        b.To.UnixMs,
        b.Rows,
        b.SamplingRate,
        b.Outcomes,
        b.Held,
        [
            .. b.Findings.Select(static f => new MonitorFinding(
                f.Type, f.Column, f.Statistic, f.Value ?? double.NaN, f.Reference, f.Threshold ?? double.NaN, f.P, f.Samples, f.EffectiveSamples ?? double.NaN, f.Tested, f.Hit)),
        ]);

    private static WireTime? TimeOf(long? ms) => ms is { } known ? new WireTime(known) : null;

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
