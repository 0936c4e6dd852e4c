namespace Grid.Primitives;

/// <summary>Carries one or more <see cref="GridError"/>s to a caller, across processes too (there without its cause). The first one decides the status.</summary>
public sealed class GridException : Exception
{
    public GridException(GridError error) : this([error]) { }

    public GridException(IReadOnlyList<GridError> errors) : base(Compose(errors)) => Errors = [.. errors];

    public GridException(GridError error, Exception inner) : base(error.ToString(), inner) => Errors = [error];

    /// <summary>All that is wrong, in the order found; never empty.</summary>
    public GridError[] Errors { get; }

    public GridErrorCode Code => Errors[0].Code;

    public GridError Error => Errors[0];

    private static string Compose(IReadOnlyList<GridError> errors) =>
        errors.Count switch
        {
            0 => throw new ArgumentException("An exception needs at least one error.", nameof(errors)),
            1 => errors[0].ToString(),
            _ => $"{errors.Count} errors:{string.Concat(errors.Select(e => $"{Environment.NewLine}- {e}"))}",
        };
}
