namespace Grid.Features.Definitions;

/// <summary>How the windows of a view are kept.</summary>
public enum WindowForm
{
    /// <summary>A ring of the entries themselves, up to a bound; the oldest degrade to tiles there.</summary>
    Exact,
}
