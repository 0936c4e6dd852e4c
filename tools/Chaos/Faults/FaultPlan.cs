namespace Grid.Chaos.Faults;

/// <summary>The faults of one seed, in order.</summary>
internal static class FaultPlan
{
    public static IReadOnlyList<Fault> Make(int seed, ChaosForm form, int silos, TimeSpan freeze)
    {
        var random = new Random(seed);
        List<FaultKind> kinds = form switch
        {
            ChaosForm.Kills => [FaultKind.Kill, FaultKind.Kill, FaultKind.Kill, FaultKind.KillAll, .. Some(random, 1, 3, FaultKind.DatabaseCrash, FaultKind.DatabaseRestart, FaultKind.DatabasePause)],
            ChaosForm.Freezes => [FaultKind.Freeze, FaultKind.Freeze, .. Some(random, 1, 3, FaultKind.Kill, FaultKind.DatabasePause, FaultKind.DatabaseCrash)],
            _ => [FaultKind.Kill, FaultKind.DatabasePause],
        };
        if (form != ChaosForm.Short)
        {
            kinds.AddRange(Some(random, 2, 4, FaultKind.BrokerDown, FaultKind.FetchErrors, FaultKind.ProduceErrors, FaultKind.BrokerSlow));
        }

        var order = kinds.ToArray();
        random.Shuffle(order);
        return
        [
            .. order.Select(kind => new Fault(
                kind,
                random.Next(silos),
                random.Next(50, 800),
                kind switch
                {
                    FaultKind.Freeze => (int)freeze.TotalMilliseconds + random.Next(3000),
                    FaultKind.Kill or FaultKind.KillAll => random.Next(1500),
                    FaultKind.DatabaseCrash or FaultKind.DatabaseRestart => random.Next(1500),
                    _ => random.Next(500, 3000),
                },
                random.Next(2) == 0)),
        ];
    }

    private static FaultKind[] Some(Random random, int least, int most, params FaultKind[] kinds) =>
        [.. Enumerable.Range(0, random.Next(least, most)).Select(_ => kinds[random.Next(kinds.Length)])];
}
