namespace Grid.Silo.Demo;

/// <summary>One figure, as it should be and as it is.</summary>
internal sealed record DemoFigure(string Month, string Name, double Expected, double Actual, double Tolerance)
{
    public bool IsOk => Math.Abs(Expected - Actual) <= Tolerance;
}
