using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Text.Json.Serialization.Metadata;
using Grid.Primitives;

namespace Grid.Client.Http;

/// <summary>Sends calls: where to, how often, how long. Thread-safe.</summary>
internal sealed class GridTransport : IDisposable
{
    private readonly GridClientOptions _options;
    private readonly HttpMessageInvoker _http;
    private readonly TimeProvider _time;
    private readonly AddressBook _addresses;
    private readonly OwnerHints _owners;

    public GridTransport(GridClientOptions options, HttpMessageHandler handler, TimeProvider time)
    {
        _options = options;
        _time = time;
        _http = new HttpMessageInvoker(handler, disposeHandler: true);
        _addresses = new AddressBook(options.Addresses);
        _owners = new OwnerHints(options.FollowOwners ? options.OwnerHints : 0, time);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Remembers who answered for an entity. An address that would be less safe than the configured ones is ignored.</summary>
    public void RememberOwner(OwnerKey key, string owner)
    {
        if (_options.FollowOwners && owner.Length > 0 && Uri.TryCreate(owner.EndsWith('/') ? owner : owner + "/", UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && _addresses.AllowsPlainText)))
        {
            _owners.Remember(key, uri);
        }
    }

    /// <inheritdoc cref="SendAndReadAsync{T}(GridCall, Func{HttpResponseMessage, CancellationToken, Task{T}}, CancellationToken)"/>
    /// <param name="call">The call.</param>
    /// <param name="answer">What the answer is read as; null for an answer without a body.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<T> SendAsync<T>(GridCall call, JsonTypeInfo<T>? answer, CancellationToken cancellationToken) =>
        SendCoreAsync(
            call,
            (response, address, token) => answer is null ? Task.FromResult<T>(default!) : ProblemReader.ReadAnswerAsync(response, call, address, answer, token),
            cancellationToken);

    /// <summary>Sends a call until it is answered, cannot be repeated, or its time is over.</summary>
    /// <param name="call">The call.</param>
    /// <param name="read">Reads an answer; is called again where an attempt breaks off while it reads.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="GridException">The last attempt's error; where no address could be reached, one error for each.</exception>
    public Task<T> SendAndReadAsync<T>(GridCall call, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        SendCoreAsync(call, (response, _, token) => read(response, token), cancellationToken);

    /// <summary>Downloads what a call answers into a file; begins anew where an attempt breaks off.</summary>
    /// <param name="call">The call.</param>
    /// <param name="digest">What the content must be.</param>
    /// <param name="path">The file; replaced where it is there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task DownloadAsync(GridCall call, string digest, string path, CancellationToken cancellationToken) => FileDownload.ToFileAsync(
        call.Target,
        digest,
        path,
        target => SendAndReadAsync(
            call,
            async (response, token) =>
            {
                await using var content = await response.Content.ReadAsStreamAsync(token);
                target.Rewind();
                await target.CopyAsync(content, token);
                return true;
            },
            cancellationToken),
        cancellationToken);

    private async Task<T> SendCoreAsync<T>(GridCall call, Func<HttpResponseMessage, Uri, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var budget = call.Budget ?? _options.RequestTimeout;
        var maxAttempts = call.Safety == CallSafety.Once ? 1 : Math.Max(_options.MaxAttempts, _addresses.Count);
        var unreached = new List<GridError>();
        var hint = call.Owner is { } owner ? _owners.Find(owner) : null;
        for (var attempt = 1; ; attempt++)
        {
            var left = budget - _time.GetElapsedTime(started);
            var address = hint ?? _addresses.Current;
            var (value, failure) = await AttemptAsync(call, address, left, read, cancellationToken);
            if (failure is null)
            {
                return value!;
            }

            if (hint is not null)
            {
                if (failure is { FromSilo: true } && !IsPassing(failure.Error.Code))
                {
                    throw failure.Exception;
                }

                // A wrong hint costs this attempt and nothing else: the next one goes to a configured address at once.
                _owners.Forget(call.Owner!.Value);
                if (!failure.FromSilo)
                {
                    // It may be a configured address, too, and the one in use: what did not answer once is not waited for again.
                    _owners.Bench(hint);
                    _addresses.MoveOnFrom(hint);
                }

                hint = null;
                attempt--;
                continue;
            }

            if (failure.Unreached)
            {
                unreached.Add(failure.Error);
                _addresses.MoveOnFrom(address);
            }
            else if (!failure.FromSilo)
            {
                _addresses.MoveOnFrom(address);
            }

            var another = failure.Unreached && unreached.Count < _addresses.Count;
            var delay = another ? TimeSpan.Zero : DelayBefore(attempt + 1, failure.Error);
            if (attempt >= maxAttempts || !IsPassing(failure.Error.Code) || delay >= budget - _time.GetElapsedTime(started))
            {
                throw failure.Unreached ? AllUnreached(unreached, failure.Exception) : failure.Exception;
            }

            if (delay > TimeSpan.Zero)
            {
                await Task.Delay(delay, _time, cancellationToken);
            }
        }
    }

