using System.Buffers.Binary;
using System.Numerics;

namespace Grid.Features.Paging;

/// <summary>
/// A page is 16 KiB: a header of 80 bytes, then slots of one size. Header: 4 bytes magic, 2 bytes size class, 2 bytes slots in use, 8 bytes zero, 64 bytes bitmap of the slots in use.
/// An address is a page's id and the slot's offset in units of 16 bytes; 0 is no address. Part of stored state.
/// </summary>
internal static class PageLayout
{
    public const int PageBytes = 16 * 1024;

    public const int HeaderBytes = 80;

    public const int MaxSlot = PageBytes - HeaderBytes;

    /// <summary>Pages that 22 bits can name: 64 GiB.</summary>
    public const int MaxPages = 1 << (32 - OffsetBits);

    public const int OffsetBits = 10;

    private const int Unit = 16;

    private const uint Magic = 0x31504647;

    private const int BitmapOffset = 16;

    private static readonly int[] s_sizes =
    [
        32, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256, 304, 352, 416, 496, 576, 672, 784, 896, 1072, 1248, 1472, 1792, 2032, 2320, 2704, 3248, 4064, 5424, 8144, 16304,
    ];

    private static readonly byte[] s_classOfUnits = BuildClasses();

    public static int SizeClasses => s_sizes.Length;

    public static int Classes => s_sizes.Length * 3;

    public static int ClassOf(SlotKind kind, int bytes) => ((int)kind * s_sizes.Length) + s_classOfUnits[(bytes + Unit - 1) / Unit];

    public static int SlotBytes(int slotClass) => s_sizes[slotClass % s_sizes.Length];

    public static SlotKind KindOf(int slotClass) => (SlotKind)(slotClass / s_sizes.Length);

    public static int SlotsPerPage(int slotClass) => MaxSlot / SlotBytes(slotClass);

    public static uint AddressOf(int page, int slotClass, int slot) =>
        ((uint)page << OffsetBits) | (uint)((HeaderBytes + (slot * SlotBytes(slotClass))) / Unit);

    public static int PageOf(uint address) => (int)(address >> OffsetBits);

    public static int OffsetOf(uint address) => (int)(address & ((1 << OffsetBits) - 1)) * Unit;

    public static void Initialize(Span<byte> page, int slotClass)
    {
        page.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(page, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(page[4..], (ushort)slotClass);
    }

    public static int SlotClass(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt16LittleEndian(page[4..]);

    public static int Used(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt16LittleEndian(page[6..]);

    /// <summary>What is wrong with the header, or null.</summary>
    public static string? Check(ReadOnlySpan<byte> page)
    {
        if (page.Length != PageBytes)
        {
            return $"has {page.Length} bytes instead of {PageBytes}";
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(page) != Magic)
        {
            return $"starts with {BinaryPrimitives.ReadUInt32LittleEndian(page):x8} instead of {Magic:x8}";
        }

        if (SlotClass(page) >= Classes)
        {
            return $"has slot class {SlotClass(page)}";
        }

        var used = 0;
        for (var i = 0; i < 8; i++)
        {
            used += BitOperations.PopCount(Word(page, i));
        }

        return used == Used(page) && used <= SlotsPerPage(SlotClass(page)) ? null : $"counts {Used(page)} slots and marks {used}";
    }

    /// <summary>Takes a free slot of a page that has one.</summary>
    public static int Take(Span<byte> page)
    {
        for (var i = 0; i < 8; i++)
        {
            var word = Word(page, i);
            if (word != ulong.MaxValue)
            {
                var bit = BitOperations.TrailingZeroCount(~word);
                SetWord(page, i, word | (1UL << bit));
                SetUsed(page, Used(page) + 1);
                return (i * 64) + bit;
            }
        }

        throw new InvalidOperationException("The page has no free slot.");
    }

    public static void Release(Span<byte> page, uint address)
    {
        var slot = (OffsetOf(address) - HeaderBytes) / SlotBytes(SlotClass(page));
        var word = Word(page, slot / 64);
        var bit = 1UL << (slot % 64);
        if ((word & bit) == 0)
        {
            throw new InvalidOperationException($"Slot {address:x8} is not in use.");
        }

        SetWord(page, slot / 64, word & ~bit);
        SetUsed(page, Used(page) - 1);
    }

    public static bool IsUsed(ReadOnlySpan<byte> page, int slot) => (Word(page, slot / 64) & (1UL << (slot % 64))) != 0;

    private static ulong Word(ReadOnlySpan<byte> page, int index) => BinaryPrimitives.ReadUInt64LittleEndian(page[(BitmapOffset + (index * 8))..]);

    private static void SetWord(Span<byte> page, int index, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(page[(BitmapOffset + (index * 8))..], value);

    private static void SetUsed(Span<byte> page, int used) => BinaryPrimitives.WriteUInt16LittleEndian(page[6..], (ushort)used);

    private static byte[] BuildClasses()
    {
        var classes = new byte[(MaxSlot / Unit) + 1];
        var size = 0;
        for (var units = 0; units < classes.Length; units++)
        {
            while (units * Unit > s_sizes[size])
            {
                size++;
            }

            classes[units] = (byte)size;
        }

        return classes;
    }
}
