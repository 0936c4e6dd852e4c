using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Grid.Client.Wire;
using Grid.Primitives;

namespace Grid.Client.Http;

/// <summary>Turns responses into answers and typed errors.</summary>
internal static class ProblemReader
{
    /// <summary>Text of an error page of something that is not a silo, cut to this.</summary>
    private const int MaxForeignText = 200;

    public static async Task<T> ReadAnswerAsync<T>(HttpResponseMessage response, GridCall call, Uri address, JsonTypeInfo<T> answer, CancellationToken cancellationToken)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        try
        {
            return JsonSerializer.Deserialize(bytes, answer) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new GridException(
                new GridError(GridErrorCode.Internal, call.Target, $"was answered by {TransportErrors.Name(address)} with JSON that this SDK cannot read: {e.Message}", "Check that the address is a silo, and upgrade the older side."),
                e);
        }
    }

    public static async Task<AttemptFailure> ReadAsync(HttpResponseMessage response, GridCall call, Uri address, CancellationToken cancellationToken)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var errors = ReadProblem(bytes) ?? ReadInferError(bytes, response, call);
        if (errors is not null)
        {
            return new AttemptFailure(new GridException(WithRetryAfter(errors, response)), Unreached: false, FromSilo: true);
        }

        var text = System.Text.Encoding.UTF8.GetString(bytes, 0, Math.Min(bytes.Length, MaxForeignText)).ReplaceLineEndings(" ").Trim();
        var error = new GridError(
            WireErrors.CodeOf(response.StatusCode),
            call.Target,
            $"was answered by {TransportErrors.Name(address)} with status {(int)response.StatusCode}{(text.Length == 0 ? "." : $": {text}")}",
            "Check that the address is a silo, and what stands between.");
        return new AttemptFailure(new GridException(WithRetryAfter([error], response)), Unreached: false, FromSilo: false);
    }

    private static GridError[]? ReadProblem(byte[] bytes)
    {
        try
        {
            var body = JsonSerializer.Deserialize(bytes, WireContext.Default.ProblemBody);
            if (body is { Errors.Count: > 0 })
            {
                return [.. body.Errors.Select(WireErrors.FromBody)];
            }

            return body is { Code: { } code, Target: { } target, Message: { } message }
                ? [WireErrors.FromBody(new ErrorBody { Code = code, Target = target, Message = message, Fix = body.Fix, RetryAfterMs = body.RetryAfterMs })]
                : null;
        }
        catch (JsonException)
        {
            // Not a silo's problem body: the caller reports status and text instead.
            return null;
        }
    }

    private static GridError[]? ReadInferError(byte[] bytes, HttpResponseMessage response, GridCall call)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, WireContext.Default.InferErrorBody) is { } body
                ? [new GridError(WireErrors.CodeOf(response.StatusCode), call.Target, body.Error)]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static GridError[] WithRetryAfter(GridError[] errors, HttpResponseMessage response)
    {
        if (errors[0].RetryAfterMs is null && response.Headers.RetryAfter?.Delta is { } delta && delta.TotalMilliseconds <= int.MaxValue)
        {
            errors[0] = errors[0] with { RetryAfterMs = (int)delta.TotalMilliseconds };
        }

        return errors;
    }
}
