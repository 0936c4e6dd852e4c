using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Grid.Grains.ModelEvents;
using Grid.Monitoring.Signals;
using Grid.Primitives;
using Microsoft.Extensions.Logging;

namespace Grid.Grains.Signals;

/// <summary>
/// Posts events as CloudEvents in structured JSON. The header <see cref="SignatureHeader"/> is <c>t=&lt;unix seconds&gt;,v1=&lt;hex&gt;</c>, where v1 is the HMAC-SHA256
/// of <c>&lt;t&gt;.&lt;body&gt;</c> under the shared secret: a receiver compares it, refuses a t that is minutes old, and drops an event id that it has had.
/// </summary>
internal sealed partial class WebhookSink : IEventSink<Signal>, IEventSink<ModelEvent>, IDisposable
{
    public const string SignatureHeader = "Grid-Signature";

    private readonly WebhookOptions _options;
    private readonly Uri _source;
    private readonly MetricsSink _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<WebhookSink> _logger;

    // A redirect could carry a signed body elsewhere; connections are renewed so that a moved address is found.
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Timeout.InfiniteTimeSpan };

    public WebhookSink(WebhookOptions options, Uri source, MetricsSink metrics, TimeProvider time, ILogger<WebhookSink> logger)
    {
        _options = options;
        _source = source;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        Name = $"webhook:{options.Name}";
    }

    public string Name { get; }

    public ValueTask<GridError?> SendAsync(Signal what, CancellationToken cancellationToken) =>
        _options.Wants(SignalEvents.TypeOf(what)) ? PostAsync(what.ToJson(_source), cancellationToken) : default;

    public ValueTask<GridError?> SendAsync(ModelEvent what, CancellationToken cancellationToken) =>
        _options.Wants(what.Type) ? PostAsync(what.ToJson(_source), cancellationToken) : default;

    public void Dispose() => _client.Dispose();

    /// <summary>What a receiver computes to know that the grid sent a body.</summary>
    internal static string Sign(string secret, long unixSeconds, ReadOnlySpan<byte> body)
    {
        var time = unixSeconds.ToString(CultureInfo.InvariantCulture);
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.ASCII.GetBytes($"{time}."));
        hmac.AppendData(body);
        return $"t={time},v1={Convert.ToHexStringLower(hmac.GetHashAndReset())}";
    }

    private async ValueTask<GridError?> PostAsync(byte[] body, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.Timeout);
        try
        {
            using var request = Request(body);
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return answer.IsSuccessStatusCode ? null : Refused(string.Create(CultureInfo.InvariantCulture, $"answered {(int)answer.StatusCode}"));
        }
        catch (HttpRequestException e)
        {
            return Refused(e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Refused($"did not answer within {_options.Timeout}");
        }
    }

    private HttpRequestMessage Request(byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents+json", "utf-8");
        var request = new HttpRequestMessage(HttpMethod.Post, _options.Url) { Content = content };
        request.Headers.Add(SignatureHeader, Sign(_options.Secret, _time.GetUtcNow().ToUnixTimeSeconds(), body));
        return request;
    }

    private GridError Refused(string why)
    {
        _metrics.Refused(Name);
        LogRefused(_options.Name, why);
        return GridError.Unavailable($"webhook '{_options.Name}'", $"did not take an event: {why}.", "It is sent again; see to the receiver.", retryAfterMs: 1000);
    }

    [LoggerMessage(EventId = 2832, Level = LogLevel.Warning, Message = "Webhook {Webhook} did not take an event, which is sent again later: {Why}")]
    private partial void LogRefused(string webhook, string why);
}
