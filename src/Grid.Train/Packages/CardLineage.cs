namespace Grid.Train.Packages;

/// <summary>Where a version comes from.</summary>
/// <param name="Parent">The version it is meant to follow, as <c>model/version</c> or a digest.</param>
/// <param name="Signal">Id of the signal that asked for it.</param>
/// <param name="DatasetDigest">Content of the training set.</param>
/// <param name="Code">Where the code that made the set is: a commit, for example.</param>
internal sealed record CardLineage(string? Parent, string? Signal, string DatasetDigest, string? Code);
