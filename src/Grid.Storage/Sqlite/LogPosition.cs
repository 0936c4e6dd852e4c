namespace Grid.Storage.Sqlite;

/// <summary>The key of a block's row: the shard's number and the sequence in one integer, which is the only key that SQLite stores a table by.</summary>
internal static class LogPosition
{
    private const int SequenceBits = 40;

    /// <summary>The last sequence of a shard: 1,099,511,627,775, which a thousand blocks a second reach in 34 years.</summary>
    public const long MaxSequence = (1L << SequenceBits) - 1;

    /// <summary>The last number of a shard: 8,388,607.</summary>
    public const long MaxOwnerId = (1L << (63 - SequenceBits)) - 1;

    public static long Of(long ownerId, long sequence) => (ownerId << SequenceBits) | sequence;

    public static long SequenceOf(long position) => position & MaxSequence;
}
