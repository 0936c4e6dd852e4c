using Grid.Primitives;

namespace Grid.Storage.PostgreSql;

/// <summary>
/// Artifacts in the database, in chunks, with copies in a local folder. A copy is verified each time it is used, and fetched anew if it
/// is damaged; it serves while the database is away. Safe for concurrent use.
/// </summary>
internal sealed class PostgreSqlArtifactStore(PostgreSqlPool pool, FileArtifactStore copies) : IArtifactStore
{
    /// <summary>The engine moves a value as a whole, several times in memory: small enough for that, large enough for few round trips.</summary>
    private const int ChunkBytes = 1 << 20;

    private const int SweepRows = 1000;

    public async Task<ArtifactInfo> PutAsync(Stream content, long maxBytes, CancellationToken cancellationToken)
    {
        // 1. The copy, which counts and hashes. Until the database has the artifact it is a copy of nothing.
        var info = await copies.PutAsync(content, maxBytes, cancellationToken);

        // 2. The chunks and the row that says they are all there, in one transaction. They replace what is there: that mends it.
        await pool.WriteAsync(
            async (connection, token) =>
            {
                var digest = Convert.FromHexString(info.Digest.Hex);
                await connection.Sql(UpsertArtifact).Bind(digest).Bind(info.SizeBytes).RunAsync(token);
                await using var copy = await copies.OpenAsync(info.Digest, token);
                var chunk = new byte[Math.Min(ChunkBytes, info.SizeBytes)];
                var number = 0;
                int read;
                while ((read = await copy.ReadAtLeastAsync(chunk, chunk.Length, throwOnEndOfStream: false, token)) > 0)
                {
                    await connection.Sql(UpsertChunk).Bind(digest).Bind(number++).BindBytes(chunk.AsMemory(0, read)).RunAsync(token);
                }

                await connection.Sql(DeleteChunks).Bind(digest).Bind(number).RunAsync(token);
                return number;
            },
            mayRepeat: true,
            cancellationToken);
        return info;
    }

    public async Task<Stream> OpenAsync(Digest digest, CancellationToken cancellationToken)
    {
        await VerifiedPathOfAsync(digest, cancellationToken);
        return await copies.OpenAsync(digest, cancellationToken);
    }

    public async ValueTask<bool> ExistsAsync(Digest digest, CancellationToken cancellationToken) =>
        !digest.IsEmpty && await FindSizeAsync(digest, cancellationToken) is not null;

    public async Task<string> VerifiedPathOfAsync(Digest digest, CancellationToken cancellationToken)
    {
        try
        {
            return await copies.VerifiedPathOfAsync(digest, cancellationToken);
        }
        catch (GridException failure) when (failure.Code is GridErrorCode.NotFound or GridErrorCode.Corrupt)
        {
            // No copy, or none that can be used: the database has the original.
            await FetchAsync(digest, cancellationToken);
            return await copies.VerifiedPathOfAsync(digest, cancellationToken);
        }
    }

    public async Task<IReadOnlyList<Digest>> FindAsync(ReadOnlyMemory<byte> beginning, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(beginning.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(beginning.Length, FileArtifactStore.MaxBeginning);
        return await pool.RunAsync(
            (connection, token) => connection.Sql(SelectBeginning).BindBytes(beginning).Bind(beginning.Length).ReadAllAsync(static row => Digests.FromHash(row.GetFieldValue<byte[]>(0)), token),
            cancellationToken);
    }

    public async Task RemoveAsync(Digest digest, CancellationToken cancellationToken)
    {
        // 1. The original, so that nobody fetches it again.
        var key = Convert.FromHexString(digest.Hex);
        await pool.WriteAsync(
            async (connection, token) =>
            {
                await connection.Sql(DeleteChunks).Bind(key).Bind(0).RunAsync(token);
                return await connection.Sql(DeleteArtifact).Bind(key).RunAsync(token);
            },
            mayRepeat: true,
            cancellationToken);

        // 2. The copy.
        copies.Remove(digest);
    }

    /// <summary>Removes copies of what the database does not have: another process removed it, or its upload broke off.</summary>
    public async Task RemoveOrphansAsync(CancellationToken cancellationToken)
    {
        foreach (var digests in copies.All().Chunk(SweepRows))
        {
            var keys = Array.ConvertAll(digests, static digest => Convert.FromHexString(digest.Hex));
            var there = (await pool.RunAsync(
                (connection, token) => connection.Sql(SelectThere).Bind(keys).ReadAllAsync(static row => Digests.FromHash(row.GetFieldValue<byte[]>(0)), token),
                cancellationToken)).ToHashSet();
            foreach (var digest in digests.Where(digest => !there.Contains(digest)))
            {
                copies.Remove(digest);
            }
        }
    }

    private async Task FetchAsync(Digest digest, CancellationToken cancellationToken)
    {
        var target = $"artifact '{digest}'";
        var size = await FindSizeAsync(digest, cancellationToken)
            ?? throw GridError.NotFound(target, "is not stored here.", "Store it first.").ToException();
        var key = Convert.FromHexString(digest.Hex);
        await using var chunks = new ChunkStream((number, token) => pool.RunAsync(
            (connection, stop) => connection.Sql(SelectChunk).Bind(key).Bind(number).ScalarAsync<byte[]>(stop),
            token));

        // A longer one is damaged too, and its digest says so.
        var fetched = await copies.PutAsync(chunks, long.MaxValue, cancellationToken);
        if (fetched.Digest != digest)
        {
            copies.Remove(fetched.Digest);
            throw new GridError(
                GridErrorCode.Corrupt,
                target,
                $"Expected {size} bytes, and found {fetched.SizeBytes} bytes of the digest {fetched.Digest}.",
                "Store the artifact again from its source; that replaces the damaged chunks.").ToException();
        }
    }

    private async Task<long?> FindSizeAsync(Digest digest, CancellationToken cancellationToken)
    {
        var key = Convert.FromHexString(digest.Hex);
        var found = await pool.RunAsync((connection, token) => connection.Sql(SelectSize).Bind(key).ReadAllAsync(static row => row.GetInt64(0), token), cancellationToken);
        return found.Count == 0 ? null : found[0];
    }

    private const string UpsertArtifact = """
        insert into artifact (digest, size_bytes) values ($1, $2)
        on conflict (digest) do update set size_bytes = excluded.size_bytes
        """;

    private const string UpsertChunk = """
        insert into artifact_chunk (digest, number, content) values ($1, $2, $3)
        on conflict (digest, number) do update set content = excluded.content where artifact_chunk.content <> excluded.content
        """;

    private const string DeleteChunks = "delete from artifact_chunk where digest = $1 and number >= $2";

    private const string DeleteArtifact = "delete from artifact where digest = $1";

    private const string SelectThere = "select digest from artifact where digest = any($1)";

    // Chunks are stored as they are, so that only the first bytes of each are read.
    private const string SelectBeginning = "select digest from artifact_chunk where number = 0 and substring(content from 1 for $2) = $1";

    private const string SelectSize = "select size_bytes from artifact where digest = $1";

    private const string SelectChunk = "select content from artifact_chunk where digest = $1 and number = $2";
}
