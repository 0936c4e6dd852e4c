using Grid.Features.Records;

namespace Grid.Features.Plans;

/// <summary>One state in the fixed part of a record.</summary>
/// <param name="Key">What it holds, in a form that outlives the plan: equal keys hold equal things.</param>
/// <param name="Offset">Where in the record.</param>
/// <param name="Field">Ordinal of the event field it reads; -1 for none.</param>
internal sealed record StatePlan(StateKind Kind, string Key, int Offset, int Field, Accumulator Accumulator)
{
    public int Size => SizeOf(Kind);

    public static int SizeOf(StateKind kind) => kind == StateKind.LastValue ? 32 : 8;
}
