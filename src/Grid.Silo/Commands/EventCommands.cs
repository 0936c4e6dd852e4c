using System.CommandLine;
using System.Text;
using Grid.Abstractions;
using Grid.Client;
using Grid.Client.Wire;
using Grid.Primitives;
using Grid.Silo.Http.Json;
using Grid.Silo.Http.Reading;

namespace Grid.Silo.Commands;

/// <summary><c>grid events send</c>.</summary>
internal static class EventCommands
{
    /// <summary>Lines sent together; the SDK cuts further by size.</summary>
    private const int LinesPerAppend = 1000;

    /// <summary>Refused lines that are kept for the report; all are counted.</summary>
    private const int MaxRefusals = 1000;

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
            var report = await SendAsync(client, parsed.GetValue(tenant)!, lines, parsed.GetValue(ack), cancellationToken);
            Write(context, parsed, report);
            return report.Verdicts.ContainsKey(WireEnum.NameOf(EventVerdict.Refused)) ? ExitCodes.Failed : ExitCodes.Ok;
        }));
        return command;
    }

    private static async Task<SendReport> SendAsync(IGridClient client, string tenant, TextReader lines, AckMode ack, CancellationToken cancellationToken)
    {
        var verdicts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var refused = new List<SendRefusal>();
        var events = new List<GridEvent>(LinesPerAppend);
        var numbers = new List<long>(LinesPerAppend);
        var number = 0L;
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            var (item, fault) = Parse(line);
            if (item is null)
            {
                Count(verdicts, refused, number, new EventAnswer(EventVerdict.Refused, fault));
                continue;
            }

            events.Add(item);
            numbers.Add(number);
            if (events.Count == LinesPerAppend)
            {
                await FlushAsync(client, tenant, events, numbers, ack, verdicts, refused, cancellationToken);
            }
        }

        await FlushAsync(client, tenant, events, numbers, ack, verdicts, refused, cancellationToken);
        refused.Sort(static (a, b) => a.Line.CompareTo(b.Line));
        return new SendReport { Verdicts = verdicts, Refused = refused };
    }

    private static async Task FlushAsync(
        IGridClient client,
        string tenant,
        List<GridEvent> events,
        List<long> numbers,
        AckMode ack,
        SortedDictionary<string, long> verdicts,
        List<SendRefusal> refused,
        CancellationToken cancellationToken)
    {
        if (events.Count == 0)
        {
            return;
        }

        var answers = await client.AppendAsync(tenant, events, ack, cancellationToken);
        for (var i = 0; i < answers.Count; i++)
        {
            Count(verdicts, refused, numbers[i], answers[i]);
        }

        events.Clear();
        numbers.Clear();
    }

    private static void Count(SortedDictionary<string, long> verdicts, List<SendRefusal> refused, long line, EventAnswer answer)
    {
        var name = WireEnum.NameOf(answer.Verdict);
        verdicts[name] = verdicts.GetValueOrDefault(name) + 1;
        if (answer.Verdict is not (EventVerdict.Accepted or EventVerdict.Duplicate) && refused.Count < MaxRefusals)
        {
            refused.Add(new SendRefusal(line, name, answer.Reason));
        }
    }

    private static (GridEvent? Event, string? Fault) Parse(string line)
    {
        try
        {
            return JsonCursor.Parse(Encoding.UTF8.GetBytes(line), static (ref cursor) =>
            {
                cursor.Next();
                var item = AppendReader.ReadEvent(ref cursor, out var fault);
                return (item, fault);
            });
        }
        catch (GridException e)
        {
            return (null, e.Error.ToString());
        }
    }

    private static void Write(CommandContext context, ParseResult parsed, SendReport report)
    {
        if (context.WantsJson(parsed))
        {
            context.Output.WriteJson(report, CommandJson.Default.SendReport);
            return;
        }

        foreach (var item in report.Refused)
        {
            context.Output.Error.WriteLine($"line {item.Line}: {item.Verdict}{(item.Reason is null ? "" : $": {item.Reason}")}");
        }

        context.Output.WriteTable(["verdict", "events"], report.Verdicts.Select(static v => new[] { v.Key, v.Value.ToString(System.Globalization.CultureInfo.InvariantCulture) }));
    }
}
