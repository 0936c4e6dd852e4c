using System.IO.Hashing;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Grid.Monitoring.Sketches;

/// <summary>
/// Number of distinct values in 4 KB (Flajolet et al., 2007; small counts by linear counting): a standard error of 1.6 %.
/// Merging takes the maximum of each register and is exact, in any order and as often as one likes. Not thread-safe.
/// </summary>
public sealed class HyperLogLog
{
    private const int Precision = 12;
    private const int RegisterCount = 1 << Precision;

    private readonly byte[] _registers = new byte[RegisterCount];

    public void Add(double value)
    {
        // Zero has two signs, and they are equal.
        var v = value == 0 ? 0 : value;
        var hash = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(new ReadOnlySpan<double>(in v)));
        ref var register = ref _registers[hash >> (64 - Precision)];
        register = Math.Max(register, (byte)(BitOperations.LeadingZeroCount((hash << Precision) | (1UL << (Precision - 1))) + 1));
    }

    public void Merge(HyperLogLog other)
    {
        for (var i = 0; i < RegisterCount; i++)
        {
            _registers[i] = Math.Max(_registers[i], other._registers[i]);
        }
    }

    public double Estimate()
    {
        double sum = 0;
        var zeros = 0;
        foreach (var r in _registers)
        {
            sum += Math.ScaleB(1, -r);
            zeros += r == 0 ? 1 : 0;
        }

        const double Alpha = 0.7213 / (1 + (1.079 / RegisterCount));
        var estimate = Alpha * RegisterCount * RegisterCount / sum;
        return estimate <= 2.5 * RegisterCount && zeros > 0 ? RegisterCount * Math.Log((double)RegisterCount / zeros) : estimate;
    }

    internal void Write(BinaryWriter writer)
    {
        // Runs of zeros, which is most of a sketch of few values, cost two bytes.
        for (var i = 0; i < RegisterCount;)
        {
            writer.Write(_registers[i]);
            if (_registers[i] != 0)
            {
                i++;
                continue;
            }

            var run = 1;
            while (run < 255 && i + run < RegisterCount && _registers[i + run] == 0)
            {
                run++;
            }

            writer.Write((byte)run);
            i += run;
        }
    }

    internal static HyperLogLog Read(BinaryReader reader)
    {
        var sketch = new HyperLogLog();
        for (var i = 0; i < RegisterCount;)
        {
            var register = reader.ReadByte();
            if (register > 64 - Precision + 1)
            {
                throw new InvalidDataException($"a register of a distinct count is {register}, at most {64 - Precision + 1} is possible");
            }

            if (register != 0)
            {
                sketch._registers[i++] = register;
                continue;
            }

            var run = reader.ReadByte();
            i += run > 0 && i + run <= RegisterCount ? run : throw new InvalidDataException("a run of empty registers has no possible length");
        }

        return sketch;
    }
}
