namespace Grid.Grains.Balancing;

/// <summary>One replica of a version.</summary>
/// <param name="Silo">Where.</param>
/// <param name="IsReady">Whether it serves already.</param>
/// <param name="IsPlanned">Whether it is wanted there; false where a request loaded it because nobody had it.</param>
internal readonly record struct WantedReplica(string Silo, bool IsReady, bool IsPlanned = true);
