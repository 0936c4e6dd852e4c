using System.Net;
using Confluent.SchemaRegistry;
using Grid.Primitives;

namespace Grid.Streams.Kafka;

/// <summary>Schemas from a Confluent registry, by its own client. Thread-safe; one for a process is enough.</summary>
public sealed class SchemaRegistrySource : ISchemaSource, IDisposable
{
    /// <summary>References may refer on; a registry with a cycle or a chain beyond this is broken.</summary>
    private const int MaxReferences = 256;

    private const int RetryMs = 1000;

    private readonly CachedSchemaRegistryClient _client;
    private readonly string _url;

    /// <exception cref="GridException">The options are wrong: all mistakes at once.</exception>
    public SchemaRegistrySource(SchemaRegistryOptions options, string path = "schemaRegistry")
    {
        var errors = options.Check(path);
        if (errors.Count > 0)
        {
            throw new GridException(errors);
        }

        _url = options.Url;
        var config = new SchemaRegistryConfig { Url = options.Url, RequestTimeoutMs = (int)options.RequestTimeout.TotalMilliseconds, BasicAuthUserInfo = options.BasicAuth };
        foreach (var (name, value) in options.Properties)
        {
            config.Set(name, value);
        }

        try
        {
            _client = new CachedSchemaRegistryClient(config);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new GridException(GridError.Invalid($"{path}.properties", $"are not taken by the registry client: {e.Message}", "Correct the property that it names."), e);
        }
    }

    public async ValueTask<SchemaAnswer> GetAsync(int id, CancellationToken cancellationToken)
    {
        try
        {
            var schema = await _client.GetSchemaAsync(id).WaitAsync(cancellationToken);
            if (schema.SchemaType != SchemaType.Avro)
            {
                return SchemaAnswer.None;
            }

            var references = new List<string>();
            await CollectAsync(schema.References, references, [], cancellationToken);
            return SchemaAnswer.Found(schema.SchemaString, references);
        }
        catch (SchemaRegistryException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return SchemaAnswer.None;
        }
        catch (Exception e) when (e is SchemaRegistryException or HttpRequestException or TaskCanceledException or TimeoutException or IOException && !cancellationToken.IsCancellationRequested)
        {
            return SchemaAnswer.Failed(GridError.Unavailable($"schema registry '{_url}'", $"did not give schema {id}: {e.Message}", "Check its address and credentials, or wait for it.", RetryMs));
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task CollectAsync(List<SchemaReference>? references, List<string> into, HashSet<(string Subject, int Version)> seen, CancellationToken cancellationToken)
    {
        foreach (var reference in references ?? [])
        {
            if (seen.Count >= MaxReferences || !seen.Add((reference.Subject, reference.Version)))
            {
                continue;
            }

            var schema = await _client.GetRegisteredSchemaAsync(reference.Subject, reference.Version).WaitAsync(cancellationToken);
            await CollectAsync(schema.References, into, seen, cancellationToken);
            into.Add(schema.SchemaString);
        }
    }
}
