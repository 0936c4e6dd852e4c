using System.Runtime.InteropServices;

namespace Grid.Inference.Scheduling;

/// <summary>
/// Bounds the runs on callers' threads per core, so that a burst of callers queues for the workers and does not pile up on the cores.
/// Counts are per core, each in a cache line pair of its own, so that cores do not contend. Thread-safe, allocates nothing.
/// </summary>
internal sealed class InlineGate
{
    private readonly Slot[] _slots;
    private readonly int _limit;

    public InlineGate(int slots, int limit)
    {
        _slots = new Slot[slots];
        _limit = limit;
    }

    /// <summary>The slot to give back, or -1 where this core's permits are taken.</summary>
    public int TryEnter()
    {
        var slot = (int)((uint)Thread.GetCurrentProcessorId() % (uint)_slots.Length);
        if (Interlocked.Increment(ref _slots[slot].Count) <= _limit)
        {
            return slot;
        }

        Exit(slot);
        return -1;
    }

    public void Exit(int slot) => Interlocked.Decrement(ref _slots[slot].Count);

    /// <summary>128 bytes: processors fetch lines in pairs.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Slot
    {
        [FieldOffset(64)]
        public int Count;
    }
}
