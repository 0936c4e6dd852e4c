namespace Grid.Silo.Demo;

/// <summary>Log loss, mean and AUC as outcomes arrive. AUC by binned scores, right to about a thousandth; the summary computes it exactly. Not thread-safe: callers hold a lock.</summary>
internal sealed class RunningScores
{
    private const int Bins = 2048;
    private readonly long[] _late = new long[Bins];
    private readonly long[] _onTime = new long[Bins];
    private double _logLoss;

    public long Count { get; private set; }

    public double LogLoss => Count == 0 ? double.NaN : _logLoss / Count;

    public double Auc
    {
        get
        {
            double below = 0;
            double wins = 0;
            double late = 0;
            for (var i = 0; i < Bins; i++)
            {
                wins += _late[i] * (below + (_onTime[i] / 2.0));
                below += _onTime[i];
                late += _late[i];
            }

            return late == 0 || below == 0 ? double.NaN : wins / (late * below);
        }
    }

    public void Add(float probability, bool late)
    {
        var p = Math.Clamp(probability, 1e-15, 1 - 1e-15);
        _logLoss -= Math.Log(late ? p : 1 - p);
        (late ? _late : _onTime)[Math.Min(Bins - 1, (int)(p * Bins))]++;
        Count++;
    }
}
