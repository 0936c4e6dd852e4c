using System.CommandLine;
using System.Globalization;
using System.Text;
using Grid.Primitives;
using Grid.Silo.Http.Json;

namespace Grid.Silo.Commands;

/// <summary>Sends a file of one JSON item per line, many lines at a time, and tells what became of each line. For one file.</summary>
/// <typeparam name="T">An item.</typeparam>
/// <param name="parse">Reads the item of a line; an item that is not there was refused, with the reason.</param>
/// <param name="send">Sends items; the answers are in their order.</param>
/// <param name="refused">The verdict of a line that cannot be read.</param>
internal sealed class LineSender<T>(JsonRead<(T? Item, string? Fault)> parse, Func<IReadOnlyList<T>, CancellationToken, Task<IEnumerable<LineSender<T>.Answer>>> send, string refused)
    where T : class
{
    /// <summary>Lines sent together.</summary>
    private const int LinesPerCall = 1000;

    /// <summary>Lines not taken that are kept for the report; all are counted.</summary>
    private const int MaxRefusals = 1000;

    private readonly SortedDictionary<string, long> _verdicts = new(StringComparer.Ordinal);
    private readonly List<SendRefusal> _refusals = [];
    private readonly List<T> _items = new(LinesPerCall);
    private readonly List<long> _numbers = new(LinesPerCall);

    public async Task<SendReport> SendAsync(TextReader lines, CancellationToken cancellationToken)
    {
        var number = 0L;
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            var (item, fault) = Read(line);
            if (item is null)
            {
                Count(number, new Answer(refused, IsTaken: false, fault));
                continue;
            }

            _items.Add(item);
            _numbers.Add(number);
            if (_items.Count == LinesPerCall)
            {
                await FlushAsync(cancellationToken);
            }
        }

        await FlushAsync(cancellationToken);
        _refusals.Sort(static (a, b) => a.Line.CompareTo(b.Line));
        return new SendReport { Verdicts = _verdicts, Refused = _refusals };
    }

    /// <summary>Prints a report; without JSON, lines that were not taken go to the error output.</summary>
    public static void Write(CommandContext context, ParseResult parsed, SendReport report, string items)
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

        context.Output.WriteTable(["verdict", items], report.Verdicts.Select(static v => new[] { v.Key, v.Value.ToString(CultureInfo.InvariantCulture) }));
    }

    private (T? Item, string? Fault) Read(string line)
    {
        try
        {
            return JsonCursor.Parse(Encoding.UTF8.GetBytes(line), (ref cursor) =>
            {
                cursor.Next();
                return parse(ref cursor);
            });
        }
        catch (GridException e)
        {
            return (null, e.Error.ToString());
        }
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_items.Count == 0)
        {
            return;
        }

        foreach (var (number, answer) in _numbers.Zip(await send(_items, cancellationToken)))
        {
            Count(number, answer);
        }

        _items.Clear();
        _numbers.Clear();
    }

    private void Count(long line, Answer answer)
    {
        _verdicts[answer.Verdict] = _verdicts.GetValueOrDefault(answer.Verdict) + 1;
        if (!answer.IsTaken && _refusals.Count < MaxRefusals)
        {
            _refusals.Add(new SendRefusal(line, answer.Verdict, answer.Reason));
        }
    }

    /// <summary>What became of an item.</summary>
    /// <param name="Verdict">Its name.</param>
    /// <param name="IsTaken">False where the report lists the line.</param>
    /// <param name="Reason">Why it was not taken; null where there is nothing to say.</param>
    public readonly record struct Answer(string Verdict, bool IsTaken, string? Reason);
}
