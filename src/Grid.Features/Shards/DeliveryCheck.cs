namespace Grid.Features.Shards;

/// <summary>Whether a delivery may begin.</summary>
public readonly struct DeliveryCheck
{
    internal DeliveryCheck(DeliveryRefusal refusal, long appliedMark, int source)
    {
        Refusal = refusal;
        AppliedMark = appliedMark;
        Cursor = new DeliveryCursor(source);
    }

    public bool IsAccepted => Refusal == DeliveryRefusal.None;

    public DeliveryRefusal Refusal { get; }

    /// <summary>Everything at or below it has been applied; -1 for nothing.</summary>
    public long AppliedMark { get; }

    /// <summary>The start of an accepted delivery, for <see cref="ShardState.ApplyDelivery"/>.</summary>
    public DeliveryCursor Cursor { get; }
}
