using Orleans.Streams;
using Orleans.Streams.Core;

namespace Grid.Samples.KafkaStreams;

/// <summary>Where the overdrafts of all accounts come together.</summary>
[ImplicitStreamSubscription(Topics.Overdrafts)]
internal sealed class DeskGrain(Ledger ledger) : Grain, IGrainWithStringKey, IStreamSubscriptionObserver
{
    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => await handleFactory.Create<Overdraft>().ResumeAsync((overdraft, _) =>
    {
        ledger.Report(overdraft);
        return Task.CompletedTask;
    });
}
