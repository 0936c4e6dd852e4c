using System.CommandLine;
using System.Globalization;
using Grid.Abstractions;
using Grid.Client.Wire;

namespace Grid.Silo.Commands;

/// <summary><c>grid rebalance</c> and <c>grid explain</c>.</summary>
internal static class BalanceCommands
{
    private static readonly string[] SiloHeaders = ["silo", "cores", "queue ms", "shards", "state MiB", "calls/s", "remote/s"];
    private static readonly string[] DecisionHeaders = ["decision", "at", "what", "subject", "from", "to", "outcome", "ms", "why"];
    private static readonly string[] PlaceHeaders = ["silo", "here", "score", "used %", "with it %", "calls/s"];

    public static Command Rebalance(CommandContext context)
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be moved." };
        var command = new Command("rebalance", "Has the balancer look now and move what it decides; says why.") { dryRun };
        command.SetAction(context.Run(async (parsed, client, cancellationToken) =>
        {
            var report = await client.Cluster.RebalanceAsync(parsed.GetValue(dryRun), cancellationToken);
            Write(context, context.WantsJson(parsed), report);
            return report.Decisions.Any(static d => d.Outcome == DecisionOutcome.Failed) ? ExitCodes.Failed : ExitCodes.Ok;
        }));
        return command;
    }

    public static Command Explain(CommandContext context)
    {
        var subject = new Argument<string?>("subject")
        {
            Description = "A shard (acme/0), a version (late/3), the number of a decision; nothing for the balancer's last look and decisions.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("explain", "Says why a shard or a version is where it is, or why something was decided.") { subject };
        command.SetAction(context.Run(async (parsed, client, cancellationToken) =>
        {
            if (parsed.GetValue(subject) is { } asked)
            {
                Write(context, context.WantsJson(parsed), await client.Cluster.ExplainAsync(asked, cancellationToken));
            }
            else
            {
                Write(context, context.WantsJson(parsed), await client.Cluster.GetBalanceAsync(cancellationToken));
            }

            return ExitCodes.Ok;
        }));
        return command;
    }

    private static void Write(CommandContext context, bool asJson, BalanceReport report)
    {
        if (asJson)
        {
            context.Output.WriteJson(WireBalance.ToBody(report), WireContext.Default.BalanceBody);
            return;
        }

        context.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"mode {WireEnum.NameOf(report.Mode)}, imbalance {report.Imbalance:0.00} (busiest over mean), locality {report.Locality:0.0%}"));
        context.Output.WriteTable(SiloHeaders, report.Silos.Select(static s => (string[])
        [
            s.Silo, string.Create(CultureInfo.InvariantCulture, $"{s.UsedCores:0.00} of {s.CapacityCores:0.#}"), Text(s.QueueMs), Text(s.Shards), Text(s.StateBytes / 1048576.0), Text(s.CallsPerSecond), Text(s.RemotePerSecond),
        ]));
        WriteDecisions(context, report.Decisions);
        WriteHeld(context, report.Held);
        if (report.Decisions.Length == 0 && report.Held.Length == 0)
        {
            context.Output.WriteLine("Nothing to do.");
        }
    }

    private static void Write(CommandContext context, bool asJson, Explanation explanation)
    {
        if (asJson)
        {
            context.Output.WriteJson(WireBalance.ToBody(explanation), WireContext.Default.ExplanationBody);
            return;
        }

        context.Output.WriteLine($"{explanation.Kind} {explanation.Subject}: {explanation.Summary}");
        context.Output.WritePairs(explanation.Figures.Select(static f => (f.Name, string.Create(CultureInfo.InvariantCulture, $"{f.Value:0.######} {f.Unit}"))));
        if (explanation.Places.Length > 0)
        {
            context.Output.WriteTable(PlaceHeaders, explanation.Places.Select(static p => (string[])
            [
                p.Silo, p.IsHere ? "yes" : "", Text(p.Score), Text(p.UsedShare * 100), Text(p.ShareThere * 100), Text(p.CallsPerSecond),
            ]));
        }

        WriteDecisions(context, explanation.Decisions);
        WriteHeld(context, explanation.Held);
    }

    private static void WriteDecisions(CommandContext context, BalanceDecisionInfo[] decisions)
    {
        if (decisions.Length > 0)
        {
            context.Output.WriteTable(DecisionHeaders, decisions.Select(static d => (string[])
            [
                d.Id.ToString(CultureInfo.InvariantCulture), new WireTime(d.AtMs).ToString(), d.Kind, d.Subject, d.From ?? "", d.To ?? "", WireEnum.NameOf(d.Outcome), Text(d.TookMs), d.Failure is null ? d.Reason : $"{d.Failure} ({d.Reason})",
            ]));
        }
    }

    private static void WriteHeld(CommandContext context, BalanceHeld[] held)
    {
        foreach (var item in held)
        {
            context.Output.WriteLine($"held back: {item.Subject}: {item.Reason}");
        }
    }

    private static string Text(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
