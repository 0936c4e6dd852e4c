using System.Collections.Concurrent;
using Grid.Abstractions;
using Grid.Client;
using Grid.Client.Http;
using Grid.Primitives;

namespace Grid.Chaos.Workload;

/// <summary>
/// A client that pushes events with keys until each is acknowledged, and tries again with the same keys whatever the error. Some pushes go to two silos at the
/// same time, some again after they were acknowledged.
/// </summary>
internal sealed class PushClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(50);

    private readonly int _number;
    private readonly Random _random;
    private readonly HttpGridClient[] _doors;
    private readonly ConcurrentQueue<PushedEvent> _acknowledged;
    private readonly ConcurrentQueue<string> _failures;
    private int _keys;

    public PushClient(int seed, int number, IReadOnlyList<string> addresses, ConcurrentQueue<PushedEvent> acknowledged, ConcurrentQueue<string> failures)
    {
        _number = number;
        _random = new Random((seed * 1000) + number);
        _acknowledged = acknowledged;
        _failures = failures;
        _doors = [.. addresses.Select((_, first) => new HttpGridClient(new GridClientOptions
        {
            Addresses = [.. addresses.Skip(first), .. addresses.Take(first)],
            RequestTimeout = TimeSpan.FromSeconds(10),
            AttemptTimeout = TimeSpan.FromSeconds(3),
            MaxAttempts = 3,
        }))];
    }

    /// <summary>Requests that failed and were sent again.</summary>
    public int Retries { get; private set; }

    public async Task RunAsync(CancellationToken ending)
    {
        while (!ending.IsCancellationRequested)
        {
            await PushAsync();
            try
            {
                await Task.Delay(_random.Next(60), ending);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    public void Dispose()
    {
        foreach (var door in _doors)
        {
            door.Dispose();
        }
    }

    private async Task PushAsync()
    {
        var tenant = Tenants.PickPushed(_random);
        PushedEvent[] push = [.. RecordFlow.PushedEvents(_random, _random.Next(1, 6)).Select(e => new PushedEvent(tenant, $"c{_number}-{_keys++}", e))];
        var how = _random.Next(10);
        var acks = _random.Next(4) == 0 ? AckMode.Applied : AckMode.Durable;
        if (how < 2)
        {
            // Both may be first; whoever is second must not be answered before the first copy is safe.
            await Task.WhenAll(_doors.Take(2).Select(door => UntilAcknowledgedAsync(door, push, AckMode.Durable, isRepeated: false)));
        }
        else
        {
            // What was only applied may be lost; once it is called a duplicate it is not.
            var door = _doors[_random.Next(_doors.Length)];
            while (!await UntilAcknowledgedAsync(door, push, acks, isRepeated: false) && acks == AckMode.Applied)
            {
                door = _doors[_random.Next(_doors.Length)];
            }

            if (how == 2)
            {
                await UntilAcknowledgedAsync(_doors[_random.Next(_doors.Length)], push, AckMode.Durable, isRepeated: true);
            }
        }

        foreach (var pushed in push)
        {
            _acknowledged.Enqueue(pushed);
        }
    }

    /// <returns>Whether all were called duplicates.</returns>
    private async Task<bool> UntilAcknowledgedAsync(HttpGridClient door, PushedEvent[] push, AckMode ack, bool isRepeated)
    {
        GridEvent[] events = [.. push.Select(static p => new GridEvent(p.Event.Type, DateTimeOffset.FromUnixTimeMilliseconds(p.Event.TimeMs), p.Key, FieldsOf(p.Event)))];
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                var answers = await door.AppendAsync(Tenants.Name(push[0].Tenant), events, ack, patience.Token);
                for (var i = 0; i < answers.Count; i++)
                {
                    if (answers[i].Verdict != EventVerdict.Duplicate && (isRepeated || answers[i].Verdict != EventVerdict.Accepted))
                    {
                        _failures.Enqueue($"push {push[i].Key} of {Tenants.Name(push[i].Tenant)}{(isRepeated ? ", acknowledged before," : "")} was answered {answers[i].Verdict} {answers[i].Reason}");
                    }
                }

                return answers.All(static a => a.Verdict == EventVerdict.Duplicate);
            }
            catch (GridException) when (!patience.IsCancellationRequested)
            {
                Retries++;
                await Task.Delay(Wait);
            }
            catch (Exception e) when (e is GridException or OperationCanceledException)
            {
                _failures.Enqueue($"push {push[0].Key} of {Tenants.Name(push[0].Tenant)} was not acknowledged within {Patience.TotalMinutes:0} minutes: {e.Message}");
                return true;
            }
        }
    }

    private static Dictionary<string, object?> FieldsOf(EventFields e)
    {
        var fields = new Dictionary<string, object?> { ["id"] = e.Id, ["ok"] = e.Ok };
        Add("amount", e.Amount);
        Add("weight", e.Weight);
        Add("shop", e.Shop);
        return fields;

        void Add(string name, object? value)
        {
            if (value is not null)
            {
                fields[name] = value;
            }
        }
    }
}
