using System.CommandLine;
using System.Globalization;
using Grid.Abstractions;
using Grid.Client.Wire;
using Grid.Primitives;

namespace Grid.Silo.Commands;

/// <summary><c>grid signals</c>, <c>grid monitor</c>, <c>grid retrain</c>.</summary>
internal static class SignalCommands
{
    public static Command Signals(CommandContext context) => new("signals", "What the grid says about its models.") { List(context), Show(context), Acknowledge(context) };

    public static Command Monitor(CommandContext context)
    {
        var model = new Argument<string>("model") { Description = "The model." };
        var all = new Option<bool>("--all") { Description = "Also columns that could not be tested for want of samples." };
        var command = new Command("monitor", "Shows what was measured of a model's versions in service.") { model, all };
        command.SetAction(context.Run(async (parsed, client, cancellationToken) =>
        {
            var status = await client.Signals.GetMonitorAsync(parsed.GetValue(model)!, cancellationToken);
            if (context.WantsJson(parsed))
            {
                context.Output.WriteJson(WireSignals.ToBody(status), WireContext.Default.MonitorBody);
                return ExitCodes.Ok;
            }

            context.Output.WritePairs(
            [
                ("model", status.Model),
                ("open signals", Text($"{status.OpenSignals}")),
                ("events on their way", Text($"{status.PendingEvents} ({status.DroppedEvents} given up)")),
                ("labelled rows", Text($"{status.LabelledRows}")),
                ("retrain", $"{(status.Retrain.Start ? "asked for: " : "")}{status.Retrain.Explanation}"),
                .. status.Versions.SelectMany(Describe),
            ]);
            var findings = status.Versions.SelectMany(v => (v.Window?.Findings ?? []).Where(f => f.Tested || parsed.GetValue(all)).Select(f => (v.Version, Finding: f)));
            context.Output.WriteTable(
                ["version", "column", "statistic", "value", "reference", "threshold", "p", "samples", "effective", ""],
                findings.Select(static row => (string[])
                [
                    row.Version, row.Finding.Column ?? "-", row.Finding.Statistic, Number(row.Finding.Value), Number(row.Finding.Reference), Number(row.Finding.Threshold),
                    Number(row.Finding.P), Text($"{row.Finding.Samples}"), Text($"{row.Finding.EffectiveSamples:0}"), row.Finding.Hit ? "hit" : row.Finding.Tested ? "" : "too few",
                ]));
            return ExitCodes.Ok;
        }));
        return command;
    }

    public static Command Retrain(CommandContext context)
    {
        var model = new Argument<string>("model") { Description = "The model." };
        var by = By("Who asks; default the user of this shell.");
        var command = new Command("retrain", "Asks for a training by hand, where rows and budget allow it.") { model, by };
        command.SetAction(context.Run(async (parsed, client, cancellationToken) =>
        {
            var verdict = await client.Signals.RetrainAsync(parsed.GetValue(model)!, parsed.GetValue(by) ?? Environment.UserName, cancellationToken);
            if (context.WantsJson(parsed))
            {
                context.Output.WriteJson(WireSignals.ToBody(verdict), WireContext.Default.RetrainBody);
            }
            else
            {
                context.Output.WritePairs(
                [
                    ("asked for", verdict.Start ? "yes" : "no"),
                    ("reason", verdict.Reason ?? "-"),
                    ("explanation", verdict.Explanation),
                    ("not before", verdict.NotBeforeMs is { } ms ? new WireTime(ms).ToString() : "-"),
                    ("signal", verdict.SignalId ?? "-"),
                ]);
            }

            return verdict.Start ? ExitCodes.Ok : ExitCodes.Failed;
        }));
        return command;
    }

    private static Command List(CommandContext context)
    {
        var model = new Option<string?>("--model") { Description = "Of this model alone." };
        var cleared = new Option<bool>("--cleared") { Description = "Also those that are no longer true." };
        var command = new Command("list", "Lists signals, the latest first.") { model, cleared };
        command.SetAction(context.Run(async (parsed, client, cancellationToken) =>
        {
            var signals = await client.Signals.ListAsync(parsed.GetValue(model), parsed.GetValue(cleared), cancellationToken);
            if (context.WantsJson(parsed))
            {
                context.Output.WriteJson(new SignalsBody { Signals = [.. signals.Select(WireSignals.ToBody)] }, WireContext.Default.SignalsBody);
                return ExitCodes.Ok;
            }

            context.Output.WriteTable(
                ["opened", "type", "severity", "status", "version", "column", "value", "threshold", "tenants", "id"],
                signals.Select(static s => (string[])
                [
                    new WireTime(s.OpenedMs).ToString(), s.Type, s.Severity, s.Status, $"{s.Model}/{s.Version}", s.Column ?? "-", Number(s.Value), Number(s.Threshold),
                    s.Tenants is { Length: > 0 } tenants ? string.Join(' ', tenants.Select(static t => t.Tenant)) : "-", s.Id,
                ]));
            return ExitCodes.Ok;
        }));
        return command;
    }

