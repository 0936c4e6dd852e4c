namespace Grid.Cluster.Tests.Ingestion;

/// <summary>One event of the mini flights, where it stands in the topic.</summary>
/// <param name="Tenant">The origin: the record's key.</param>
/// <param name="Type">Departure or arrival.</param>
/// <param name="TimeMs">Event time and the record's time stamp.</param>
/// <param name="Destination">The route.</param>
/// <param name="DelayMin">For an arrival.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Offset">The offset within it.</param>
internal sealed record FlightRecord(string Tenant, string Type, long TimeMs, string Destination, int? DelayMin, int Partition, long Offset)
{
    public string Json => DelayMin is { } delay
        ? $$"""{"type":"{{Type}}","dest":"{{Destination}}","delay_min":{{delay}}}"""
        : $$"""{"type":"{{Type}}","dest":"{{Destination}}"}""";
}
