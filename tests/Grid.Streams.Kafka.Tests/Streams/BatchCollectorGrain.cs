using Orleans.Streams;
using Orleans.Streams.Core;

namespace Grid.Streams.Kafka.Tests.Streams;

/// <summary>Takes the events of its stream in batches.</summary>
[ImplicitStreamSubscription("batches")]
public sealed class BatchCollectorGrain(Journal journal) : Grain, IStreamTestGrain, IStreamSubscriptionObserver, IAsyncBatchObserver<string>
{
    public Task PingAsync() => Task.CompletedTask;

    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => await handleFactory.Create<string>().ResumeAsync(this);

    public Task OnNextAsync(IList<SequentialItem<string>> items)
    {
        foreach (var item in items)
        {
            journal.Take(this.GetPrimaryKeyString(), item.Item, item.Token, batch: items.Count);
        }

        return Task.CompletedTask;
    }

    public Task OnCompletedAsync() => Task.CompletedTask;

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
}
