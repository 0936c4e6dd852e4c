namespace Grid.Storage.Sqlite;

/// <summary>The outcomes of a SQLite store.</summary>
internal sealed class SqliteOutcomeStore(SqliteReaders readers, SqliteLane writer) : IOutcomeStore
{
    public Task<IReadOnlyList<OutcomeVerdict>> ReportAsync(string workspace, string tenant, IReadOnlyList<OutcomeRecord> outcomes, CancellationToken cancellationToken)
    {
        OutcomeChecks.RequireReport(workspace, tenant, outcomes);
        return writer.RunAsync<IReadOnlyList<OutcomeVerdict>>(
            database => database.Write(db =>
            {
                var verdicts = new OutcomeVerdict[outcomes.Count];
                for (var i = 0; i < verdicts.Length; i++)
                {
                    verdicts[i] = Report(db, workspace, tenant, outcomes[i]);
                }

                return verdicts;
            }),
            cancellationToken);
    }

    public Task<IReadOnlyList<StoredOutcome>> ReadAsync(
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
        return readers.ReadAsync<IReadOnlyList<StoredOutcome>>(
            database =>
            {
                var outcomes = new List<StoredOutcome>();
                var rows = database.Statement(Select)
                    .Bind(1, workspace)
                    .Bind(2, tenant)
                    .Bind(3, model)
                    .Bind(4, StoredTime.ToMicroseconds(after?.Record.Time ?? from))
                    .Bind(5, after?.Id ?? 0)
                    .Bind(6, StoredTime.ToMicroseconds(to))
                    .Bind(7, max);
                while (rows.Step())
                {
                    outcomes.Add(new StoredOutcome(
                        rows.Int64(0),
                        new OutcomeRecord(
                            rows.IsNull(1) ? null : rows.Text(1),
                            model,
                            rows.Text(2),
                            StoredTime.FromMicroseconds(rows.Int64(3)),
                            rows.Double(4),
                            StoredTime.FromMicroseconds(rows.Int64(6))),
                        (int)rows.Int64(5)));
                }

                return outcomes;
            },
            cancellationToken);
    }

    public Task<long> EraseAsync(string workspace, string tenant, string? entity, CancellationToken cancellationToken)
    {
        OutcomeChecks.RequireErase(workspace, tenant, entity);
        return OutcomeChecks.EraseAllAsync(() => writer.RunAsync(
            database => database.Write(db =>
            {
                var statement = db.Statement(entity is null ? EraseTenant : EraseEntity).Bind(1, workspace).Bind(2, tenant).Bind(3, OutcomeChecks.EraseRows);
                return (entity is null ? statement : statement.Bind(4, entity)).Run();
            }),
            cancellationToken));
    }

    public async Task<long> EraseByIdAsync(string workspace, string tenant, IReadOnlyList<string> predictionIds, CancellationToken cancellationToken)
    {
        OutcomeChecks.RequireErase(workspace, tenant);
        var erased = 0L;
        foreach (var ids in predictionIds.Chunk(OutcomeChecks.EraseRows))
        {
            erased += await writer.RunAsync(
                database => database.Write(db =>
                {
                    var rows = 0;
                    foreach (var id in ids)
                    {
                        rows += db.Statement(EraseById).Bind(1, workspace).Bind(2, tenant).Bind(3, id).Run();
                    }

                    return rows;
                }),
                cancellationToken);
        }

        return erased;
    }

    private static OutcomeVerdict Report(SqliteDatabase database, string workspace, string tenant, OutcomeRecord outcome)
    {
        var time = StoredTime.ToMicroseconds(outcome.Time);
        var found = outcome.PredictionId is { } id
            ? database.Statement(FindById).Bind(1, workspace).Bind(2, tenant).Bind(3, id)
            : database.Statement(FindByEntity).Bind(1, workspace).Bind(2, tenant).Bind(3, outcome.Model).Bind(4, outcome.Entity).Bind(5, time);
        if (!found.Step())
        {
            database.Statement(Insert)
                .Bind(1, workspace)
                .Bind(2, tenant)
                .Bind(3, outcome.PredictionId)
                .Bind(4, outcome.Model)
                .Bind(5, outcome.Entity)
                .Bind(6, time)
                .Bind(7, outcome.Value)
                .Bind(8, StoredTime.ToMicroseconds(outcome.ReportedAt))
                .Run();
            return OutcomeVerdict.Recorded;
        }

        var row = found.Int64(0);
        var verdict = OutcomeChecks.Judge(outcome, found.Text(1), found.Double(2));
        found.Reset();
        if (verdict == OutcomeVerdict.Corrected)
        {
            database.Statement(Correct).Bind(1, outcome.Value).Bind(2, StoredTime.ToMicroseconds(outcome.ReportedAt)).Bind(3, row).Run();
        }

        return verdict;
    }

    private const string FindById =
        "select id, model, value from outcome where workspace = ?1 and tenant = ?2 and prediction_id = ?3";

    private const string FindByEntity = """
        select id, model, value from outcome
        where workspace = ?1 and tenant = ?2 and model = ?3 and entity = ?4 and time_us = ?5 and prediction_id is null
        """;

    private const string Insert = """
        insert into outcome (workspace, tenant, prediction_id, model, entity, time_us, value, corrections, reported_us)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8)
        """;

    private const string Correct = "update outcome set value = ?1, corrections = corrections + 1, reported_us = ?2 where id = ?3";

    private const string Select = """
        select id, prediction_id, entity, time_us, value, corrections, reported_us from outcome
        where workspace = ?1 and tenant = ?2 and model = ?3 and (time_us, id) > (?4, ?5) and time_us < ?6
        order by time_us, id limit ?7
        """;

    private const string EraseTenant = "delete from outcome where id in (select id from outcome where workspace = ?1 and tenant = ?2 limit ?3)";

    private const string EraseEntity = "delete from outcome where id in (select id from outcome where workspace = ?1 and tenant = ?2 and entity = ?4 limit ?3)";

    private const string EraseById = "delete from outcome where workspace = ?1 and tenant = ?2 and prediction_id = ?3";
}
