namespace Grid.Storage.Sqlite;

/// <summary>When a commit waits for the disk.</summary>
public enum SqliteSynchronous
{
    /// <summary>Every commit waits until the disk has it: an acknowledged write survives a power cut.</summary>
    Full = 1,

    /// <summary>
    /// A commit waits for the operating system only. A killed process loses nothing; a power cut or a crashed kernel loses the commits
    /// since the last checkpoint of the write-ahead log (up to some 32 MB of it, often minutes), and the database stays consistent.
    /// </summary>
    Normal = 2,
}
