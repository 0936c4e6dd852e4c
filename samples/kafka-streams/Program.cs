using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Grid.Samples.KafkaStreams;
using Grid.Streams.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

const int accounts = 10;
var bootstrap = args.ElementAtOrDefault(0) ?? Environment.GetEnvironmentVariable("KAFKA_BOOTSTRAP");
if (bootstrap is null || !int.TryParse(args.ElementAtOrDefault(1) ?? "1000", CultureInfo.InvariantCulture, out var payments) || payments < 1)
{
    Console.Error.WriteLine("Usage: kafka-streams <bootstrap servers> [payments]; the servers may also be in KAFKA_BOOTSTRAP.");
    return 1;
}

var ledger = new Ledger(Guid.NewGuid().ToString("N"), payments);
var builder = Host.CreateApplicationBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddSingleton(ledger);
builder.UseOrleans(silo =>
{
    silo.UseLocalhostClustering(siloPort: FreePort(), gatewayPort: FreePort());
    silo.AddKafkaStreams(
        Topics.Provider,
        options =>
        {
            options.Connection.BootstrapServers = bootstrap;
            options.Reader.GroupId = "kafka-streams-sample";
            options.DeadLetters = new DeadLetterOptions { Topic = Topics.DeadLetters };

            // Others write and read payments: JSON that any tool understands. Overdrafts stay within the application.
            options.Topics.Add(new KafkaTopicOptions { Name = Topics.Payments, Partitions = Topics.PaymentPartitions, External = new JsonRecordFormat<Payment>() });
            options.Topics.Add(new KafkaTopicOptions { Name = Topics.Overdrafts, Partitions = 1 });
        },
        streams => streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly));
});

using var host = builder.Build();
await host.StartAsync();

// A client sends in the same way: clientBuilder.AddKafkaStreams(...), then GetStreamProvider.
var provider = host.Services.GetRequiredService<IClusterClient>().GetStreamProvider(Topics.Provider);
await Task.WhenAll(Enumerable.Range(0, accounts).Select(SendAsync));
await ledger.Complete;

var figures = ledger.Figures();
var sent = Enumerable.Range(0, payments).Sum(i => Cents(i / accounts));
var isRight = figures.Payments == payments && figures.Cents == sent;
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{figures.Payments} payments on {accounts} accounts, {figures.Cents} cents of {sent}, {figures.Overdrafts} overdrafts: {(isRight ? "OK" : "WRONG")}"));
await host.StopAsync();
return isRight ? 0 : 1;

async Task SendAsync(int account)
{
    var stream = provider.GetStream<Payment>(StreamId.Create(Topics.Payments, $"account-{account}"));
    for (var i = account; i < payments; i += accounts)
    {
        await stream.OnNextAsync(new Payment(ledger.Run, (i / accounts) + 1, Cents(i / accounts)));
    }
}

// Three payments in, then one out that is larger than they were together: each account is overdrawn again and again.
static long Cents(int number) => number % 4 == 3 ? -1000 : 300;

static int FreePort()
{
    using var listener = new TcpListener(IPAddress.Loopback, 0);
    listener.Start();
    return ((IPEndPoint)listener.LocalEndpoint).Port;
}
