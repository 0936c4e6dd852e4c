using System.Text;
using System.Text.Json;

namespace Grid.Silo.Tests.Support;

/// <summary>Short forms of the calls that the tests make.</summary>
internal static class HttpCalls
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<HttpResponseMessage> SendAsync(this HttpClient http, HttpMethod method, string path, string? body = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, type);
        }

        return await http.SendAsync(request, Cancel);
    }

    public static async Task<JsonElement> GetJsonAsync(this HttpClient http, string path) => await JsonAsync(await http.SendAsync(HttpMethod.Get, path));

    public static async Task<JsonElement> PostJsonAsync(this HttpClient http, string path, string body) => await JsonAsync(await http.SendAsync(HttpMethod.Post, path, body));

    /// <summary>The JSON of an answer that must be 200.</summary>
    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True((int)response.StatusCode == 200, $"{(int)response.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    public static async Task<Problem> RefusedAsync(this HttpClient http, HttpMethod method, string path, string? body = null, string type = "application/json") =>
        await Problem.ReadAsync(await http.SendAsync(method, path, body, type));

    /// <summary>Uploads files as a version.</summary>
    public static async Task<HttpResponseMessage> PushAsync(this HttpClient http, string model, string version, params (string Name, byte[] Bytes)[] files)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, bytes) in files)
        {
            form.Add(new ByteArrayContent(bytes), "files", name);
        }

        return await http.PutAsync($"/v1/default/models/{model}/versions/{version}", form, Cancel);
    }
}
