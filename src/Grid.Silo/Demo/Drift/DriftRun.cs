using System.Globalization;
using Grid.Abstractions;
using Grid.Client;
using Grid.Monitoring.Performance;
using Grid.Monitoring.Rollouts;
using Grid.Primitives;
using Grid.Samples.Flights;
using Grid.Silo.Hosting;
using RolloutArm = Grid.Monitoring.Rollouts.RolloutArm;

namespace Grid.Silo.Demo.Drift;

/// <summary>
/// The loop on five months of flights: tenants fly week by week, and after each week the application looks at what the grid says and does what an operator would.
/// </summary>
/// <param name="silo">A silo with the first version live.</param>
/// <param name="trainer">The trainer.</param>
/// <param name="folder">Folder for what is under way.</param>
/// <param name="say">Told what happens.</param>
internal sealed class DriftRun(GridSilo silo, TrainerProcess trainer, string folder, Action<string> say)
{
    public const string Model = "flights-late";
    public const string First = "1";
    public const string Bad = "shuffled";

    /// <summary>Windows of seven days are full from here on; there is nothing to say before.</summary>
    public static readonly DateTimeOffset Start = new(2001, 1, 8, 0, 0, 0, TimeSpan.Zero);

    private const int DaysAWeek = 7;

    /// <summary>What a loaded machine may take for what takes a second.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>The decision is made on outcomes alone; what fails or disagrees is for the guards of the manifest.</summary>
    private static readonly RolloutGuardOptions NotWorse = new()
    {
        ErrorRateMargin = null,
        P99Ratio = null,
        LossMargin = 0.05,
        MinimumOutcomes = 5000,
        MinimumTime = TimeSpan.Zero,
    };

    private readonly IGridClient _grid = silo.Client();
    private readonly DriftBoard _board = new();
    private readonly DriftResult _result = new();
    private string?[] _asked = [null];
    private Task? _promotion;

