namespace Grid.Train.Boosting;

/// <summary>Trees whose leaves are added up. Immutable.</summary>
/// <param name="Trees">The trees in the order grown.</param>
internal sealed record BoostedTrees(IReadOnlyList<Tree> Trees)
{
    /// <summary>What each feature's splits gained, by feature index.</summary>
    public double[] Gains(int features)
    {
        var gains = new double[features];
        foreach (var tree in Trees)
        {
            for (var i = 0; i < tree.Features.Length; i++)
            {
                gains[tree.Features[i]] += tree.Gains[i];
            }
        }

        return gains;
    }
}
