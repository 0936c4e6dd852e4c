namespace Grid.Grains.Models;

/// <summary>States of a replica as silos report them. Wire format.</summary>
internal static class ReplicaReports
{
    public const string Loading = "loading";
    public const string Ready = "ready";
    public const string Failed = "failed";

    /// <summary>Not loaded, and not meant to be: requests go to a silo that has it, or load it.</summary>
    public const string Able = "able";
}
