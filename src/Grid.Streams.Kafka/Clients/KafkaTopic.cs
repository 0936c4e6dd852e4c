using System.Text.RegularExpressions;
using Confluent.Kafka;
using Grid.Primitives;

namespace Grid.Streams.Kafka;

/// <summary>Asks the brokers how many partitions a topic has. Connects on first use. One question at a time.</summary>
public sealed partial class KafkaTopic(IKafkaClientFactory clients, string topic) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private IProducer<byte[]?, byte[]?>? _producer;
    private IAdminClient? _admin;
    private bool _isDisposed;

    public string Name => topic;

    /// <summary>What is wrong with the name of a topic; null where nothing is.</summary>
    /// <param name="name">The name.</param>
    /// <param name="path">What the error is to call it.</param>
    public static GridError? CheckName(string name, string path) =>
        Names().IsMatch(name) && name is not ("." or "..")
            ? null
            : GridError.Invalid(path, $"is '{name}'.", "Give the name of a topic: 1 to 249 letters, digits, '.', '_' and '-'.");

    /// <summary>The number, 1 or more, or why it is not known: ask again later.</summary>
    public Task<(int Partitions, GridError? Error)> CountAsync(CancellationToken cancellationToken) => Task.Run(Count, cancellationToken);

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _admin?.Dispose();
            _producer?.Dispose();
        }
    }

    private (int Partitions, GridError? Error) Count()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            try
            {
                // The admin client borrows the handle of a producer, which itself sends nothing.
                _producer ??= clients.CreateProducer(new ProducerConfig { AllowAutoCreateTopics = false }, static builder => builder.LogNowhere());
                _admin ??= new DependentAdminClientBuilder(_producer.Handle).Build();
                var found = _admin.GetMetadata(topic, Timeout).Topics.Find(t => t.Topic == topic);
                return found is { Error.IsError: false, Partitions.Count: > 0 }
                    ? (found.Partitions.Count, null)
                    : (0, KafkaErrors.Transient($"topic '{topic}'", found?.Error ?? new Error(ErrorCode.UnknownTopicOrPart)));
            }
            catch (KafkaException e)
            {
                return (0, KafkaErrors.Transient($"topic '{topic}'", e.Error));
            }
            catch (GridException e)
            {
                return (0, e.Error);
            }
        }
    }

    [GeneratedRegex("^[A-Za-z0-9._-]{1,249}$", RegexOptions.CultureInvariant)]
    private static partial Regex Names();
}
