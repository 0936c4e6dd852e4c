using System.Text.RegularExpressions;
using Grid.Primitives;
using Npgsql;

namespace Grid.Storage.PostgreSql;

/// <summary>
/// How a <see cref="PostgreSqlGridStore"/> works. Immutable once the store is open. Each append lane has a queue of
/// <see cref="StoreOptions.QueueBlocks"/> and <see cref="StoreOptions.QueueBytes"/> of its own.
/// </summary>
public sealed partial class PostgreSqlStoreOptions : StoreOptions
{
    /// <summary>Where the database is, as Npgsql writes it: <c>Host=db;Database=grid;Username=grid</c>. Required. The store sizes its pool itself.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>A local folder for copies of artifacts, made if it is not there; one process holds it. Its loss costs a download. Required.</summary>
    public required string ArtifactFolder { get; init; }

    /// <summary>The schema of the tables, made if it is not there. A lower-case name of at most 63 characters. Default: <c>grid</c>.</summary>
    public string Schema { get; init; } = "grid";

    /// <summary>How many commits of appends may be under way at a time, each on a connection of its own. 1 to 32. Default: 4: beyond, the database's log is what they wait for.</summary>
    public int Lanes { get; init; } = 4;

    /// <summary>How long an attempt to connect may take. 1 s to 1 minute. Default: 5 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a statement may take before it counts as failed and the connection is given up; the server gives up a transaction that stands still for as long. 1 s to
    /// 10 minutes. Default: 15 s.
    /// </summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(15);

    private protected override void CheckOwn(List<GridError> errors)
    {
        if (Describe() is { } mistake)
        {
            errors.Add(GridError.Invalid("storage.connectionString", mistake, "Write it as 'Host=db;Database=grid;Username=grid'."));
        }

        if (string.IsNullOrWhiteSpace(ArtifactFolder))
        {
            errors.Add(GridError.Invalid("storage.artifactFolder", "is empty.", "Name a local folder for copies of artifacts."));
        }

        if (Schema is null || !SchemaName().IsMatch(Schema))
        {
            errors.Add(GridError.Invalid("storage.schema", $"is '{Schema}'.", "Use 1 to 63 of a-z 0-9 _ and start with a letter or '_'."));
        }

        CheckRange(errors, "storage.lanes", Lanes, 1, 32);
        CheckTime(errors, "storage.connectTimeout", ConnectTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        CheckTime(errors, "storage.commandTimeout", CommandTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
    }

    private static void CheckTime(List<GridError> errors, string name, TimeSpan value, TimeSpan min, TimeSpan max)
    {
        if (value < min || value > max)
        {
            errors.Add(GridError.Invalid(name, $"is {value}.", $"Use {min} to {max}."));
        }
    }

    /// <summary>What is wrong with the connection string; null if nothing is. Never its text, which may hold a password.</summary>
    private string? Describe()
    {
        if (string.IsNullOrWhiteSpace(ConnectionString))
        {
            return "is empty.";
        }

        try
        {
            return string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(ConnectionString).Host) ? "names no host." : null;
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or KeyNotFoundException or InvalidCastException)
        {
            return "cannot be read.";
        }
    }

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,62}\\z")]
    private static partial Regex SchemaName();
}
