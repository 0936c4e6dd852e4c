namespace Grid.Train.Boosting;

/// <summary>One tree. Inner nodes and leaves are numbered apart, each from 0; node 0 is the root. A tree of one leaf has no inner node. Never mutated.</summary>
/// <param name="Features">The feature that each inner node asks for.</param>
/// <param name="Thresholds">A value that is at most this goes left.</param>
/// <param name="MissingLeft">A missing value goes left.</param>
/// <param name="Left">The child on the left: an inner node where it is 0 or more, otherwise the complement of a leaf.</param>
/// <param name="Right">The child on the right.</param>
/// <param name="Gains">What each split gained in training.</param>
/// <param name="Leaves">The values of the leaves.</param>
internal sealed record Tree(int[] Features, double[] Thresholds, bool[] MissingLeft, int[] Left, int[] Right, double[] Gains, double[] Leaves);
