using System.Globalization;
using Npgsql;

namespace Grid.Storage.PostgreSql;

/// <summary>The outcomes of a PostgreSQL store.</summary>
internal sealed class PostgreSqlOutcomeStore(PostgreSqlPool readers, PostgreSqlPool writers) : IOutcomeStore
{
    public Task<IReadOnlyList<OutcomeVerdict>> ReportAsync(string workspace, string tenant, IReadOnlyList<OutcomeRecord> outcomes, CancellationToken cancellationToken)
    {
        OutcomeChecks.RequireReport(workspace, tenant, outcomes);
        var identities = new byte[outcomes.Count][];
        for (var i = 0; i < identities.Length; i++)
        {
            identities[i] = IdentityOf(workspace, tenant, outcomes[i]);
        }

        return outcomes.Count == 0
            ? Task.FromResult<IReadOnlyList<OutcomeVerdict>>([])
            : writers.WriteAsync<IReadOnlyList<OutcomeVerdict>>(
                (connection, token) => ReportAsync(connection, workspace, tenant, outcomes, identities, token),
                mayRepeat: false,
                cancellationToken);
    }

    public async Task<IReadOnlyList<StoredOutcome>> ReadAsync(
        string workspace,
        string tenant,
        string model,
        DateTimeOffset from,
        DateTimeOffset to,
        StoredOutcome? after,
        int max,
        CancellationToken cancellationToken)
    {
        OutcomeChecks.RequireRead(max);
        return await readers.RunAsync(
            (connection, token) => connection.Sql(Select)
                .Bind(workspace)
                .Bind(tenant)
                .Bind(EscapedText.Escape(model))
                .Bind(StoredTime.ToMicroseconds(after?.Record.Time ?? from))
                .Bind(after?.Id ?? 0)
                .Bind(StoredTime.ToMicroseconds(to))
                .Bind(max)
                .ReadAllAsync(
                    row => new StoredOutcome(
                        row.GetInt64(0),
                        new OutcomeRecord(
                            row.IsDBNull(1) ? null : EscapedText.Unescape(row.GetString(1)),
                            model,
                            EscapedText.Unescape(row.GetString(2)),
                            StoredTime.FromMicroseconds(row.GetInt64(3)),
                            row.GetDouble(4),
                            StoredTime.FromMicroseconds(row.GetInt64(6))),
                        row.GetInt32(5)),
                    token),
            cancellationToken);
    }

    public Task<long> EraseAsync(string workspace, string tenant, string? entity, CancellationToken cancellationToken)
    {
        OutcomeChecks.RequireErase(workspace, tenant, entity);

        // Run again after a lost answer it removes what is left, and so never stops too soon.
        return OutcomeChecks.EraseAllAsync(() => writers.WriteAsync(
            (connection, token) =>
            {
                var command = connection.Sql(entity is null ? EraseTenant : EraseEntity).Bind(workspace).Bind(tenant).Bind(OutcomeChecks.EraseRows);
                return (entity is null ? command : command.Bind(EscapedText.Escape(entity))).RunAsync(token);
            },
            mayRepeat: true,
            cancellationToken));
    }

    public async Task<long> EraseByIdAsync(string workspace, string tenant, IReadOnlyList<string> predictionIds, CancellationToken cancellationToken)
    {
        OutcomeChecks.RequireErase(workspace, tenant);
        var erased = 0L;
        foreach (var ids in predictionIds.Chunk(OutcomeChecks.EraseRows))
        {
            var identities = Array.ConvertAll(ids, id => RowIdentity.Of(workspace, tenant, id));
            erased += await writers.WriteAsync((connection, token) => connection.Sql(EraseById).Bind(identities).RunAsync(token), mayRepeat: true, cancellationToken);
        }

        return erased;
    }

