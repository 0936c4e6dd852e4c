using Grid.Primitives;

namespace Grid.Storage;

/// <summary>What every store asks of the calls on its dead letters.</summary>
internal static class DeadLetterChecks
{
    private const int MaxRead = 10_000;

    public static void RequireAdd(IReadOnlyList<DeadLetter> letters)
    {
        for (var i = 0; i < letters.Count; i++)
        {
            if (string.IsNullOrEmpty(letters[i].Source) || string.IsNullOrEmpty(letters[i].Position))
            {
                throw GridError.Invalid($"letters[{i}]", "has no source or no position.", "Both make its identity: name them.").ToException();
            }
        }
    }

    public static void RequireRead(int max)
    {
        if (max is < 1 or > MaxRead)
        {
            throw GridError.Invalid("max", $"is {max}.", $"Use 1 to {MaxRead}.").ToException();
        }
    }
}
