namespace Grid.Samples.KafkaStreams;

/// <summary>What the grains of this process saw of one run. Thread-safe.</summary>
internal sealed class Ledger(string run, int expected)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _balances = [];
    private readonly HashSet<(string Account, int Payment)> _expectedOverdrafts = [];
    private readonly HashSet<(string Account, int Payment)> _overdrafts = [];
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _payments;

    public string Run { get; } = run;

    /// <summary>Ends when all payments and the overdrafts that follow from them have come.</summary>
    public Task Complete => _complete.Task;

    public void Pay(Payment payment, string account, long balance)
    {
        lock (_gate)
        {
            if (payment.Run != Run)
            {
                return;
            }

            _payments++;
            var before = _balances.GetValueOrDefault(account);
            _balances[account] = before + payment.Cents;
            if (balance < 0 && balance - payment.Cents >= 0)
            {
                _expectedOverdrafts.Add((account, payment.Number));
            }

            Look();
        }
    }

    public void Report(Overdraft overdraft)
    {
        lock (_gate)
        {
            if (overdraft.Run == Run)
            {
                _overdrafts.Add((overdraft.Account, overdraft.PaymentNumber));
                Look();
            }
        }
    }

    /// <summary>Payments, the sum of all balances, and overdrafts.</summary>
    public (int Payments, long Cents, int Overdrafts) Figures()
    {
        lock (_gate)
        {
            return (_payments, _balances.Values.Sum(), _overdrafts.Count);
        }
    }

    private void Look()
    {
        if (_payments >= expected && _expectedOverdrafts.IsSubsetOf(_overdrafts))
        {
            _complete.TrySetResult();
        }
    }
}