    private static async Task<IReadOnlyList<OutcomeVerdict>> ReportAsync(
        NpgsqlConnection connection,
        string workspace,
        string tenant,
        IReadOnlyList<OutcomeRecord> outcomes,
        byte[][] identities,
        CancellationToken cancellationToken)
    {
        // 1. Reports of one tenant take turns, so that what is read here still stands when it is written.
        await connection.Sql(TakeTurns).Bind($"grid outcome {workspace}/{tenant}").RunAsync(cancellationToken);
        var standing = (await connection.Sql(Find).Bind(identities).ReadAllAsync(
            static row => (Identity: Convert.ToHexString(row.GetFieldValue<byte[]>(0)), Model: EscapedText.Unescape(row.GetString(1)), Value: row.GetDouble(2)),
            cancellationToken)).ToDictionary(static row => row.Identity, static row => (row.Model, row.Value), StringComparer.Ordinal);

        // 2. One verdict after the other, as the list has them: it may name a prediction more than once.
        var verdicts = new OutcomeVerdict[outcomes.Count];
        var first = new List<int>();
        var corrections = new Dictionary<string, (int Count, int Last)>(StringComparer.Ordinal);
        for (var i = 0; i < verdicts.Length; i++)
        {
            var identity = Convert.ToHexString(identities[i]);
            if (!standing.TryGetValue(identity, out var there))
            {
                verdicts[i] = OutcomeVerdict.Recorded;
                first.Add(i);
            }
            else
            {
                verdicts[i] = OutcomeChecks.Judge(outcomes[i], there.Model, there.Value);
            }

            if (verdicts[i] == OutcomeVerdict.Corrected)
            {
                corrections[identity] = (corrections.GetValueOrDefault(identity).Count + 1, i);
            }

            if (verdicts[i] is OutcomeVerdict.Recorded or OutcomeVerdict.Corrected)
            {
                standing[identity] = (outcomes[i].Model, outcomes[i].Value);
            }
        }

        // 3. One statement for those that are new, one for those that changed.
        if (first.Count > 0)
        {
            await connection.Sql(Insert)
                .Bind(workspace)
                .Bind(tenant)
                .Bind(first.ConvertAll(i => identities[i]).ToArray())
                .Bind(first.ConvertAll(i => outcomes[i].PredictionId is { } id ? EscapedText.Escape(id) : null).ToArray())
                .Bind(first.ConvertAll(i => EscapedText.Escape(outcomes[i].Model)).ToArray())
                .Bind(first.ConvertAll(i => EscapedText.Escape(outcomes[i].Entity)).ToArray())
                .Bind(first.ConvertAll(i => StoredTime.ToMicroseconds(outcomes[i].Time)).ToArray())
                .Bind(first.ConvertAll(i => outcomes[i].Value).ToArray())
                .Bind(first.ConvertAll(i => StoredTime.ToMicroseconds(outcomes[i].ReportedAt)).ToArray())
                .RunAsync(cancellationToken);
        }

        if (corrections.Count > 0)
        {
            var last = corrections.Values.ToArray();
            await connection.Sql(Correct)
                .Bind(Array.ConvertAll(last, c => identities[c.Last]))
                .Bind(Array.ConvertAll(last, c => outcomes[c.Last].Value))
                .Bind(Array.ConvertAll(last, static c => c.Count))
                .Bind(Array.ConvertAll(last, c => StoredTime.ToMicroseconds(outcomes[c.Last].ReportedAt)))
                .RunAsync(cancellationToken);
        }

        return verdicts;
    }

    private static byte[] IdentityOf(string workspace, string tenant, OutcomeRecord outcome) => outcome.PredictionId is { } id
        ? RowIdentity.Of(workspace, tenant, id)
        : RowIdentity.Of(workspace, tenant, null, outcome.Model, outcome.Entity, StoredTime.ToMicroseconds(outcome.Time).ToString(CultureInfo.InvariantCulture));

    // Two tenants that share a hash only wait for each other.
    private const string TakeTurns = "select pg_advisory_xact_lock(hashtextextended($1, 0))";

    private const string Find = "select identity, model, value from outcome where identity = any($1)";

    private const string Insert = """
        insert into outcome (workspace, tenant, identity, prediction_id, model, entity, time_us, value, corrections, reported_us)
        select $1, $2, o.identity, o.prediction_id, o.model, o.entity, o.time_us, o.value, 0, o.reported_us
        from unnest($3, $4, $5, $6, $7, $8, $9) with ordinality as o(identity, prediction_id, model, entity, time_us, value, reported_us, place)
        order by o.place
        """;

    private const string Correct = """
        update outcome o set value = c.value, corrections = o.corrections + c.corrections, reported_us = c.reported_us
        from unnest($1, $2, $3, $4) as c(identity, value, corrections, reported_us) where o.identity = c.identity
        """;

    private const string Select = """
        select id, prediction_id, entity, time_us, value, corrections, reported_us from outcome
        where workspace = $1 and tenant = $2 and model = $3 and (time_us, id) > ($4, $5) and time_us < $6
        order by time_us, id limit $7
        """;

    private const string EraseTenant = "delete from outcome where id in (select id from outcome where workspace = $1 and tenant = $2 limit $3)";

    private const string EraseEntity = "delete from outcome where id in (select id from outcome where workspace = $1 and tenant = $2 and entity = $4 limit $3)";

    private const string EraseById = "delete from outcome where identity = any($1)";
}
