using System.Runtime.InteropServices;

namespace Grid.Inference.Rows;

/// <summary>
/// Memory that native code may hold an address of: pinned for its life, and aligned to a cache line.
/// It belongs to the garbage collector, so a span of it stays valid whatever is disposed first.
/// </summary>
internal sealed class PinnedBytes
{
    private const int Alignment = 64;

    private readonly byte[] _array;
    private readonly int _offset;

    public PinnedBytes(int length)
    {
        _array = GC.AllocateArray<byte>(length + Alignment, pinned: true);
        var start = Marshal.UnsafeAddrOfPinnedArrayElement(_array, 0);
        _offset = (int)((Alignment - (start % Alignment)) % Alignment);
        Length = length;
        Address = start + _offset;
    }

    public int Length { get; }

    public nint Address { get; }

    public Span<byte> Span => _array.AsSpan(_offset, Length);

    public Span<T> As<T>() where T : unmanaged => MemoryMarshal.Cast<byte, T>(Span);
}
