namespace Grid.Chaos.Faults;

/// <summary>One fault of a plan.</summary>
/// <param name="Kind">What.</param>
/// <param name="Silo">To which silo, where it is one.</param>
/// <param name="AfterMs">How long after its part of the stream has begun.</param>
/// <param name="LastsMs">How long it lasts.</param>
/// <param name="IsWaitedFor">Whether the next part of the stream waits until all is well again; otherwise faults overlap.</param>
internal sealed record Fault(FaultKind Kind, int Silo, int AfterMs, int LastsMs, bool IsWaitedFor)
{
    public override string ToString() => Kind is FaultKind.Kill or FaultKind.Freeze ? $"{Kind}({Silo})" : $"{Kind}";
}
