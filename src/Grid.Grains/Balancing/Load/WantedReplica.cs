namespace Grid.Grains.Balancing;

/// <summary>One wanted replica of a version.</summary>
/// <param name="Silo">Where.</param>
/// <param name="IsReady">Whether it serves already.</param>
internal readonly record struct WantedReplica(string Silo, bool IsReady);
