using System.CommandLine;
using Grid.Abstractions;
using Grid.Client;
using Grid.Client.Wire;
using Grid.Silo.Http.Reading;

namespace Grid.Silo.Commands;

/// <summary><c>grid outcomes push</c>.</summary>
internal static class OutcomeCommands
{
    public static Command Outcomes(CommandContext context) => new("outcomes", "The truth about predictions.") { Push(context) };

    private static Command Push(CommandContext context)
    {
        var tenant = CommonOptions.Tenant();
        var file = new Option<string>("--file")
        {
            Description = "File with one JSON outcome per line: {\"prediction_id\",\"model\",\"value\"} or {\"model\",\"entity\",\"time\",\"value\"}; - for standard input.",
            Required = true,
        };
        var command = new Command("push", "Reports the truth about predictions. Safe to repeat; a later value corrects.") { tenant, file };
        command.SetAction(context.Run(async (parsed, client, cancellationToken) =>
        {
            using var lines = CommandFiles.Open(parsed.GetValue(file)!);
            var report = await Sender(client, parsed.GetValue(tenant)!).SendAsync(lines, cancellationToken);
            LineSender<Outcome>.Write(context, parsed, report, "outcomes");
            return report.Refused.Count > 0 ? ExitCodes.Failed : ExitCodes.Ok;
        }));
        return command;
    }

    private static LineSender<Outcome> Sender(IGridClient client, string tenant) => new(
        static (ref cursor) => (OutcomesReader.ReadOne(ref cursor, "outcome"), null),
        async (outcomes, cancellationToken) => (await client.ReportOutcomeAsync(tenant, outcomes, cancellationToken)).Select(AnswerOf),
        WireEnum.NameOf(OutcomeVerdict.Refused));

    private static LineSender<Outcome>.Answer AnswerOf(OutcomeAnswer answer) => new(
        WireEnum.NameOf(answer.Verdict),
        answer.Verdict is OutcomeVerdict.Recorded or OutcomeVerdict.Duplicate or OutcomeVerdict.Corrected,
        answer.Reason);
}
