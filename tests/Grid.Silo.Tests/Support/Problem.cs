using System.Text.Json;

namespace Grid.Silo.Tests.Support;

/// <summary>A refusal over HTTP, as the tests look at it.</summary>
internal sealed record Problem(int Status, string Code, string Target, string Message, string? Fix, IReadOnlyList<string> Targets)
{
    public static async Task<Problem> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.Content.Headers.ContentType?.MediaType == "application/problem+json", $"{(int)response.StatusCode} is no problem: {text}");
        var root = JsonDocument.Parse(text).RootElement;
        Assert.Equal((int)response.StatusCode, root.GetProperty("status").GetInt32());
        return new Problem(
            (int)response.StatusCode,
            root.GetProperty("code").GetString()!,
            root.GetProperty("target").GetString()!,
            root.GetProperty("message").GetString()!,
            root.TryGetProperty("fix", out var fix) ? fix.GetString() : null,
            [.. root.GetProperty("errors").EnumerateArray().Select(static e => e.GetProperty("target").GetString()!)]);
    }

    /// <summary>The refusal names the thing, says what is wrong and what to do.</summary>
    public void Says(int status, string target, string message, string? fix = null)
    {
        Assert.True(Status == status, $"{Status}, not {status}: {this}");
        Assert.Contains(target, Target, StringComparison.Ordinal);
        Assert.Contains(message, Message, StringComparison.Ordinal);
        if (fix is not null)
        {
            Assert.False(string.IsNullOrWhiteSpace(Fix), $"No fix: {this}");
            Assert.Contains(fix, Fix, StringComparison.Ordinal);
        }
    }
}
