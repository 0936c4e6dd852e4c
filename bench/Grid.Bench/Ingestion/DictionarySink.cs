using System.Runtime.InteropServices;

namespace Grid.Bench.Ingestion;

/// <summary>Count, sum and last amount of each card in a dictionary: nothing is durable.</summary>
internal sealed class DictionarySink : IPaymentSink
{
    private readonly Dictionary<(string Tenant, string Card), (long Count, double Sum, double Last)> _cards = [];

    public void Add(string tenant, string card, double amount)
    {
        ref var found = ref CollectionsMarshal.GetValueRefOrAddDefault(_cards, (tenant, card), out _);
        found = (found.Count + 1, found.Sum + amount, amount);
    }

    public Task FlushAsync() => Task.CompletedTask;
}
