using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Grid.Features.Paging;
using Grid.Features.Plans;
using Grid.Features.Records;
using Grid.Primitives;

namespace Grid.Features.Shards;

/// <summary>A shard's state without addresses: what must be equal to the bit wherever the same log was applied.</summary>
internal static class LogicalState
{
    public static Digest DigestOf(ShardRecords records, PageStore pages, SourceTable sources, KeyWindow keys)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var buffer = new ByteBuffer();
        foreach (var table in records.Tables)
        {
            var addresses = table.Index.Addresses.ToArray();
            Array.Sort(addresses, (a, b) => table.KeyOf(a).SequenceCompareTo(table.KeyOf(b)));
            foreach (var address in addresses)
            {
                buffer.Clear();
                buffer.Text(table.View.Name);
                buffer.Bytes(table.KeyOf(address));
                WriteRecord(buffer, pages, table.View, table.Read(address));
                hash.AppendData(buffer.Written);
            }
        }

        buffer.Clear();
        buffer.Digest(records.Plan.Generation);
        sources.WriteLogical(buffer);
        keys.WriteLogical(buffer);
        hash.AppendData(buffer.Written);
        return new Digest { Hex = Convert.ToHexStringLower(hash.GetHashAndReset()) };
    }

    /// <summary>One record as text: a line for each state, series, tile and chunk.</summary>
    public static string Dump(PageStore pages, ViewPlan view, string key, ReadOnlySpan<byte> record)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{view.Name} '{key}' newest {Time(RecordLayout.NewestIn(record))}\n");
        foreach (var consumer in view.Events)
        {
            foreach (var state in consumer.States)
            {
                var value = state.Kind switch
                {
                    StateKind.LastTime => Time(MemoryMarshal.Read<long>(record[state.Offset..])),
                    StateKind.LastValue => $"{MemoryMarshal.Read<double>(record[(state.Offset + 24)..]):R} at {Time(MemoryMarshal.Read<long>(record[state.Offset..]))}",
                    _ => MemoryMarshal.Read<double>(record[state.Offset..]).ToString("R", CultureInfo.InvariantCulture),
                };
                text.Append(CultureInfo.InvariantCulture, $"  {state.Key} = {value}\n");
            }

            if (consumer.Series is { } series)
            {
                DumpSeries(text, pages, series, record.Slice(series.HeadOffset, SeriesPlan.HeadSize));
            }
        }

        return text.ToString();
    }

    private static void WriteRecord(ByteBuffer buffer, PageStore pages, ViewPlan view, ReadOnlySpan<byte> record)
    {
        buffer.Int64(RecordLayout.NewestIn(record));
        foreach (var consumer in view.Events)
        {
            foreach (var state in consumer.States)
            {
                record.Slice(state.Offset, state.Size).CopyTo(buffer.Take(state.Size));
            }

            if (consumer.Series is not { } series)
            {
                continue;
            }

            var head = record.Slice(series.HeadOffset, SeriesPlan.HeadSize);
            head[12..].CopyTo(buffer.Take(SeriesPlan.HeadSize - 12));
            if (MemoryMarshal.Read<uint>(head[8..]) is var tiles and not 0)
            {
                pages.Read(tiles, series.TileBlockSize).CopyTo(buffer.Take(series.TileBlockSize));
            }

            foreach (var address in Chunks(pages, head))
            {
                int capacity = MemoryMarshal.Read<ushort>(pages.Read(address, SeriesPlan.ChunkHeaderSize)[10..]);
                var chunk = pages.Read(address, series.ChunkSize(capacity))[8..];
                chunk.CopyTo(buffer.Take(chunk.Length));
            }
        }
    }

    private static void DumpSeries(StringBuilder text, PageStore pages, SeriesPlan series, ReadOnlySpan<byte> head)
    {
        text.Append(CultureInfo.InvariantCulture, $"  series {series.Event}: {MemoryMarshal.Read<int>(head[12..])} entries, dropped to {Time(MemoryMarshal.Read<long>(head[16..]))}\n");
        if (MemoryMarshal.Read<uint>(head[8..]) is var address and not 0)
        {
            var tiles = pages.Read(address, series.TileBlockSize);
            for (var i = 0; i < MemoryMarshal.Read<int>(tiles); i++)
            {
                var tile = tiles.Slice(8 + (i * series.TileSize), series.TileSize);
                text.Append(CultureInfo.InvariantCulture, $"    tile {Time(MemoryMarshal.Read<long>(tile))} to {Time(MemoryMarshal.Read<long>(tile[8..]))}: {MemoryMarshal.Read<double>(tile[16..])} entries\n");
            }
        }

        foreach (var chunkAddress in Chunks(pages, head))
        {
            int capacity = MemoryMarshal.Read<ushort>(pages.Read(chunkAddress, SeriesPlan.ChunkHeaderSize)[10..]);
            var chunk = pages.Read(chunkAddress, series.ChunkSize(capacity));
            int count = MemoryMarshal.Read<ushort>(chunk[8..]);
            var stamps = MemoryMarshal.Cast<byte, long>(chunk.Slice(series.StampOffset(capacity), count * 8));
            text.Append(CultureInfo.InvariantCulture, $"    chunk {count}/{capacity} {Time(Stamp.TimeOf(stamps[0]))} to {Time(Stamp.TimeOf(stamps[^1]))}\n");
        }
    }

    private static List<uint> Chunks(PageStore pages, ReadOnlySpan<byte> head)
    {
        var chunks = new List<uint>();
        for (var at = MemoryMarshal.Read<uint>(head); at != 0; at = MemoryMarshal.Read<uint>(pages.Read(at, SeriesPlan.ChunkHeaderSize)))
        {
            chunks.Add(at);
        }

        return chunks;
    }

    private static string Time(long unixMs) => unixMs == RecordLayout.NoTime ? "never" : unixMs.ToString(CultureInfo.InvariantCulture);
}
