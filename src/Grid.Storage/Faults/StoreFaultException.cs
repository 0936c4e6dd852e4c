namespace Grid.Storage;

/// <summary>A failure that a test injected.</summary>
/// <param name="message">What the test calls it.</param>
/// <param name="isTransient">True if the store shall treat it as one that a retry may cure; false as one that the statement itself is to blame for.</param>
public sealed class StoreFaultException(string message, bool isTransient) : Exception(message)
{
    public bool IsTransient { get; } = isTransient;
}
