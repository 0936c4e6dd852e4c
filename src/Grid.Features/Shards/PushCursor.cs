namespace Grid.Features.Shards;

/// <summary>How far a push has been applied. Starts as the default value; belongs to one batch.</summary>
public struct PushCursor
{
    /// <summary>Events dealt with: so many outcomes are written.</summary>
    public int Handled { readonly get; internal set; }

    internal int Offset { readonly get; set; }
}
