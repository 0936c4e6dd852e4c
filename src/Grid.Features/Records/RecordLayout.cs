using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Grid.Features.Plans;

namespace Grid.Features.Records;

/// <summary>
/// A record: 4 bytes hash of the key, 2 bytes slot of the view in the shard, 2 bytes length of the key, 8 bytes newest event time; then states and heads of series as the plan
/// lays them out; then the key. Numbers are little-endian, as every machine that Grid runs on is. Part of stored state.
/// </summary>
internal static class RecordLayout
{
    /// <summary>The longest key of an entity, in bytes of UTF-8: room for two URLs' worth, and small against a page.</summary>
    public const int MaxKeyBytes = 512;

    /// <summary>Event time of a record that has seen none.</summary>
    public const long NoTime = long.MinValue;

    public static uint HashOf(ReadOnlySpan<byte> key) => (uint)XxHash3.HashToUInt64(key);

    public static ref uint Hash(Span<byte> record) => ref At<uint>(record, 0);

    public static ref ushort ViewSlot(Span<byte> record) => ref At<ushort>(record, 4);

    public static ref ushort KeyLength(Span<byte> record) => ref At<ushort>(record, 6);

    public static ref long Newest(Span<byte> record) => ref At<long>(record, 8);

    public static uint HashIn(ReadOnlySpan<byte> record) => MemoryMarshal.Read<uint>(record);

    public static ushort ViewSlotIn(ReadOnlySpan<byte> record) => MemoryMarshal.Read<ushort>(record[4..]);

    public static int KeyLengthIn(ReadOnlySpan<byte> record) => MemoryMarshal.Read<ushort>(record[6..]);

    public static long NewestIn(ReadOnlySpan<byte> record) => MemoryMarshal.Read<long>(record[8..]);

    public static ref T At<T>(Span<byte> record, int offset) where T : unmanaged
    {
        // Keeps the bounds check that a bare Unsafe.As would lose.
        return ref Unsafe.As<byte, T>(ref MemoryMarshal.GetReference(record.Slice(offset, Unsafe.SizeOf<T>())));
    }

    /// <summary>Writes a record without any event: the states' identities, heads of empty series.</summary>
    public static void Initialize(Span<byte> record, ViewPlan view)
    {
        Newest(record) = NoTime;
        foreach (var consumer in view.Events)
        {
            foreach (var state in consumer.States)
            {
                InitializeState(record, state);
            }

            if (consumer.Series is { } series)
            {
                var head = record.Slice(series.HeadOffset, SeriesPlan.HeadSize);
                head.Clear();
                SeriesHead.Lost(head) = NoTime;
            }
        }
    }

    public static void InitializeState(Span<byte> record, StatePlan state)
    {
        switch (state.Kind)
        {
            case StateKind.LastTime:
                At<long>(record, state.Offset) = NoTime;
                break;
            case StateKind.LastValue:
                At<long>(record, state.Offset) = NoTime;
                At<ulong>(record, state.Offset + 8) = 0;
                At<long>(record, state.Offset + 16) = 0;
                At<double>(record, state.Offset + 24) = double.NaN;
                break;
            default:
                At<double>(record, state.Offset) = state.Accumulator.Identity;
                break;
        }
    }
}
