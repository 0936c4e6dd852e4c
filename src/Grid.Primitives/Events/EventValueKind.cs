namespace Grid.Primitives;

/// <summary>Kinds of field values. Values are wire and log format.</summary>
public enum EventValueKind : byte
{
    Null = 0,

    /// <summary>A 64-bit float. Integers up to 2^53 are exact.</summary>
    Number = 1,

    /// <summary>UTF-8 text.</summary>
    Text = 2,

    Bool = 3,
}
