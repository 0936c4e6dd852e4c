using Grid.Primitives;

namespace Grid.Storage;

/// <summary>What every backend says of a frontier that is damaged or that would go back.</summary>
internal static class FrontierErrors
{
    public static GridError Backwards(FrontierRow row, FrontierRow stored) =>
        GridError.Invalid(
            $"frontier '{row.Key}'",
            $"would go back from {stored.Frontier} to {row.Frontier}, or its routing from {stored.Routing} to {row.Routing}.",
            "Read the row again; a topic that was made anew needs a new identity.");

    /// <summary>The row, if it is what was stored.</summary>
    /// <exception cref="GridException">Corrupt: it is of another format, or a byte of it changed.</exception>
    public static FrontierRow Verify(FrontierRow row, long format, long checksum)
    {
        if (format != RowChecksum.Format)
        {
            throw Corrupt(row.Key, $"Expected format {RowChecksum.Format}, found format {format}.");
        }

        return RowChecksum.Frontier(row) is var computed && computed == checksum
            ? row
            : throw Corrupt(row.Key, $"Expected checksum {checksum:x16}, found {computed:x16}.");
    }

    private static GridException Corrupt(SourcePartitionKey key, string message) =>
        new GridError(GridErrorCode.Corrupt, $"frontier '{key}'", message, "Restore the store from a backup, or give the topic a new identity to read it from its start.").ToException();
}