    private static Command Show(CommandContext context)
    {
        var id = Id();
        var command = new Command("show", "Shows a signal with its evidence.") { id };
        command.SetAction(context.Run(async (parsed, client, cancellationToken) =>
        {
            var wanted = parsed.GetValue(id)!;
            var signals = await client.Signals.ListAsync(null, withCleared: true, cancellationToken);
            Write(context, parsed, signals.FirstOrDefault(s => s.Id == wanted) ?? throw Unknown(wanted));
            return ExitCodes.Ok;
        }));
        return command;
    }

    private static Command Acknowledge(CommandContext context)
    {
        var id = Id();
        var by = By("Who has seen it; default the user of this shell.");
        var command = new Command("ack", "Marks a signal as seen.") { id, by };
        command.SetAction(context.Run(async (parsed, client, cancellationToken) =>
        {
            var wanted = parsed.GetValue(id)!;
            var signals = await client.Signals.ListAsync(null, withCleared: false, cancellationToken);
            var signal = signals.FirstOrDefault(s => s.Id == wanted) ?? throw Unknown(wanted);
            Write(context, parsed, await client.Signals.AcknowledgeAsync(signal.Model, wanted, parsed.GetValue(by) ?? Environment.UserName, cancellationToken));
            return ExitCodes.Ok;
        }));
        return command;
    }

    private static void Write(CommandContext context, ParseResult parsed, SignalInfo s)
    {
        if (context.WantsJson(parsed))
        {
            context.Output.WriteJson(WireSignals.ToBody(s), WireContext.Default.SignalBody);
            return;
        }

        context.Output.WritePairs(
        [
            ("id", s.Id),
            ("type", s.Type),
            ("severity", s.Severity),
            ("status", s.AcknowledgedBy is { } by ? $"{s.Status}, seen by {by}" : s.Status),
            ("version", $"{s.Model}/{s.Version} {s.Digest}"),
            ("column", s.Column ?? "-"),
            ("evidence", Text($"{s.Statistic} {Number(s.Value)}, threshold {Number(s.Threshold)}, p {Number(s.P)}, {s.Samples} rows worth {s.EffectiveSamples:0}")),
            ("window", $"{new WireTime(s.FromMs)} to {new WireTime(s.ToMs)}"),
            ("opened", new WireTime(s.OpenedMs).ToString()),
            ("updated", new WireTime(s.UpdatedMs).ToString()),
            ("explanation", s.Explanation ?? "-"),
            .. TenantsOf(s),
            .. s.Because.Select(static reason => ("because", reason)),
            .. s.DataToMs is { } to
                ? [("data", $"predictions from {(s.DataFromMs is { } from ? new WireTime(from).ToString() : "the beginning")} to {new WireTime(to)}, {Text($"{s.LabelledRows}")} labelled")]
                : Array.Empty<(string, string)>(),
        ]);
    }

    private static IEnumerable<(string Name, string Value)> TenantsOf(SignalInfo s) => s.Tenants switch
    {
        null => [],
        [] => [("tenants", "no single one stands out")],
        var tenants => tenants.Select(static t => (
            "tenant",
            Text($"{t.Tenant}: {t.Statistic} {Number(t.Value)}, p {Number(t.P)}, {t.Samples} rows worth {t.EffectiveSamples:0}, {t.Share:0.#%} of all; without it {Number(t.Without)}"))),
    };

    private static IEnumerable<(string Name, string Value)> Describe(WatchedVersion v) =>
    [
        ("version", Text($"{v.Version}: baseline {v.Baseline}, {v.OpenRows} rows in open windows, {v.LateRows} late")),
        .. v.Window is { } w
            ? [("window", Text($"{new WireTime(w.FromMs)} to {new WireTime(w.ToMs)}: {w.Rows} rows, sampled {w.SamplingRate:0.###}, {w.Outcomes} outcomes{(w.Held ? ", drift not judged while the data has an incident" : "")}"))]
            : Array.Empty<(string, string)>(),
    ];

    private static GridException Unknown(string id) => GridError.NotFound($"signal '{id}'", "is not known.", "See those there are: grid signals list --cleared.").ToException();

    private static Argument<string> Id() => new("id") { Description = "Its id, as 'grid signals list' shows it." };

    private static Option<string?> By(string description) => new("--by") { Description = description };

    private static string Number(double? value) => value is { } number ? number.ToString("0.######", CultureInfo.InvariantCulture) : "-";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