    /// <exception cref="GridException">A request failed.</exception>
    public async Task<DriftResult> RunAsync(FlightData data, IReadOnlyDictionary<string, Flight[]> flights, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var gate = new FlightGate(flights.Count);
        var driver = new FlightDriver(_grid, data, new FlightDriverOptions
        {
            Model = Model,
            Pace = gate,
            Versions = flight => flight.DepartureMs < Start.ToUnixTimeMilliseconds() ? [] : Volatile.Read(ref _asked),
        });
        Exception? failure = null;
        var flying = Task.WhenAll(flights.Select(tenant => Task.Run(() => FlyAsync(tenant.Key, tenant.Value), CancellationToken.None)));
        try
        {
            var lastMs = flights.Values.Max(static tenant => tenant[^1].DepartureMs);
            for (var monday = Start; monday.ToUnixTimeMilliseconds() <= lastMs; monday = monday.AddDays(DaysAWeek))
            {
                // All to the end of the week, and then a day further: a tenant that is ahead must not close the week for the others.
                var until = monday.AddDays(DaysAWeek + 1);
                var stopped = gate.OpenAsync(monday.AddDays(DaysAWeek).ToUnixTimeMilliseconds());
                await (_promotion ?? Task.CompletedTask);
                _promotion = null;
                await stopped.WaitAsync(ending.Token);
                await gate.OpenAsync(until.ToUnixTimeMilliseconds()).WaitAsync(ending.Token);
                if (until.ToUnixTimeMilliseconds() <= lastMs)
                {
                    await LookAsync(monday, ending.Token);
                }
            }

            await gate.OpenAsync(long.MaxValue).WaitAsync(ending.Token);
            await flying;
        }
        catch (OperationCanceledException) when (failure is not null)
        {
        }
        finally
        {
            await ending.CancelAsync();
            await flying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (failure is not null)
        {
            throw new GridException(GridError.Unavailable("demo", $"had a request that failed: {failure.Message}", "Start it again; it begins anew.", retryAfterMs: 0), failure);
        }

        _result.Predictions = _board.Predictions;
        return _result;

        async Task FlyAsync(string tenant, Flight[] own)
        {
            try
            {
                using var ledger = FlightLedger.InMemory();
                await driver.RunAsync(tenant, own, ledger, _board, ending.Token);
                gate.Leave();
            }
            catch (Exception e) when (!ending.IsCancellationRequested)
            {
                // The others wait at the gate for this one.
                failure = e;
                await ending.CancelAsync();
            }
        }
    }

    private async Task LookAsync(DateTimeOffset monday, CancellationToken cancellationToken)
    {
        var end = monday.AddDays(DaysAWeek);
        await MeasuredAsync(end, cancellationToken);
        var week = WeekOf(monday);
        _result.Weeks.Add(week);
        say(string.Create(CultureInfo.InvariantCulture, $"{monday:yyyy-MM-dd}  {week.Old.Rows,6:N0} flights  late {week.Old.LateRate:P1}  AUC {week.Old.Auc:0.0000}  PSI {_result.Psi.GetValueOrDefault((First, monday), double.NaN):0.000}"));
        if (_result.Request is null)
        {
            await TrainIfAskedAsync(end, cancellationToken);
        }
        else if (_result.Promoted is null)
        {
            Decide(end, cancellationToken);
        }
        else if (_result.Trained is { } trained && (await _grid.Models.GetAsync(Model, cancellationToken)) is var model && !model.Versions.Contains(Bad, StringComparer.Ordinal))
        {
            await TryBadAsync(trained, cancellationToken);
        }
        else if (_result.Rejected is null)
        {
            var history = await _grid.Models.GetHistoryAsync(Model, cancellationToken);
            _result.Rejected = history.Steps.FirstOrDefault(static step => step is { Action: RolloutAction.Unshadow, Version: Bad, IsAutomatic: true })?.Reason;
            say(_result.Rejected is { } why ? $"  the guards threw version {Bad} back: {why}" : $"  version {Bad} is still on trial");
        }
    }

    /// <summary>Waits until the grid has tested the week, and keeps what it measured.</summary>
    private async Task MeasuredAsync(DateTimeOffset end, CancellationToken cancellationToken)
    {
        var status = await UntilAsync(
            () => _grid.Signals.GetMonitorAsync(Model, cancellationToken),
            status => status.Versions.Any(version => version.Version == First && version.Window is { } window && window.ToMs >= end.ToUnixTimeMilliseconds()),
            cancellationToken);
        foreach (var version in status.Versions)
        {
            if (version.Window is { } window && window.Findings.FirstOrDefault(static f => f is { Type: "prediction-drift", Statistic: "psi" }) is { } finding)
            {
                // As first measured: a window that gets too few outcomes grows, as that of a version that is no longer live does.
                _result.Psi.TryAdd((version.Version, DateTimeOffset.FromUnixTimeMilliseconds(window.FromMs)), finding.Value);
            }
        }
    }

    private async Task TrainIfAskedAsync(DateTimeOffset end, CancellationToken cancellationToken)
    {
        var signals = await _grid.Signals.ListAsync(Model, withCleared: true, cancellationToken);
        if (signals.FirstOrDefault(static signal => signal.Type == "retrain") is not { } request)
        {
            return;
        }

        _result.Request = request;
        _result.Drift = signals.Where(static signal => signal.Type == "prediction-drift").MinBy(static signal => signal.OpenedMs);
        say($"  signals: {string.Join(", ", signals.Select(static signal => $"{signal.Type} {signal.Column} {signal.Statistic} {signal.Value:0.###}"))}");
        say($"  the grid asks for a training: {request.Explanation}");
        var guards = Path.Combine(folder, "guards.yaml");
        await File.WriteAllTextAsync(guards, "limits: { max_batch: 64, queue: 1024, deadline_ms: 1000 }\nguards: { min_requests: 1000, error_rate: 0.01, disagreement: { output: p_late, threshold: 0.2, rate: 0.25 } }\n", cancellationToken);
        say(Indent(await trainer.RunAsync(cancellationToken, "listen", "--once", "--server", silo.Address, "--model", Model, "--work", Path.Combine(folder, "trainer"), "--output-name", "p_late", "--manifest", guards)));

        // Whoever waits for the version finds it by the signal that asked for it.
        var model = await _grid.Models.GetAsync(Model, cancellationToken);
        foreach (var name in model.Versions)
        {
            var version = await _grid.Models.GetVersionAsync(Model, name, cancellationToken);
            _result.Trained = version.Lineage?.Signal == request.Id ? version : _result.Trained;
        }

        if (_result.Trained is { } trained)
        {
            _result.TrialMs = end.AddDays(1).ToUnixTimeMilliseconds();
            Volatile.Write(ref _asked, [null, trained.Version]);
        }
    }

    /// <summary>Has the new version take over while flights go on, once outcomes say that it is not worse.</summary>
    private void Decide(DateTimeOffset end, CancellationToken cancellationToken)
    {
        if (_result.Trained is not { } trained)
        {
            return;
        }

        var now = end.AddDays(1).ToUnixTimeMilliseconds();
        RolloutArm champion = ArmOf(First, now), challenger = ArmOf(trained.Version, now);
        var decision = RolloutGuards.Judge(NotWorse, champion, challenger, TimeSpan.FromMilliseconds(now - _result.TrialMs));
        say($"  version {trained.Version}: {decision.Verdict}, {decision.Reason}");
        if (decision.Verdict == RolloutVerdict.Promote)
        {
            _result.Promoted = string.Create(CultureInfo.InvariantCulture, $"log loss {challenger.Loss.Mean:0.0000} against {champion.Loss.Mean:0.0000} on {challenger.Loss.Count:N0} outcomes");
            _promotion = PromoteAsync(trained.Version, cancellationToken);
        }
    }

    private async Task PromoteAsync(string version, CancellationToken cancellationToken)
    {
        // Flights are under way again when this is asked for.
        await Task.Yield();
        await _grid.Models.PromoteAsync(Model, version, _result.Promoted, cancellationToken);
        Volatile.Write(ref _asked, [null, First]);
        say($"  version {version} is live: {_result.Promoted}");
    }

    private async Task TryBadAsync(VersionInfo trained, CancellationToken cancellationToken)
    {
        var set = Path.Combine(folder, "set.parquet");
        var version = Path.Combine(folder, Bad);
        await _grid.Datasets.DownloadAsync(trained.Lineage!.DataSet!, set, cancellationToken);
        await trainer.RunAsync(cancellationToken, "train", "--data", set, "--out", version, "--output-name", "p_late", "--manifest", Path.Combine(folder, "guards.yaml"), "--parent", trained.Version, "--fault-shuffle-labels");
        say(Indent(await trainer.RunAsync(cancellationToken, "register", "--server", silo.Address, "--model", Model, "--version-name", Bad, "--folder", version, "--shadow")));
    }

    private RolloutArm ArmOf(string version, long now)
    {
        var loss = new LossSum();
        var answers = _board.Of(version, _result.TrialMs, now, now);
        foreach (var (probability, late) in answers)
        {
            loss = loss.Add(-Math.Log(Math.Clamp(late ? probability : 1 - probability, 1e-15, 1)));
        }

        return new RolloutArm { Requests = answers.Count, Errors = 0, Loss = loss };
    }

    private DriftWeek WeekOf(DateTimeOffset monday)
    {
        var (from, to) = (monday.ToUnixTimeMilliseconds(), monday.AddDays(DaysAWeek).ToUnixTimeMilliseconds());
        var later = _result.Trained is { } trained ? _board.Of(trained.Version, from, to, long.MaxValue) : [];

        // Rows that both answered: the first week of a trial is a part of a week.
        return new DriftWeek(monday, BinaryScores.Of(_board.Of(First, from, to, long.MaxValue)), later.Count > 0 ? BinaryScores.Of(later) : null);
    }

    private static string Indent(string text) => $"  {text.TrimEnd().ReplaceLineEndings("\n  ")}";

    private static async Task<T> UntilAsync<T>(Func<ValueTask<T>> ask, Predicate<T> isDone, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        using var timer = new PeriodicTimer(Look);
        while (true)
        {
            var answer = await ask();
            if (isDone(answer))
            {
                return answer;
            }

            try
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw GridError.Unavailable("monitor", $"has not tested the week within {Patience}.", "Start the demo again when the machine has time.", retryAfterMs: 0).ToException();
            }
        }
    }
}
