namespace Grid.Chaos.Faults;

/// <summary>What is done to a part of the grid.</summary>
internal enum FaultKind
{
    /// <summary>SIGKILL of a silo, which comes back after a while.</summary>
    Kill,

    /// <summary>SIGKILL of all silos at once.</summary>
    KillAll,

    /// <summary>SIGSTOP of a silo for longer than the others wait for it, then SIGCONT.</summary>
    Freeze,

    /// <summary>The database ends as in a crash and recovers.</summary>
    DatabaseCrash,

    /// <summary>The database is stopped in order and started.</summary>
    DatabaseRestart,

    /// <summary>The database does not answer for a while.</summary>
    DatabasePause,

    /// <summary>All brokers refuse connections for a while.</summary>
    BrokerDown,

    /// <summary>The next fetches are answered with errors.</summary>
    FetchErrors,

    /// <summary>The next writes of the producer are answered with errors.</summary>
    ProduceErrors,

    /// <summary>Everything that the brokers answer takes long for a while.</summary>
    BrokerSlow,
}
