using Grid.Abstractions;
using Grid.Primitives;

namespace Grid.Grains.Ingestion;

/// <content>A topic of outcomes: each poll is stored before the frontier passes it, and storing an outcome twice changes nothing.</content>
internal sealed partial class PartitionIngest
{
    private async Task ReportOutcomesAsync(RoutedRecords routed, List<PoisonRecord> poison)
    {
        foreach (var (tenant, reported) in ReadOutcomes(routed))
        {
            var outcomes = reported.ConvertAll(static r => r.Outcome);
            var answers = await RetryAsync(() => _services.Outcomes.ReportAsync(_options.Workspace, tenant, outcomes, _stopping.Token));
            var taken = 0;
            for (var i = 0; i < answers.Length; i++)
            {
                if (answers[i].Reason is { } reason)
                {
                    poison.Add(new PoisonRecord(routed.RecordAt(reported[i].Position), tenant, answers[i].Verdict.ToString(), reason));
                }
                else
                {
                    taken++;
                }
            }

            _counts.Applied(taken, 0);
        }
    }

    /// <summary>The outcomes of known tenants, in the order of the records.</summary>
    private Dictionary<string, List<(long Position, Outcome Outcome)>> ReadOutcomes(RoutedRecords routed)
    {
        var outcomes = new Dictionary<string, List<(long, Outcome)>>(StringComparer.Ordinal);
        var events = routed.Decoded.Events;
        var reader = new EventBatchReader(events);
        for (var i = 0; reader.MoveNext(); i++)
        {
            var tenant = routed.Decoded.Tenants.Span[i];
            if (!_tenants.ContainsKey(tenant))
            {
                continue;
            }

            if (!outcomes.TryGetValue(tenant, out var list))
            {
                outcomes.Add(tenant, list = []);
            }

            list.Add((reader.Position, OutcomeFields.Read(events.Names, reader.TimeMs, reader.Fields)));
        }

        return outcomes;
    }
}
