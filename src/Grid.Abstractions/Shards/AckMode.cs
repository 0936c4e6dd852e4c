namespace Grid.Abstractions;

/// <summary>When an append is answered. Values are wire format.</summary>
public enum AckMode : byte
{
    /// <summary>After the commit: what is answered survives kill -9.</summary>
    Durable = 0,

    /// <summary>Once applied: readable at once, lost if the process dies before the next commit.</summary>
    Applied = 1,
}
