namespace Grid.Storage.Predictions;

/// <summary>The outcomes of one model and tenant for one day by as-of time. Not thread-safe.</summary>
internal sealed class OutcomesOfDay
{
    private readonly Dictionary<string, (double Value, bool Taken)> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Entity, long TimeMs), (double Value, bool Taken)> _byEntity = [];

    private OutcomesOfDay()
    {
    }

    /// <summary>Outcomes that no prediction has taken.</summary>
    public int Unmatched => _byId.Values.Count(static o => !o.Taken) + _byEntity.Values.Count(static o => !o.Taken);

    public static async Task<OutcomesOfDay> ReadAsync(IOutcomeStore store, DatasetRequest request, string tenant, DateTimeOffset day, int page, CancellationToken cancellationToken)
    {
        var outcomes = new OutcomesOfDay();
        var from = day > request.From ? day : request.From;
        var to = day.AddDays(1) < request.To ? day.AddDays(1) : request.To;
        StoredOutcome? after = null;
        while (true)
        {
            var read = await store.ReadAsync(request.Workspace, tenant, request.Model, from, to, after, page, cancellationToken);
            foreach (var outcome in read)
            {
                var record = outcome.Record;
                if (record.PredictionId is { } id)
                {
                    outcomes._byId[id] = (record.Value, false);
                }
                else
                {
                    outcomes._byEntity[(record.Entity, record.Time.ToUnixTimeMilliseconds())] = (record.Value, false);
                }
            }

            if (read.Count < page)
            {
                return outcomes;
            }

            after = read[^1];
        }
    }

    /// <summary>The truth about a prediction: by its id, or else by entity and time, which may speak for several versions' predictions.</summary>
    public bool TryTake(string id, string entity, long timeMs, out double value)
    {
        if (_byId.TryGetValue(id, out var own))
        {
            value = own.Value;
            _byId[id] = (value, true);
            return true;
        }

        if (_byEntity.TryGetValue((entity, timeMs), out var shared))
        {
            value = shared.Value;
            _byEntity[(entity, timeMs)] = (value, true);
            return true;
        }

        value = 0;
        return false;
    }
}
