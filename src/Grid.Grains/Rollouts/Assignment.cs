namespace Grid.Grains.Rollouts;

/// <summary>Which version answers one request, and why.</summary>
/// <param name="Version">The version.</param>
/// <param name="Arm"><c>live</c>, <c>canary</c>, <c>pinned</c>, or the name of an experiment's arm.</param>
internal readonly record struct Assignment(string Version, string Arm)
{
    public const string LiveArm = "live";
    public const string CanaryArm = "canary";
    public const string PinnedArm = "pinned";

    public bool IsCanary => ReferenceEquals(Arm, CanaryArm);
}
