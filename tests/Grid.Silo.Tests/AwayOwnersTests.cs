using Grid.Abstractions;
using Grid.Grains.Gossip;
using Grid.Primitives;
using Grid.Silo.Doors;
using Grid.Silo.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Grid.Silo.Tests;

/// <summary>Calls whose owner's silo is away wait at the door and are made again.</summary>
public sealed class AwayOwnersTests : IClassFixture<SiloFixture>, IDisposable
{
    private readonly ClusterView _view;
    private readonly ForwardTime _time = new();
    private readonly AwayOwners _owners;
    private int _calls;

    public AwayOwnersTests(SiloFixture silo)
    {
        _view = silo.Silo.Services.GetRequiredService<ClusterView>();
        _owners = new AwayOwners(_view, _time);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _owners.Dispose();

    [Fact]
    public async Task OwnerThatComesBack_IsAskedAgain_AndTheCallerSeesNoError()
    {
        Assert.Equal("answer", await AskAsync(awayTimes: 3));
        Assert.Equal(4, _calls);
    }

    [Fact]
    public async Task OwnerThatStaysAway_IsUnavailable_OnceTheTimeIsOver()
    {
        var before = _time.GetTimestamp();
        var error = await Assert.ThrowsAsync<GridException>(async () => await AskAsync(awayTimes: int.MaxValue));

        Assert.Equal(GridErrorCode.Unavailable, error.Code);
        Assert.InRange(_time.GetElapsedTime(before).TotalSeconds, 6, 8);

        // Not as often as it could be: each call that fails costs the silo.
        Assert.InRange(_calls, 4, 6);
    }

    [Fact]
    public async Task CallersDeadline_EndsTheWait()
    {
        var before = _time.GetTimestamp();
        await Assert.ThrowsAsync<GridException>(async () => await AskAsync(awayTimes: int.MaxValue, deadlineMs: 300));

        Assert.InRange(_time.GetElapsedTime(before).TotalMilliseconds, 300, 600);
        Assert.Equal(2, _calls);
    }

    [Fact]
    public async Task OtherFailures_AreToldAtOnce()
    {
        var error = await Assert.ThrowsAsync<GridException>(async () => await _owners.CallAsync(this, static test => test.FailAsync(new TimeoutException()), null, Token));
        Assert.Equal(GridErrorCode.DeadlineExceeded, error.Code);
        await Assert.ThrowsAsync<GridException>(async () => await _owners.CallAsync(this, static test => test.FailAsync(GridError.Invalid("x", "is wrong.").ToException()), null, Token));
        Assert.Equal(2, _calls);
    }

    [Fact]
    public async Task SiloThatHasDrained_DoesNotWaitForOthers()
    {
        _view.Phase = SiloPhase.Drained;
        try
        {
            await Assert.ThrowsAsync<GridException>(async () => await AskAsync(awayTimes: int.MaxValue));
            Assert.Equal(1, _calls);
        }
        finally
        {
            _view.Phase = SiloPhase.Active;
        }
    }

    private ValueTask<string> AskAsync(int awayTimes, int? deadlineMs = null) =>
        _owners.CallAsync((this, awayTimes), static state => state.Item1.AnswerAsync(state.awayTimes), deadlineMs, Token);

    private ValueTask<string> AnswerAsync(int awayTimes) =>
        ++_calls > awayTimes ? new ValueTask<string>("answer") : ValueTask.FromException<string>(new SiloUnavailableException("It has died."));

    private ValueTask<string> FailAsync(Exception failure)
    {
        _calls++;
        return ValueTask.FromException<string>(failure);
    }

    /// <summary>A clock that goes forward with each wait, which is over at once.</summary>
    private sealed class ForwardTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _ticks);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Add(ref _ticks, dueTime.Ticks);
            return System.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
