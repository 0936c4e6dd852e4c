using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Grid.Streams.Kafka.Tests.Decoding;

/// <summary>The two paths of a schema registry that readers ask, over HTTP.</summary>
internal sealed class FakeRegistry : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentDictionary<string, (int Status, string Body)> _answers = new();
    private int _requests;

    public FakeRegistry()
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Url = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
        }

        _listener.Prefixes.Add(Url + "/");
        _listener.Start();
        _ = ServeAsync();
    }

    public string Url { get; }

    public bool IsDown { get; set; }

    public int Requests => Volatile.Read(ref _requests);

    public void Add(int id, string schema, params ReadOnlySpan<(string Name, string Subject)> references)
    {
        var refs = new List<object>();
        foreach (var (name, subject) in references)
        {
            refs.Add(new { name, subject, version = 1 });
        }

        _answers[$"/schemas/ids/{id}"] = (200, JsonSerializer.Serialize(new { schema, references = refs }));
    }

    public void AddSubject(string subject, int id, string schema) =>
        _answers[$"/subjects/{subject}/versions/1"] = (200, JsonSerializer.Serialize(new { subject, id, version = 1, schema }));

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            Interlocked.Increment(ref _requests);
            var (status, body) = IsDown
                ? (503, """{"error_code":50301,"message":"away"}""")
                : _answers.GetValueOrDefault(context.Request.Url!.AbsolutePath, (404, """{"error_code":40403,"message":"Schema not found"}"""));
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/vnd.schemaregistry.v1+json";
            await context.Response.OutputStream.WriteAsync(KafkaFixture.Utf8(body));
            context.Response.Close();
        }
    }
}
