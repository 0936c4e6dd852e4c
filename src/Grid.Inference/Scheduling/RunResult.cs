using System.Diagnostics.CodeAnalysis;
using Grid.Primitives;

namespace Grid.Inference.Scheduling;

/// <summary>How a run went. Immutable.</summary>
/// <param name="Error">Why there is no answer, or null: refused, expired, cancelled, or failed in the model.</param>
/// <param name="WasInline">True where it ran on the caller's thread.</param>
/// <param name="BatchRows">Rows of the largest run that it was part of; 0 where nothing ran.</param>
/// <param name="QueueTime">How long it waited for a worker.</param>
public readonly record struct RunResult(GridError? Error, bool WasInline, int BatchRows, TimeSpan QueueTime)
{
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsOk => Error is null;

    /// <exception cref="GridException">The run failed.</exception>
    public void ThrowIfFailed()
    {
        if (Error is not null)
        {
            throw Error.ToException();
        }
    }
}
