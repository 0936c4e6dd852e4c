using Orleans;

namespace Grid.Primitives;

/// <summary>What of a <see cref="GridException"/> travels between processes: what it says. Its cause may be of a type that only the sender knows.</summary>
/// <param name="Errors">All that is wrong, in the order found; never empty.</param>
[GenerateSerializer, Immutable, Alias("grid.exception.surrogate")]
internal readonly record struct GridExceptionSurrogate([property: Id(0)] GridError[] Errors);

/// <summary>To the <see cref="GridExceptionSurrogate"/> and back.</summary>
[RegisterConverter]
internal sealed class GridExceptionConverter : IConverter<GridException, GridExceptionSurrogate>
{
    public GridException ConvertFromSurrogate(in GridExceptionSurrogate surrogate) => new(surrogate.Errors);

    public GridExceptionSurrogate ConvertToSurrogate(in GridException value) => new(value.Errors);
}
