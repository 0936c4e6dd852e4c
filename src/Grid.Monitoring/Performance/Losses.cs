namespace Grid.Monitoring.Performance;

/// <summary>What one prediction costs, once the truth is known.</summary>
internal static class Losses
{
    /// <summary>Keeps a certain and wrong prediction finite: the epsilon of a double.</summary>
    private const double Epsilon = 2.220446049250313e-16;

    public static double Log(double probability, bool label)
    {
        var p = Math.Clamp(probability, Epsilon, 1 - Epsilon);
        return -Math.Log(label ? p : 1 - p);
    }

    public static double Brier(double probability, bool label)
    {
        var d = probability - (label ? 1 : 0);
        return d * d;
    }
}
