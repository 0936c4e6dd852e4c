using Grid.Features.Paging;
using Grid.Features.Plans;

namespace Grid.Features.Records;

/// <summary>The records of one view in one shard.</summary>
internal sealed class RecordTable(ViewPlan view, ushort slot, PageStore pages, SeriesWriter writer)
{
    /// <summary>Replaced when a new plan has the same view: equal digests lay out equal records.</summary>
    public ViewPlan View { get; set; } = view;

    /// <summary>Number of the view within the shard; stands in each record and outlives plans in which the view is the same.</summary>
    public ushort Slot { get; } = slot;

    public RecordIndex Index { get; } = new();

    /// <summary>Address of the key's record, or 0.</summary>
    public uint Find(ReadOnlySpan<byte> key)
    {
        var hash = RecordLayout.HashOf(key);
        var probe = hash;
        while (Index.Next(hash, ref probe) is var address and not 0)
        {
            if (KeyOf(address).SequenceEqual(key))
            {
                return address;
            }
        }

        return 0;
    }

    public uint Create(ReadOnlySpan<byte> key)
    {
        var address = pages.Allocate(SlotKind.Record, View.KeyOffset + key.Length);
        var record = pages.Write(address, View.KeyOffset + key.Length);
        var hash = RecordLayout.HashOf(key);
        RecordLayout.Hash(record) = hash;
        RecordLayout.ViewSlot(record) = Slot;
        RecordLayout.KeyLength(record) = (ushort)key.Length;
        RecordLayout.Initialize(record, View);
        key.CopyTo(record[View.KeyOffset..]);
        Index.Add(hash, address);
        return address;
    }

    /// <summary>Takes in a stored record.</summary>
    public void Adopt(uint address) => Index.Add(RecordLayout.HashIn(pages.Read(address, ViewPlan.RecordHeaderSize)), address);

    public ReadOnlySpan<byte> KeyOf(uint address)
    {
        var length = RecordLayout.KeyLengthIn(pages.Read(address, ViewPlan.RecordHeaderSize));
        return pages.Read(address, View.KeyOffset + length)[View.KeyOffset..];
    }

    /// <summary>Header, states and heads, for reading.</summary>
    public ReadOnlySpan<byte> Read(uint address) => pages.Read(address, View.KeyOffset);

    /// <summary>Header, states and heads, for writing.</summary>
    public Span<byte> Write(uint address) => pages.Write(address, View.KeyOffset);

    /// <summary>Frees every record with all that it holds.</summary>
    public void FreeAll()
    {
        foreach (var address in Index.Addresses)
        {
            FreeSeries(Write(address));
            pages.Free(address);
        }
    }

    /// <summary>Makes the record as if it had just been created.</summary>
    public void Reset(Span<byte> record)
    {
        FreeSeries(record);
        RecordLayout.Initialize(record, View);
    }

    private void FreeSeries(Span<byte> record)
    {
        foreach (var consumer in View.Events)
        {
            if (consumer.Series is { } series)
            {
                writer.Free(series, record);
            }
        }
    }
}
