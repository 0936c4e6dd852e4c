using System.Globalization;
using Grid.Abstractions;
using Grid.Client;
using Grid.Primitives;
using Grid.Samples.Flights;
using Grid.Silo.Hosting;

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

    /// <summary>What a new version must show: first as a shadow, then on half of the flights.</summary>
    private const string Manifest = """
        limits: { max_batch: 64, queue: 1024, deadline_ms: 1000 }
        guards:
          min_requests: 1000
          error_rate: 0.01
          disagreement: { output: p_late, threshold: 0.2, rate: 0.25 }
          performance: { margin: 0.02, min_outcomes: 5000 }
          steps: [50]
        """;

    private readonly IGridClient _grid = silo.Client();
    private readonly DriftBoard _board = new();
    private readonly DriftResult _result = new();
    private string?[] _asked = [null];

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
                await gate.OpenAsync(monday.AddDays(DaysAWeek).ToUnixTimeMilliseconds()).WaitAsync(ending.Token);
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
        var psi = _result.Psi.TryGetValue((First, monday), out var measured) ? string.Create(CultureInfo.InvariantCulture, $"  PSI {measured:0.000}") : "";
        say(string.Create(CultureInfo.InvariantCulture, $"{monday:yyyy-MM-dd}  {week.Old.Rows,6:N0} flights  late {week.Old.LateRate:P1}  AUC {week.Old.Auc:0.0000}{psi}"));
        if (_result.Request is null)
        {
            await TrainIfAskedAsync(cancellationToken);
        }
        else if (_result.Promoted is null)
        {
            await FollowTrialAsync(cancellationToken);
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

    private async Task TrainIfAskedAsync(CancellationToken cancellationToken)
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
        await File.WriteAllTextAsync(guards, Manifest, cancellationToken);
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
            // Whichever version answers a flight, the other one is asked by name too: the table shows both on all of them.
            Volatile.Write(ref _asked, [null, First, trained.Version]);
        }
    }

    /// <summary>Says what the guards have made of the new version while flights went on.</summary>
    private async Task FollowTrialAsync(CancellationToken cancellationToken)
    {
        if (_result.Trained is not { } trained)
        {
            return;
        }

        var history = await _grid.Models.GetHistoryAsync(Model, cancellationToken);
        foreach (var step in history.Steps.Where(step => step.Version == trained.Version && step.IsAutomatic))
        {
            say($"  the guards: {step.Action} of version {step.Version}: {step.Reason}");
            _result.Promoted = step.Action == RolloutAction.Promote ? step.Reason : _result.Promoted;
        }

        if (_result.Promoted is null)
        {
            var status = await _grid.Models.GetRolloutAsync(Model, cancellationToken);
            say($"  version {trained.Version} is on trial: {string.Join(", ", status.Guards.Select(static figure => FormattableString.Invariant($"{figure.Name} {figure.Value:0.####} of {figure.Limit:0.####} on {figure.Samples}")))}");
        }
    }

    private async Task TryBadAsync(VersionInfo trained, CancellationToken cancellationToken)
    {
        var set = Path.Combine(folder, "set.parquet");
        var version = Path.Combine(folder, Bad);
        await _grid.Datasets.DownloadAsync(trained.Lineage!.DataSet!, set, cancellationToken);
        await trainer.RunAsync(cancellationToken, "train", "--data", set, "--out", version, "--output-name", "p_late", "--manifest", Path.Combine(folder, "guards.yaml"), "--parent", trained.Version, "--fault-shuffle-labels");
        say(Indent(await trainer.RunAsync(cancellationToken, "register", "--server", silo.Address, "--model", Model, "--version-name", Bad, "--folder", version, "--shadow")));
    }

    private DriftWeek WeekOf(DateTimeOffset monday)
    {
        var (from, to) = (monday.ToUnixTimeMilliseconds(), monday.AddDays(DaysAWeek).ToUnixTimeMilliseconds());
        var later = _result.Trained is { } trained ? _board.Of(trained.Version, from, to) : [];

        // Rows that both answered: the first week of a trial is a part of a week.
        return new DriftWeek(monday, BinaryScores.Of(_board.Of(First, from, to)), later.Count > 0 ? BinaryScores.Of(later) : null);
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
