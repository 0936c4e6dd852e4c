using Orleans.Runtime;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace Grid.Streams.Kafka.Tests.Streams;

/// <summary>Takes the events of its stream one by one.</summary>
[ImplicitStreamSubscription("orders")]
[ImplicitStreamSubscription("foreign")]
public sealed class CollectorGrain(Journal journal) : Grain, IStreamTestGrain, IStreamSubscriptionObserver
{
    public Task PingAsync() => Task.CompletedTask;

    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory)
    {
        var key = this.GetPrimaryKeyString();
        if (handleFactory.StreamId.GetNamespace() == "foreign")
        {
            await handleFactory.Create<Order>().ResumeAsync((order, token) => Take(key, order.Id, token));
        }
        else
        {
            await handleFactory.Create<string>().ResumeAsync((text, token) => Take(key, text, token));
        }
    }

    private async Task Take(string key, string text, StreamSequenceToken? token)
    {
        await journal.Gate(text);
        journal.Take(key, text, token, RequestContext.Get("trace") as string);
    }
}
