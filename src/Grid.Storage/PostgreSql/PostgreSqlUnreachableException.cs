namespace Grid.Storage.PostgreSql;

/// <summary>No connection could be made: nothing was sent, and trying again at once is of no use.</summary>
/// <param name="cause">What Npgsql threw.</param>
internal sealed class PostgreSqlUnreachableException(Exception cause) : IOException(cause.Message, cause);
