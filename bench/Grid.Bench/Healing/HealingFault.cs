namespace Grid.Bench.Healing;

/// <summary>What happens to a silo.</summary>
internal enum HealingFault
{
    /// <summary>SIGKILL.</summary>
    Kill,

    /// <summary>SIGSTOP: its sockets stay open and nothing answers.</summary>
    Freeze,

    /// <summary>SIGTERM: it hands over and ends.</summary>
    Drain,
}
