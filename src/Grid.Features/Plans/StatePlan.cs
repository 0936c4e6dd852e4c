using Grid.Features.Records;

namespace Grid.Features.Plans;

/// <summary>One state in the fixed part of a record.</summary>
internal sealed class StatePlan(StateKind kind, string key, int offset, int field, Accumulator accumulator)
{
    private readonly Accumulator _accumulator = accumulator;

    public StateKind Kind { get; } = kind;

    /// <summary>What it holds, in a form that outlives the plan: equal keys hold equal things.</summary>
    public string Key { get; } = key;

    /// <summary>Where in the record.</summary>
    public int Offset { get; } = offset;

    /// <summary>Ordinal of the event field it reads; -1 for none.</summary>
    public int Field { get; } = field;

    public ref readonly Accumulator Accumulator => ref _accumulator;

    public int Size => SizeOf(Kind);

    public static int SizeOf(StateKind kind) => kind == StateKind.LastValue ? 32 : 8;
}
