namespace Grid.Bench.Writing;

/// <summary>Something that makes writes of many writers durable in PostgreSQL.</summary>
internal interface IWriteContender : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Writes the next state or block of one writer; it is durable when this returns. One call of a writer at a time.</summary>
    Task WriteAsync(int writer, byte[] payload);
}
