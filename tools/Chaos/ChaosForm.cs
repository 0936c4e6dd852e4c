namespace Grid.Chaos;

/// <summary>Which faults a run has.</summary>
internal enum ChaosForm
{
    /// <summary>Silos are killed; database and brokers fail.</summary>
    Kills,

    /// <summary>Silos are frozen past the membership time-out and go on as zombies; some are killed.</summary>
    Freezes,

    /// <summary>One kill and one pause, for a test that may not take long.</summary>
    Short,
}
