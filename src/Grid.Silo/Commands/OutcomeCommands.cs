using System.CommandLine;
using System.Globalization;
using System.Text;
using Grid.Abstractions;
using Grid.Client;
using Grid.Client.Wire;
using Grid.Primitives;
using Grid.Silo.Http.Json;
using Grid.Silo.Http.Reading;

namespace Grid.Silo.Commands;

/// <summary><c>grid outcomes push</c>.</summary>
internal static class OutcomeCommands
{
    /// <summary>Lines sent together.</summary>
    private const int LinesPerReport = 1000;

    /// <summary>Lines not taken that are kept for the report; all are counted.</summary>
    private const int MaxRefusals = 1000;

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
            var report = await PushAsync(client, parsed.GetValue(tenant)!, lines, cancellationToken);
            Write(context, parsed, report);
            return report.Refused.Count > 0 ? ExitCodes.Failed : ExitCodes.Ok;
        }));
        return command;
    }

    private static async Task<SendReport> PushAsync(IGridClient client, string tenant, TextReader lines, CancellationToken cancellationToken)
    {
        var verdicts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var refused = new List<SendRefusal>();
        var waiting = new List<(long Line, Outcome Outcome)>(LinesPerReport);
        var number = 0L;
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            try
            {
                waiting.Add((number, JsonCursor.Parse(Encoding.UTF8.GetBytes(line), static (ref cursor) =>
                {
                    cursor.Next();
                    return OutcomesReader.ReadOne(ref cursor, "outcome");
                })));
            }
            catch (GridException e)
            {
                Count(number, new OutcomeAnswer(OutcomeVerdict.Refused, e.Error.ToString()));
            }

            if (waiting.Count == LinesPerReport)
            {
                await SendAsync();
            }
        }

        await SendAsync();
        refused.Sort(static (a, b) => a.Line.CompareTo(b.Line));
        return new SendReport { Verdicts = verdicts, Refused = refused };

        async Task SendAsync()
        {
            if (waiting.Count == 0)
            {
                return;
            }

            var answers = await client.ReportOutcomeAsync(tenant, [.. waiting.Select(static w => w.Outcome)], cancellationToken);
            for (var i = 0; i < answers.Count; i++)
            {
                Count(waiting[i].Line, answers[i]);
            }

            waiting.Clear();
        }

        void Count(long line, OutcomeAnswer answer)
        {
            var name = WireEnum.NameOf(answer.Verdict);
            verdicts[name] = verdicts.GetValueOrDefault(name) + 1;
            if (answer.Verdict is not (OutcomeVerdict.Recorded or OutcomeVerdict.Duplicate or OutcomeVerdict.Corrected) && refused.Count < MaxRefusals)
            {
                refused.Add(new SendRefusal(line, name, answer.Reason));
            }
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

        context.Output.WriteTable(["verdict", "outcomes"], report.Verdicts.Select(static v => new[] { v.Key, v.Value.ToString(CultureInfo.InvariantCulture) }));
    }
}