    private async Task<(T? Value, AttemptFailure? Failure)> AttemptAsync<T>(
        GridCall call, Uri address, TimeSpan left, Func<HttpResponseMessage, Uri, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        var timeout = call.AttemptTimeout ?? _options.AttemptTimeout;
        if (left < timeout)
        {
            timeout = left;
        }

        if (timeout <= TimeSpan.Zero)
        {
            return (default, new AttemptFailure(TransportErrors.OutOfTime(call).ToException(), Unreached: false, FromSilo: true));
        }

        using var request = new HttpRequestMessage(call.Method, new Uri(address, call.Path));
        request.Content = call.Content?.Invoke(left);
        if (call.WorkspaceHeader is { } workspace)
        {
            request.Headers.Add("X-Grid-Workspace", workspace);
        }

        using var timer = new CancellationTokenSource(timeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            using var response = await _http.SendAsync(request, linked.Token);
            if (!response.IsSuccessStatusCode)
            {
                return (default, await ProblemReader.ReadAsync(response, call, address, linked.Token));
            }

            return (await read(response, address, linked.Token), null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            return (default, new AttemptFailure(TransportErrors.NoAnswer(call, address, timeout).ToException(), Unreached: false, FromSilo: false));
        }
        catch (HttpRequestException e)
        {
            var unreached = e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;
            return (default, new AttemptFailure(new GridException(TransportErrors.Broken(call, address, e, unreached), e), unreached, FromSilo: false));
        }
        catch (SocketException e)
        {
            // A connection that ends the moment it is made; the handler lets that through as it is. Nothing was sent on it.
            return (default, new AttemptFailure(new GridException(TransportErrors.Broken(call, address, e, unreached: true), e), Unreached: true, FromSilo: false));
        }
        catch (IOException e)
        {
            return (default, new AttemptFailure(new GridException(TransportErrors.Broken(call, address, e, unreached: false), e), Unreached: false, FromSilo: false));
        }
    }

    /// <summary>Failures that a moment may cure.</summary>
    private static bool IsPassing(GridErrorCode code) => code is GridErrorCode.Overloaded or GridErrorCode.Unavailable or GridErrorCode.OutcomeUnknown;

    [SuppressMessage("Security", "CA5394", Justification = "Jitter keeps callers apart; nobody gains by guessing it.")]
    private TimeSpan DelayBefore(int attempt, GridError error)
    {
        // Doubling, and somewhere in the upper half, so that callers who failed together do not come back together.
        var exponent = Math.Min(attempt - 2, 20);
        var delay = Math.Min(_options.RetryBaseDelay.TotalMilliseconds * (1L << exponent), _options.RetryMaxDelay.TotalMilliseconds);
        delay *= 0.5 + (Random.Shared.NextDouble() / 2);
        return TimeSpan.FromMilliseconds(Math.Max(delay, error.RetryAfterMs ?? 0));
    }

    private static GridException AllUnreached(List<GridError> unreached, GridException last)
    {
        GridError[] distinct = [.. unreached.DistinctBy(static e => e.Target)];
        return distinct.Length > 1 ? new GridException(distinct) : last;
    }
}
