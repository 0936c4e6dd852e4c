namespace Grid.Monitoring.Sketches;

/// <summary>Count, mean and central moments to the fourth, least and greatest value; merged by the formulas of Chan and Pébay, which do not cancel. Not thread-safe.</summary>
public sealed class Moments
{
    private double _m2;
    private double _m3;
    private double _m4;

    public long Count { get; private set; }

    /// <summary>Zero without values.</summary>
    public double Mean { get; private set; }

    /// <summary>+∞ without values.</summary>
    public double Minimum { get; private set; } = double.PositiveInfinity;

    /// <summary>−∞ without values.</summary>
    public double Maximum { get; private set; } = double.NegativeInfinity;

    /// <summary>Divided by the count; zero without values.</summary>
    public double Variance => Count > 0 ? _m2 / Count : 0;

    public double SampleVariance => Count > 1 ? _m2 / (Count - 1) : double.NaN;

    public double Deviation => Math.Sqrt(Variance);

    public double Skewness => Math.Sqrt(Count) * _m3 / Math.Pow(_m2, 1.5);

    public double ExcessKurtosis => (Count * _m4 / (_m2 * _m2)) - 3;

    /// <param name="value">Finite.</param>
    public void Add(double value)
    {
        double n1 = Count, n = n1 + 1, d = value - Mean, dn = d / n, dn2 = dn * dn, term = d * dn * n1;
        Count++;
        Mean += dn;
        _m4 += (term * dn2 * ((n * n) - (3 * n) + 3)) + (6 * dn2 * _m2) - (4 * dn * _m3);
        _m3 += (term * dn * (n - 2)) - (3 * dn * _m2);
        _m2 += term;
        Minimum = Math.Min(Minimum, value);
        Maximum = Math.Max(Maximum, value);
    }

    public void Merge(Moments other)
    {
        if (other.Count == 0)
        {
            return;
        }

        double a = Count, b = other.Count, n = a + b, d = other.Mean - Mean, d2 = d * d;
        var m2 = _m2 + other._m2 + (d2 * a * b / n);
        var m3 = _m3 + other._m3 + (d * d2 * a * b * (a - b) / (n * n)) + (3 * d * ((a * other._m2) - (b * _m2)) / n);
        _m4 += other._m4 + (d2 * d2 * a * b * ((a * a) - (a * b) + (b * b)) / (n * n * n))
            + (6 * d2 * ((a * a * other._m2) + (b * b * _m2)) / (n * n)) + (4 * d * ((a * other._m3) - (b * _m3)) / n);
        (_m2, _m3) = (m2, m3);
        Mean += d * b / n;
        Count += other.Count;
        Minimum = Math.Min(Minimum, other.Minimum);
        Maximum = Math.Max(Maximum, other.Maximum);
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt64(Count);
        foreach (var v in (ReadOnlySpan<double>)[Mean, _m2, _m3, _m4, Minimum, Maximum])
        {
            writer.Write(v);
        }
    }

    internal static Moments Read(BinaryReader reader) => new()
    {
        Count = reader.Read7BitEncodedInt64(),
        Mean = reader.ReadDouble(),
        _m2 = reader.ReadDouble(),
        _m3 = reader.ReadDouble(),
        _m4 = reader.ReadDouble(),
        Minimum = reader.ReadDouble(),
        Maximum = reader.ReadDouble(),
    };
}
