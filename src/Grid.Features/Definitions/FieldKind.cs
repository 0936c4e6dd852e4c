namespace Grid.Features.Definitions;

/// <summary>Kind of an event field. The values are those of <see cref="Grid.Primitives.EventValueKind"/>.</summary>
public enum FieldKind : byte
{
    /// <summary>Not a kind; a definition with it is refused.</summary>
    None = 0,
    Number = 1,
    Text = 2,
    Bool = 3,
}
