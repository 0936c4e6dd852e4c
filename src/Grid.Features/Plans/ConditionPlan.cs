namespace Grid.Features.Plans;

/// <summary>
/// One condition bit of a series. Its key is the condition's canonical text, or <c>known</c> and that text for the bit that says the condition was tried:
/// the base of a share, so that a share added later does not count entries from before it.
/// </summary>
internal sealed class ConditionPlan(string key, CompiledComparison[] comparisons)
{
    public string Key { get; } = key;

    public bool Holds(EventValues values, ReadOnlySpan<byte> row)
    {
        foreach (ref readonly var comparison in comparisons.AsSpan())
        {
            if (!comparison.Holds(values, row))
            {
                return false;
            }
        }

        return true;
    }
}
