namespace Grid.Client.Wire;

/// <summary>Signals, the latest first.</summary>
public sealed record SignalsBody
{
    public required IReadOnlyList<SignalBody> Signals { get; init; }
}
