using Grid.Primitives;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Grid.Streams.Kafka;

/// <summary>Checks a provider's options, and those of Orleans that it depends on, when a silo starts.</summary>
internal sealed class KafkaStreamOptionsValidator(IServiceProvider services, string name) : IConfigurationValidator
{
    public void ValidateConfiguration()
    {
        var errors = services.GetRequiredService<IOptionsMonitor<KafkaStreamOptions>>().Get(name).Check($"streams['{name}']").ToList();
        var agents = services.GetRequiredService<IOptionsMonitor<StreamPullingAgentOptions>>().Get(name);
        if (agents.BatchContainerBatchSize > 1)
        {
            // The agent then moves its cursor on before the calls end: what is delivered could not be told from what is under way.
            errors.Add(GridError.Invalid($"streams['{name}'].BatchContainerBatchSize", $"is {agents.BatchContainerBatchSize}.", "Leave it at 1; maxDeliveryRecords says how many records go in one call."));
        }

        if (errors.Count > 0)
        {
            throw new GridException(errors);
        }
    }
}
