namespace Grid.Primitives;

/// <summary>Which optional parts an encoded event carries. Wire format.</summary>
[Flags]
public enum EventFlags : byte
{
    None = 0,
    HasTime = 1,
    HasArrival = 2,
    HasPosition = 4,
    HasKey = 8,
}
