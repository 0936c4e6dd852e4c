using System.IO.Hashing;
using System.Runtime.InteropServices;
using Grid.Abstractions;
using Grid.Primitives;

namespace Grid.Grains.Rollouts;

/// <summary>
/// Where a subject falls in a trial. Every silo must find the same place, and a trial must keep it for as long as it lasts: the function never changes.
/// Characters are hashed as they lie in memory, so all silos have one byte order; .NET runs on no other.
/// </summary>
internal static class RolloutHash
{
    /// <summary>A double holds 53 bits exactly.</summary>
    private const double UnitStep = 1.0 / (1L << 53);

    /// <summary>What the places of one trial depend on: another trial divides the same entities in another way.</summary>
    public static ulong TrialOf(ModelKey model, long trial) => Of(model.Model, Of(model.Workspace, (ulong)trial));

    public static ulong SubjectOf(ulong trial, StickyBy sticky, in RolloutSubject subject) => sticky switch
    {
        StickyBy.Tenant => Of(subject.Tenant, trial),
        StickyBy.Entity when subject.Entity.Length > 0 => Of(subject.Entity, Of(subject.Tenant, trial)),
        _ => Of(subject.Ticket, trial),
    };

    public static ulong Of(string text, ulong seed) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan()), unchecked((long)seed));

    /// <summary>0 to just under 1, evenly.</summary>
    public static double Unit(ulong hash) => (hash >> 11) * UnitStep;

    private static ulong Of(ulong number, ulong seed) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in number)), unchecked((long)seed));
}
