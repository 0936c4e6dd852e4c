using System.Text.Json;
using Grid.Abstractions;
using Grid.Monitoring.Signals;
using Grid.Monitoring.Windows;

namespace Grid.Grains.Monitoring;

/// <summary>Signals and figures as callers see them.</summary>
internal static class SignalInfos
{
    public static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    public static SignalInfo Of(Signal signal) => new()
    {
        Id = signal.Id,
        Type = NameOf(signal.Type),
        Severity = NameOf(signal.Severity),
        Status = NameOf(signal.Status),
        Workspace = signal.Version.Workspace,
        Model = signal.Version.Model,
        Version = signal.Version.Version,
        Digest = signal.Digest.IsEmpty ? "" : signal.Digest.ToString(),
        Tenant = signal.Tenant,
        Column = signal.Evidence.Column,
        Statistic = signal.Evidence.Statistic,
        Value = signal.Evidence.Value,
        Reference = signal.Evidence.Reference,
        Threshold = signal.Evidence.Threshold,
        P = signal.Evidence.P,
        Samples = signal.Evidence.Samples,
        EffectiveSamples = signal.Evidence.EffectiveSamples,
        FromMs = signal.Evidence.From.ToUnixTimeMilliseconds(),
        ToMs = signal.Evidence.To.ToUnixTimeMilliseconds(),
        OpenedMs = signal.OpenedAt.ToUnixTimeMilliseconds(),
        UpdatedMs = signal.UpdatedAt.ToUnixTimeMilliseconds(),
        AcknowledgedBy = signal.AcknowledgedBy,
        Explanation = signal.Explanation,
        Because = [.. signal.Because],
        DataFromMs = signal.DataSet?.From?.ToUnixTimeMilliseconds(),
        DataToMs = signal.DataSet?.To.ToUnixTimeMilliseconds(),
        LabelledRows = signal.DataSet?.LabelledRows ?? 0,
        Provisional = signal.ProvisionalReference,
        Tenants = signal.Evidence.Tenants?.Select(static t => new SignalTenantInfo(t.Tenant, t.Statistic, t.Value, t.P, t.Samples, t.EffectiveSamples, t.Share, t.Without)).ToArray(),
    };

    public static MonitorWindow Of(WindowReport report) => new(
        report.From.ToUnixTimeMilliseconds(),
        report.To.ToUnixTimeMilliseconds(),
        report.Rows,
        report.SamplingRate,
        report.Outcomes,
        report.Held,
        [
            .. report.Findings.Select(static f => new MonitorFinding(
                NameOf(f.Type), f.Evidence.Column, f.Evidence.Statistic, f.Evidence.Value, f.Evidence.Reference, f.Evidence.Threshold, f.Evidence.P, f.Evidence.Samples, f.Evidence.EffectiveSamples, f.Tested, f.Hit)),
        ]);
}
