using System.CommandLine;
using Grid.Abstractions;
using Grid.Client;
using Grid.Client.Wire;
using Grid.Primitives;
using Grid.Silo.Http.Reading;

namespace Grid.Silo.Commands;

/// <summary><c>grid events send</c>.</summary>
internal static class EventCommands
{
    public static Command Events(CommandContext context) => new("events", "Events.") { Send(context) };

    private static Command Send(CommandContext context)
    {
        var tenant = CommonOptions.Tenant();
        var file = new Option<string>("--file") { Description = "File with one JSON event per line: {\"type\",\"time\",\"key\",\"fields\"}; - for standard input.", Required = true };
        var ack = new Option<AckMode>("--ack") { Description = "durable: answered after the commit; applied: once readable.", DefaultValueFactory = static _ => AckMode.Durable };
        ack.AcceptOnlyFromAmong(WireEnum.NameOf(AckMode.Durable), WireEnum.NameOf(AckMode.Applied));
        var command = new Command("send", "Sends events with idempotency keys. Safe to repeat.") { tenant, file, ack };
        command.SetAction(context.Run(async (parsed, client, cancellationToken) =>
        {
            using var lines = CommandFiles.Open(parsed.GetValue(file)!);
            var report = await Sender(client, parsed.GetValue(tenant)!, parsed.GetValue(ack)).SendAsync(lines, cancellationToken);
            LineSender<GridEvent>.Write(context, parsed, report, "events");
            return report.Verdicts.ContainsKey(WireEnum.NameOf(EventVerdict.Refused)) ? ExitCodes.Failed : ExitCodes.Ok;
        }));
        return command;
    }

    private static LineSender<GridEvent> Sender(IGridClient client, string tenant, AckMode ack) => new(
        static (ref cursor) =>
        {
            var item = AppendReader.ReadEvent(ref cursor, out var fault);
            return (item, fault);
        },
        async (events, cancellationToken) => (await client.AppendAsync(tenant, events, ack, cancellationToken)).Select(AnswerOf),
        WireEnum.NameOf(EventVerdict.Refused));

    private static LineSender<GridEvent>.Answer AnswerOf(EventAnswer answer) =>
        new(WireEnum.NameOf(answer.Verdict), answer.Verdict is EventVerdict.Accepted or EventVerdict.Duplicate, answer.Reason);
}
