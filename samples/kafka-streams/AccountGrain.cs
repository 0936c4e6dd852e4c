using Grid.Streams.Kafka;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace Grid.Samples.KafkaStreams;

/// <summary>An account, woken by the first payment for its key. Payments come at least once and in order: the token of the last one tells which are repeats.</summary>
[ImplicitStreamSubscription(Topics.Payments)]
internal sealed class AccountGrain(Ledger ledger) : Grain, IGrainWithStringKey, IStreamSubscriptionObserver, IAsyncBatchObserver<Payment>
{
    private StreamSequenceToken? _last;
    private long _balance;

    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => await handleFactory.Create<Payment>().ResumeAsync(this);

    public async Task OnNextAsync(IList<SequentialItem<Payment>> items)
    {
        foreach (var item in items)
        {
            if (_last is not null && item.Token.CompareTo(_last) <= 0)
            {
                continue;
            }

            var account = this.GetPrimaryKeyString();
            var after = _balance + item.Item.Cents;
            if (after < 0 && _balance >= 0)
            {
                // Sent before the payment counts: a failure here brings the payment again.
                var desk = this.GetStreamProvider(Topics.Provider).GetStream<Overdraft>(StreamId.Create(Topics.Overdrafts, "desk"));
                await desk.OnNextAsync(new Overdraft(item.Item.Run, account, item.Item.Number, after));
            }

            _balance = after;
            _last = item.Token;
            ledger.Pay(item.Item, account, after);
        }
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask; // The record went to the dead letters; the next one comes.
}
