using System.Buffers.Binary;
using System.Text;

namespace Grid.Samples.Flights;

/// <summary>
/// What the application was told for each flight of one tenant, appended before the flight's own departure is sent: so whatever is killed,
/// a flight that the grid has seen depart has its prediction here.
/// </summary>
public sealed class FlightLedger : IDisposable
{
    private readonly FileStream? _file;
    private readonly List<FlightScore> _scores = [];

    private FlightLedger(FileStream? file) => _file = file;

    public IReadOnlyList<FlightScore> Scores => _scores;

    /// <summary>A ledger that does not outlive its process.</summary>
    public static FlightLedger InMemory() => new(file: null);

    /// <summary>Opens the ledger of a tenant; an entry that a crash cut short is dropped.</summary>
    public static FlightLedger Open(string folder, string tenant)
    {
        Directory.CreateDirectory(folder);
        // No buffer: each entry is one write, which outlives this process.
        var file = new FileStream(Path.Combine(folder, $"{tenant}.ledger"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        var ledger = new FlightLedger(file);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var at = 0;
        while (bytes.Length - at >= 9 && bytes.Length - at >= 9 + bytes[at + 8])
        {
            var entry = bytes.AsSpan(at);
            ledger._scores.Add(new FlightScore(
                BinaryPrimitives.ReadInt32LittleEndian(entry),
                BinaryPrimitives.ReadSingleLittleEndian(entry[4..]),
                Encoding.ASCII.GetString(entry.Slice(9, entry[8]))));
            at += 9 + entry[8];
        }

        file.SetLength(at);
        file.Position = at;
        return ledger;
    }

    public void Append(FlightScore score)
    {
        _scores.Add(score);
        if (_file is null)
        {
            return;
        }

        Span<byte> entry = stackalloc byte[9 + 255];
        BinaryPrimitives.WriteInt32LittleEndian(entry, score.FlightId);
        BinaryPrimitives.WriteSingleLittleEndian(entry[4..], score.Probability);
        var length = Encoding.ASCII.GetBytes(score.PredictionId, entry[9..]);
        entry[8] = (byte)length;
        _file.Write(entry[..(9 + length)]);
    }

    public void Dispose() => _file?.Dispose();
}
