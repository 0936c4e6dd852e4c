namespace Grid.Features.Shards;

/// <summary>How far a delivery has been applied. Starts from <see cref="DeliveryCheck.Cursor"/>; belongs to one batch.</summary>
public struct DeliveryCursor
{
    // One more than the source's index, so that a cursor that no check gave out is found.
    private readonly int _source;

    internal DeliveryCursor(int source) => _source = source + 1;

    /// <summary>Events dealt with.</summary>
    public int Handled { readonly get; internal set; }

    /// <summary>Of these, events that were there already.</summary>
    public int Skipped { readonly get; internal set; }

    /// <summary>Why the last step stopped early; the rest is to be sent again later.</summary>
    public DeliveryRefusal Stopped { readonly get; internal set; }

    internal int Offset { readonly get; set; }

    internal readonly int Source => _source > 0 ? _source - 1 : throw new InvalidOperationException("A delivery's cursor comes from BeginDelivery.");
}
