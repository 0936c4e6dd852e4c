namespace Grid.Grains.ModelEvents;

/// <summary>Tells the sinks what happens to one model, each thing at least once; key <c>workspace/model</c>. What must still go out is stored.</summary>
[Alias("grid.IModelEventsGrain"), GrainInterfaceType("grid.model-events")]
internal interface IModelEventsGrain : IGrainWithStringKey
{
    /// <summary>Writes down what has happened since it last looked, and goes on telling. Returns when that is stored, not when it is told.</summary>
    /// <exception cref="Primitives.GridException">It could not be stored: ask again.</exception>
    [Alias("Look")]
    Task LookAsync();
}
