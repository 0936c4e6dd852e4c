namespace Grid.Chaos.Checking;

/// <summary>A block as it was committed.</summary>
internal sealed record RecordedBlock(string Tenant, long Sequence, long Epoch, byte[] Payload);
