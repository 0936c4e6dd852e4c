using System.IO.Hashing;
using Grid.Primitives;

namespace Grid.Monitoring.Formats;

/// <summary>
/// The envelope of everything that Grid.Monitoring stores or sends: four letters, a format number, the body, and a hash of all of it.
/// A reader refuses what it does not know or what was damaged, by name, before it believes a length.
/// </summary>
internal static class Binary
{
    private const int HashBytes = 8;

    /// <param name="magic">Four ASCII letters that name the kind.</param>
    public static byte[] Seal(string magic, byte format, Action<BinaryWriter> body)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        foreach (var c in magic)
        {
            writer.Write((byte)c);
        }

        writer.Write(format);
        body(writer);
        writer.Flush();
        writer.Write(XxHash3.HashToUInt64(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
        writer.Flush();
        return stream.ToArray();
    }

    /// <exception cref="GridException">The bytes are of another kind or format, or damaged.</exception>
    public static T Open<T>(string magic, byte format, string what, ReadOnlyMemory<byte> sealedBytes, Func<BinaryReader, T> body)
    {
        var bytes = sealedBytes.Span;
        if (bytes.Length < 5 + HashBytes || !magic.AsSpan().SequenceEqual([(char)bytes[0], (char)bytes[1], (char)bytes[2], (char)bytes[3]]))
        {
            throw new GridError(GridErrorCode.Corrupt, what, "is not in this form: its first bytes are others.").ToException();
        }

        if (bytes[4] != format)
        {
            throw new GridError(GridErrorCode.Unsupported, what, $"has format {bytes[4]}; this build reads {format}.", "Read it with the build that wrote it, or a newer one.").ToException();
        }

        if (XxHash3.HashToUInt64(bytes[..^HashBytes]) != BitConverter.ToUInt64(bytes[^HashBytes..]))
        {
            throw new GridError(GridErrorCode.Corrupt, what, "fails its checksum.").ToException();
        }

        using var reader = new BinaryReader(new MemoryStream(sealedBytes[5..^HashBytes].ToArray()));
        try
        {
            var read = body(reader);
            return reader.BaseStream.Position == reader.BaseStream.Length ? read : throw new InvalidDataException("bytes are left over");
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException or FormatException or ArgumentException)
        {
            throw new GridException(new GridError(GridErrorCode.Corrupt, what, $"cannot be read: {e.Message}."), e);
        }
    }

    /// <summary>The format that bytes are in, for a reader of several: what it does not know is left to <see cref="Open"/> to refuse.</summary>
    /// <param name="sealedBytes">From <see cref="Seal"/>.</param>
    /// <param name="newest">The newest that the reader knows; it knows all before too.</param>
    public static byte FormatOf(ReadOnlyMemory<byte> sealedBytes, byte newest) => sealedBytes.Length > 4 && sealedBytes.Span[4] is > 0 and var format && format < newest ? format : newest;

    public static int ReadLength(BinaryReader reader, int limit)
    {
        var length = reader.Read7BitEncodedInt();
        return length >= 0 && length <= limit ? length : throw new InvalidDataException($"a length is {length}, at most {limit} is allowed");
    }

    /// <summary>Counts as variable-length integers: most of a sketch is small numbers.</summary>
    public static void WriteCounts(BinaryWriter writer, ReadOnlySpan<long> counts)
    {
        foreach (var c in counts)
        {
            // Zigzag: a correction can leave a negative count for a moment.
            writer.Write7BitEncodedInt64((c << 1) ^ (c >> 63));
        }
    }

    public static void ReadCounts(BinaryReader reader, Span<long> counts)
    {
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = ReadCount(reader);
        }
    }

    public static void WriteCount(BinaryWriter writer, long count) => WriteCounts(writer, [count]);

    public static long ReadCount(BinaryReader reader)
    {
        var v = reader.Read7BitEncodedInt64();
        return (long)((ulong)v >> 1) ^ -(v & 1);
    }

    public static DateTimeOffset ReadTime(BinaryReader reader) => new(reader.ReadInt64(), TimeSpan.Zero);

    public static void WriteText(BinaryWriter writer, string? text)
    {
        writer.Write(text is not null);
        if (text is not null)
        {
            writer.Write(text);
        }
    }

    public static string? ReadText(BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;
}
