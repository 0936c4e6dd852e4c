using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace Grid.Storage.PostgreSql;

/// <summary>The dead letters of a PostgreSQL store.</summary>
internal sealed class PostgreSqlDeadLetterStore(PostgreSqlPool readers, PostgreSqlPool writers) : IDeadLetterStore
{
    public Task<int> AddAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken)
    {
        DeadLetterChecks.RequireAdd(letters);
        return letters.Count == 0
            ? Task.FromResult(0)
            : writers.WriteAsync(
                async (connection, token) =>
                {
                    // Ids must become visible in their order: a reader who has seen one never looks below it again.
                    await connection.Sql(TakeTurns).RunAsync(token);
                    var command = connection.Sql(Insert)
                        .Bind(Column(letters, static letter => RowIdentity.Of(letter.Workspace, letter.Tenant, letter.Shard.ToString(CultureInfo.InvariantCulture), letter.Source, letter.Position)))
                        .Bind(Column(letters, static letter => EscapedText.Escape(letter.Workspace)))
                        .Bind(Column(letters, static letter => EscapedText.Escape(letter.Tenant)))
                        .Bind(Column(letters, static letter => letter.Shard))
                        .Bind(Column(letters, static letter => EscapedText.Escape(letter.Source)))
                        .Bind(Column(letters, static letter => EscapedText.Escape(letter.Position)))
                        .Bind(Column(letters, static letter => EscapedText.Escape(letter.Reason)))
                        .Bind(Column(letters, static letter => EscapedText.Escape(letter.Message)))
                        .Bind(Column(letters, static letter => StoredTime.ToMicroseconds(letter.SetAsideAt)));
                    command.Parameters.Add(new NpgsqlParameter<ReadOnlyMemory<byte>[]>
                    {
                        TypedValue = Column(letters, static letter => letter.Payload),
                        NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea,
                    });
                    return await command.RunAsync(token);
                },
                mayRepeat: true,
                cancellationToken);
    }

    public async Task<IReadOnlyList<StoredDeadLetter>> ReadAsync(string workspace, string tenant, long afterId, int max, CancellationToken cancellationToken)
    {
        DeadLetterChecks.RequireRead(max);
        return await readers.RunAsync(
            (connection, token) => connection.Sql(Select).Bind(EscapedText.Escape(workspace)).Bind(EscapedText.Escape(tenant)).Bind(afterId).Bind(max).ReadAllAsync(
                row => new StoredDeadLetter(
                    row.GetInt64(0),
                    new DeadLetter(
                        workspace,
                        tenant,
                        row.GetInt32(1),
                        EscapedText.Unescape(row.GetString(2)),
                        EscapedText.Unescape(row.GetString(3)),
                        EscapedText.Unescape(row.GetString(4)),
                        EscapedText.Unescape(row.GetString(5)),
                        row.GetFieldValue<byte[]>(7),
                        StoredTime.FromMicroseconds(row.GetInt64(6)))),
                token),
            cancellationToken);
    }

    private static TColumn[] Column<TColumn>(IReadOnlyList<DeadLetter> letters, Func<DeadLetter, TColumn> of)
    {
        var column = new TColumn[letters.Count];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = of(letters[i]);
        }

        return column;
    }

    // Conflicts with itself, not with readers and not with vacuum's look at the table.
    private const string TakeTurns = "lock table dead_letter in share row exclusive mode";

    private const string Insert = """
        insert into dead_letter (identity, workspace, tenant, shard, source, position, reason, message, time_us, payload)
        select l.identity, l.workspace, l.tenant, l.shard, l.source, l.position, l.reason, l.message, l.time_us, l.payload
        from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) with ordinality
            as l(identity, workspace, tenant, shard, source, position, reason, message, time_us, payload, place)
        order by l.place
        on conflict (identity) do nothing
        """;

    private const string Select = """
        select id, shard, source, position, reason, message, time_us, payload from dead_letter
        where workspace = $1 and tenant = $2 and id > $3 order by id limit $4
        """;
}
