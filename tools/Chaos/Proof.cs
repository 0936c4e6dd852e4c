namespace Grid.Chaos;

/// <summary>Shows that the checker can fail: runs whose silos break a promise on purpose.</summary>
internal static class Proof
{
    public static IEnumerable<(int Seed, ChaosForm Form, ChaosBreak Break)> Runs(int first) =>
    [
        (first, ChaosForm.Kills, ChaosBreak.Marks),
        (first, ChaosForm.Kills, ChaosBreak.Gaps),
        (first, ChaosForm.Freezes, ChaosBreak.Fencing),
    ];

    /// <returns>The exit code: 0 where each was noticed.</returns>
    public static int Tell(IReadOnlyList<ChaosOutcome> outcomes)
    {
        var noticed = outcomes.Count(static o => o.IsFinished && !o.Passed);
        foreach (var outcome in outcomes.Where(static o => o.Passed || !o.IsFinished))
        {
            Console.WriteLine($"Nobody noticed that {outcome.Options.Break.ToString().ToLowerInvariant()} was broken.");
        }

        Console.WriteLine($"{noticed} of {outcomes.Count} broken promises noticed");
        return noticed == outcomes.Count ? 0 : 1;
    }
}
