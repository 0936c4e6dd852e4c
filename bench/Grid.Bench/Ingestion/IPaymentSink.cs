namespace Grid.Bench.Ingestion;

/// <summary>Where a bare consumer puts payments.</summary>
internal interface IPaymentSink
{
    void Add(string tenant, string card, double amount);

    /// <summary>Completes when what was added is there.</summary>
    Task FlushAsync();
}
